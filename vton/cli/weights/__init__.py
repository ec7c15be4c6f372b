"""Verbs that make weights, and list them."""
