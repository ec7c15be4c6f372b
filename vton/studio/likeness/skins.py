"""Photographed skin of whole bodies, brought to the tone of a spec."""

import functools
from pathlib import Path

import cv2
import numpy as np

from vton.studio.body.model import BodyModel
from vton.studio.likeness.face_map import face_map
from vton.studio.likeness.faces import SMALLEST, TO_LINEAR

SKINS: dict[str, tuple[str, str, bool]] = {
    "young_lightskinned_female_diffuse": ("female", "young", False),
    "young_lightskinned_female_diffuse2": ("female", "young", False),
    "young_lightskinned_female_diffuse3": ("female", "young", False),
    "middleage_lightskinned_female_diffuse2": ("female", "old", False),
    "young_lightskinned_male_diffuse": ("male", "young", False),
    "young_lightskinned_male_diffuse2": ("male", "young", False),
    "young_lightskinned_male_diffuse3": ("male", "young", False),
    "middleage_lightskinned_male_diffuse": ("male", "old", False),
    "middleage_lightskinned_male_diffuse2": ("male", "old", False),
    "young_darkskinned_male_diffuse": ("male", "young", True),
    "middleage_darkskinned_male_diffuse": ("male", "old", True),
    "old_darkskinned_male_diffuse": ("male", "old", True),
}
"""MakeHuman's textures: of whom, "young" or "old", and whether the skin is dark."""


class Skins:
    """Textures of a folder, each read when it is first asked for."""

    def __init__(self, folder: Path, model: BodyModel) -> None:
        self.folder, self.model = folder, model

    def albedo(self, name: str, size: int, tone: np.ndarray) -> np.ndarray:
        """The skin [size, size, 3] f32 linear, with ``tone`` [3] linear on the face."""
        pixels, mean = self._texture(name, size)
        factors = np.asarray(tone, np.float32) / mean
        return np.dstack([cv2.LUT(pixels[..., c], TO_LINEAR * factors[c]) for c in range(3)])

    @functools.lru_cache(maxsize=len(SKINS))  # noqa: B019 (one per process)
    def _texture(self, name: str, size: int) -> tuple[np.ndarray, np.ndarray]:
        """The pixels [size, size, 3] u8 and the mean linear colour [3] of the face's bare skin."""
        pixels = np.asarray(cv2.imread(str(self.folder / f"{name}.webp"), cv2.IMREAD_COLOR), np.uint8)[..., ::-1]
        at = max(size, SMALLEST)
        face = face_map(self.model, at)
        large = np.asarray(cv2.resize(pixels, (at, at), interpolation=cv2.INTER_AREA), np.uint8)
        bare = TO_LINEAR[large[face.rows, face.columns][face.bare]]
        return np.ascontiguousarray(cv2.resize(pixels, (size, size), interpolation=cv2.INTER_AREA)), bare.mean(0)
