"""Verbs that make what networks learn from."""
