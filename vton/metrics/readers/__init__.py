"""The evaluation of what reads photos: pose, parsing, garment."""
