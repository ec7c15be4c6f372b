"""Outfits, for the generators: people, the pictures of all that they wear, and where each pixel lies in those."""
