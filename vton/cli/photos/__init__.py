"""Verbs that read a photo: its pose, its parts, its garment, its marks."""
