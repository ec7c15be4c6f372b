"""ACGPN (Yang et al. 2020)."""
