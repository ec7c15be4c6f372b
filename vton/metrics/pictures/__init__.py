"""Metrics of pictures: true to life, varied, like another."""
