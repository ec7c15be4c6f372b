"""Verbs that draw somebody in clothes: a new model, or the person of a photo."""
