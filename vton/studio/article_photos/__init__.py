"""Articles as people photograph them: laid flat, on a hanger, on the floor."""
