"""StyleGAN2 that can be given an outfit and a pose: layers, generator, encoders, discriminators."""
