"""Data sets as they lie on disk: one file per format."""
