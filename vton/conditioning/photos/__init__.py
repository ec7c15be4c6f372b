"""A file to an upright picture, and a garment's photo to the article in it."""
