"""A garment from one person's photo to another's, by interpolating StyleGAN2 styles (Lewis et al. 2021)."""
