"""Metrics of clothes: whether the drawn ones are the given ones, and lie where they should."""
