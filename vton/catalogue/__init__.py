"""Whole tables of outfits to pictures: read, drawn by several processes, and continued where an earlier run stopped."""
