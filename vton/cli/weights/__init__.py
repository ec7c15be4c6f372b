"""Verbs that make weights, list them, and exchange them and the page itself with the Hub."""
