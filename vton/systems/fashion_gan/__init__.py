"""Seed to a fashion model (Yildirim et al. 2019)."""
