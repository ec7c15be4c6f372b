"""Garment: a photo of one article to its mask and slot, and to the article cut out."""
