"""Training of TryOnGAN: batches, discriminators, losses and the loop."""
