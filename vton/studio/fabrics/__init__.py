"""How cloth is painted: weaves, patterns, prints, stitches and buttons on a garment's atlas, and colours that agree."""
