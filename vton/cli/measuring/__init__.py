"""Verbs that put figures to what is here."""
