"""Packs of heads: windows around the heads of studio photos, for the generator of heads."""
