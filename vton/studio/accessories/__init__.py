"""Shoes, hats, bags and glasses: meshes in metres with a part number per triangle; colours come with the look."""
