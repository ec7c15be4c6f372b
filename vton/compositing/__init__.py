"""A try-on on its small canvas, back in the photo."""
