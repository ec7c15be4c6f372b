"""Pose: a photo to the joints of its main person."""
