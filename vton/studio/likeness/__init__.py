"""Persons of photographs: skins, eyes, faces and hair of two folders of assets that the studio can be given."""
