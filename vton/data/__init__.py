"""Photos for training and evaluation: what lies on disk, and packs of it, of one kind for each thing to learn."""
