"""Garments, for the segmenter: photos of one article with its mask, and pictures without any."""
