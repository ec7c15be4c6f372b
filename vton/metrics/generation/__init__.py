"""The evaluation of generators: held-out outfits drawn, figures, sheets."""
