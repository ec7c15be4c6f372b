"""Dressed figures: a person in an outfit in any pose, and articles alone on an invisible body."""
