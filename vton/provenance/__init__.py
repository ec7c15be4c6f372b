"""Marks of pictures that were made here, and how to find them again."""

from vton.provenance.pictures import RECIPE_KEY, Origin, made_jpeg, made_png, read_recipe, watermarked, write_made

__all__ = ["RECIPE_KEY", "Origin", "made_jpeg", "made_png", "read_recipe", "watermarked", "write_made"]
