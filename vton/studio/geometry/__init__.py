"""Triangle meshes, surfaces of fields, nearest points and rotations: what every other room builds with."""
