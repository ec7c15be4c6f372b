"""The evaluation of try-on systems on pairs, with baselines and sheets."""
