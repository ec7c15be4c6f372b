"""Shoes, hats, bags, glasses and held things: meshes in metres, a part number per triangle, colours by look."""
