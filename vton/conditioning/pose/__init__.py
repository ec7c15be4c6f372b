"""A pose to what the networks see of it: heatmaps, limbs, the window around the head; and the named poses."""
