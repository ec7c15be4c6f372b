"""vton: dress a synthetic fashion model in six articles and a pose, after the systems of the literature."""

__version__ = "0.1.0"
