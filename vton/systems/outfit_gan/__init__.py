"""Outfit and pose to a dressed model (Yildirim et al. 2019)."""
