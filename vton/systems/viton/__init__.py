"""VITON (Han et al. 2018)."""
