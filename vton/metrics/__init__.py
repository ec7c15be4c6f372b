"""Measures on images and schema objects; one metric per file."""
