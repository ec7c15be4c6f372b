"""The bundled backends on the networks of ``tiny.colour_networks``, as entries of the registries, for the page."""

from pathlib import Path
from typing import ClassVar

from vton.readers.garment.bundled import BundledGarmentSegmenter
from vton.readers.pose.bundled import BundledPoseEstimator


class OnColours:
    """Takes the checkpoint that ``folder`` names, which is there."""

    folder: ClassVar[Path]

    def __init__(self):
        super().__init__(self.folder)

    @classmethod
    def available(cls):
        return True


class ColourPose(OnColours, BundledPoseEstimator):
    """Finds the discs that ``colour_networks.draw_joints`` draws."""


class NoPerson(OnColours, BundledPoseEstimator):
    """Finds nobody."""


class ColourGarment(OnColours, BundledGarmentSegmenter):
    """Takes everything for a bottom."""


class NoGarment(OnColours, BundledGarmentSegmenter):
    """Takes nothing for a garment."""
