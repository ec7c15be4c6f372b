"""Pairs, for the try-on systems: a photo of somebody, a garment, and where the photo shows it."""
