"""Parser: a photo to a label per pixel of its main person."""
