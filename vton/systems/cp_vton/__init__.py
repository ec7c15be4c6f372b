"""CP-VTON (Wang et al. 2018)."""
