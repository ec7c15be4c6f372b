"""Training of the try-on of outfits: every photo is the truth of what was erased of it."""
