"""Metrics of people: joints, parts, silhouettes."""
