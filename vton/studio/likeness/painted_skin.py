"""Skin, painted: tone, blush, brows, lips, stubble, freckles, scalp under hair, legwear."""

from dataclasses import dataclass

import cv2
import numpy as np

from vton.studio.body.model import BodyModel
from vton.studio.fabrics.painting import linear
from vton.studio.fabrics.patterns import noise
from vton.studio.hair.scalp import above_hairline, on_ear
from vton.studio.raster.appearance import Material
from vton.studio.raster.zbuffer import rasterize
from vton.studio.specs.form import Colour
from vton.studio.specs.person import SkinSpec

TONES = np.array(
    [
        (240, 208, 186), (236, 200, 173), (233, 192, 160), (220, 175, 140), (198, 150, 114), (172, 122, 88),
        (140, 95, 66), (118, 79, 56), (98, 65, 47), (82, 55, 42),
    ],
    np.float32,
) / 255  # fmt: skip
"""sRGB of the skin tones 0..9."""

SCALP_COVER = {"buzz": 0.55, "crop": 0.85, "twa": 0.85}
"""How much of the scalp short hair hides; all other styles hide 0.92 of it."""

LASHES = np.array([0.05, 0.03, 0.028], np.float32)

EYE = (0.313, 7.279)
"""Of the template's left eye, decimetres."""


def tone_colour(tone: float) -> np.ndarray:
    """sRGB [3] f32 of a skin tone 0..9."""
    low = int(np.clip(tone, 0, len(TONES) - 2))
    return TONES[low] + (tone - low) * (TONES[low + 1] - TONES[low])


@dataclass(frozen=True)
class Texels:
    """Some texels of the texture: flat indices, and how much each is in it, 0..1."""

    at: np.ndarray
    mask: np.ndarray

    @classmethod
    def of(cls, mask: np.ndarray) -> "Texels":
        """What of a whole mask [S, S] is not zero."""
        at = np.flatnonzero(mask > 2e-3)
        return cls(at, mask.ravel()[at].astype(np.float32))

    def times(self, factor: np.ndarray) -> "Texels":
        """The same texels, each with a factor of its own."""
        return Texels(self.at, (self.mask * factor).astype(np.float32))

    def tint(self, albedo: np.ndarray, factor: tuple[float, float, float], strength: float = 1.0) -> None:
        """Multiplies by a factor per channel."""
        albedo.reshape(-1, 3)[self.at] *= 1 - (strength * self.mask)[:, None] * (1 - np.asarray(factor, np.float32))

    def paint(self, albedo: np.ndarray, colour: np.ndarray, strength: float = 1.0) -> None:
        """Blends towards a colour."""
        texels, keep = albedo.reshape(-1, 3), 1 - strength * self.mask
        texels[self.at] = texels[self.at] * keep[:, None] + (1 - keep)[:, None] * np.asarray(colour, np.float32)


class SkinPainter:
    """Paints skin on the body's UV square. Where features are is worked out once, from MakeHuman's neutral body.

    Args:
        model: gives the template, the UVs and the masks.
        size: side of the texture, a power of two.
    """

    def __init__(self, model: BodyModel, size: int = 512) -> None:
        self.size = size
        self.x, self.y, self.z = self._template_positions(model)
        self.masks = {
            name: cv2.resize(mask, (size, size), interpolation=cv2.INTER_AREA).astype(np.float32) / 255
            for name, mask in model.masks.items()
        }
        self.face = ((self.y > 6.3) & (self.z > 0.6)).astype(np.float32)
        self.pores = noise(np.random.default_rng(2), size, 160, 2)
        clouds = noise(np.random.default_rng(1), size, 24, 3)
        self.mottle = 1 - np.clip(clouds, -2, 2)[..., None] * np.array([0.008, 0.017, 0.02], np.float32)
        self.mottle -= np.clip(self.pores, -2, 2)[..., None] * np.array([0.007, 0.012, 0.015], np.float32)
        self.patches = self._patches()

    def paint(self, skin: SkinSpec, hair_colour: Colour, style: str) -> np.ndarray:
        """Albedo [size, size, 3] f32 linear.

        Args:
            skin: what to paint.
            hair_colour: sRGB; brows and stubble are of it.
            style: of the hair, which lets the scalp shine through.
        """
        rng = np.random.default_rng([skin.seed, 11])
        hair = linear(hair_colour)
        brows = hair * (0.55 if hair.mean() < 0.25 else 0.35)
        base = linear(tone_colour(skin.tone) * (1 + rng.normal(0, 0.012, 3)))
        albedo = base * self.mottle
        for name, strength, factor in _BLUSH:
            self.patches[name].tint(albedo, factor, strength)
        self._lips(albedo, skin)
        self._eyes_and_brows(albedo, skin, brows)
        self._stubble(albedo, skin, rng, brows)
        if skin.freckles > 0:
            freckles = self.patches["freckles"]
            freckles.times(rng.random(len(freckles.at)) < 0.09).tint(albedo, (0.76, 0.64, 0.60), skin.freckles)
        self.patches["scalp"].paint(albedo, 0.75 * hair, SCALP_COVER.get(style, 0.92))
        return np.clip(albedo, 0.004, 0.95, out=albedo)

    def tights(self, albedo: np.ndarray, opacity: float, colour: Colour = (0.15, 0.15, 0.16)) -> None:
        """Legs and feet under a thin knit, in place."""
        self.patches["legs"].paint(albedo, linear(colour), opacity)

    def socks(self, albedo: np.ndarray, height: float, colour: Colour) -> None:
        """Feet and shins under socks, in place. height: 0 at the ankle, 1 below the knee."""
        legs = self.patches["legs"]
        edge = -7.3 + 3.2 * height
        legs.times(np.clip((edge - self.y.ravel()[legs.at]) / 0.04 + 0.5, 0, 1)).paint(albedo, linear(colour))

    def _template_positions(self, model: BodyModel) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """|x|, y, z in decimetres of the template under every texel, spread a little beyond the islands."""
        size = self.size
        screen = np.stack([model.uv[:, 0] * size, (1 - model.uv[:, 1]) * size, np.zeros(len(model.uv))], 1)
        _, triangle, weights = rasterize(
            np.ascontiguousarray(screen, np.float32), model.uv_triangles.astype(np.int32), (size, size)
        )
        whole = np.dstack([weights, 1 - weights.sum(-1)])
        known = triangle >= 0
        corners = model.template[model.triangles[np.maximum(triangle, 0)]]
        position = np.einsum("hwk,hwkc->hwc", whole, corners).astype(np.float32)
        position[~known] = 0
        for _ in range(4):
            near = cv2.blur(known.astype(np.float32), (3, 3))
            spread = cv2.blur(position, (3, 3)) / np.maximum(near, 1e-6)[..., None]
            fresh = ~known & (near > 0)
            position[fresh] = spread[fresh]
            known |= fresh
        position[~known] = (9, 99, -9)  # nowhere
        return np.abs(position[..., 0]), position[..., 1], position[..., 2]

    def _spot(self, x: float, y: float, radius: float) -> np.ndarray:
        return np.exp(-((self.x - x) ** 2 + (self.y - y) ** 2) / (2 * radius * radius))

    def _patches(self) -> dict[str, Texels]:
        x, y, z, face = self.x, self.y, self.z, self.face
        blur = max(0.4, self.size / 1024)
        hands = cv2.GaussianBlur(((x > 4.0) & (x < 9) & (y < 2.8)).astype(np.float32), (0, 0), 5 * blur)
        lips, lids = (cv2.GaussianBlur(self.masks[name], (0, 0), blur) for name in ("lips", "eyelids"))
        ring = np.hypot((x - EYE[0]) / 0.160, (y - EYE[1]) / 0.062)
        lashes = np.exp(-((ring - 1.0) ** 2) / (2 * 0.17**2)) * face * np.where(y > EYE[1], 1.0, 0.45)
        whole = {
            "cheeks": (0.6 * self._spot(0.42, 6.92, 0.20) + 0.5 * self._spot(0, 6.95, 0.13)) * face,
            "ears": self.masks["ears"],
            "hands": hands,
            "knees": np.exp(-((x - 1.58) ** 2 + (y + 3.7) ** 2) / (2 * 0.35**2)) * (z > 0.2),
            "elbows": np.exp(-((x - 3.15) ** 2 + (y - 3.5) ** 2) / (2 * 0.3**2)) * (z < 0.1),
            "under_eyes": self._spot(0.31, 7.13, 0.09) * face,
            "nails": self.masks["fingernails"],
            "lips": lips,
            "lids": lids,
            "lashes": lashes,
            "rouge": self._spot(0.47, 6.93, 0.13) * face,
            "freckles": np.clip(self._spot(0.25, 7.0, 0.28) + self._spot(0, 7.05, 0.2), 0, 1) * face,
            "jaw": cv2.GaussianBlur(self._jaw(), (0, 0), blur),
            "forehead": ((y > 7.38) & (y < 7.65) & (x < 0.6)) * face,
            "mouth": self.masks["inside-mouth"],
            "scalp": self._scalp(),
            "legs": ((y < 1.2) & (x < 2.6)).astype(np.float32),
        }
        return {name: Texels.of(mask.astype(np.float32)) for name, mask in whole.items()}

    def _jaw(self) -> np.ndarray:
        """Where a beard grows."""
        x, y, z = self.x, self.y, self.z
        chin = np.clip(1 - np.abs((y - 6.62) / 0.42), 0, 1) * np.clip((z - 0.35) / 0.3, 0, 1)
        chin *= (1 - self.masks["lips"]) * np.clip((7.0 - y) / 0.1, 0, 1)
        moustache = np.exp(-((y - 6.96) ** 2) / (2 * 0.035**2)) * np.clip(1 - (x / 0.3) ** 2, 0, 1)
        return np.maximum(chin, moustache * self.face * (z > 1.2)) * (y > 6.1) * (y < 8)

    def _scalp(self) -> np.ndarray:
        """Where hair grows."""
        points = np.stack([self.x, self.y, self.z], -1)
        mask = np.clip(above_hairline(points) / 0.10 + 0.1, 0, 1) * ~on_ear(points)
        mask *= (self.y > 6.35) & (self.y < 20) & (self.x < 1.0)
        return cv2.GaussianBlur(mask.astype(np.float32), (0, 0), 2.5 * self.size / 1024)

    def _lips(self, albedo: np.ndarray, skin: SkinSpec) -> None:
        # seen between the lips, where it should read as the line of a closed mouth
        self.patches["mouth"].paint(albedo, np.array([0.16, 0.055, 0.05], np.float32), 0.8)
        lips = self.patches["lips"]
        if skin.lip_colour is None:
            lips.tint(albedo, tuple(np.array([0.86, 0.58, 0.56]) + 0.1 * skin.tone / 9), 0.9)
        else:
            lips.paint(albedo, linear(skin.lip_colour) * (1 - 0.06 * skin.tone), 0.7 - 0.02 * skin.tone)

    def _eyes_and_brows(self, albedo: np.ndarray, skin: SkinSpec, colour: np.ndarray) -> None:
        self.patches["lids"].tint(albedo, (0.80, 0.68, 0.66), 0.35 + 0.5 * skin.makeup)
        self.patches["lashes"].paint(albedo, LASHES * (1 - 0.06 * skin.tone), 0.68 + 0.27 * skin.makeup)
        if skin.makeup > 0:
            self.patches["rouge"].tint(albedo, (1.05, 0.72, 0.74), 0.6 * skin.makeup)
        brows = self._brows(skin.brow_width)
        brows.times(1 + 0.25 * np.clip(self.pores.ravel()[brows.at], -2, 1)).paint(albedo, colour, 0.8)

    def _brows(self, width: float) -> Texels:
        """Both brows, [0.135, 0.5] decimetres from the middle of the face."""
        at = self.patches["forehead"].at
        x, y, z = (axis.ravel()[at] for axis in (self.x, self.y, self.z))
        along = (x - 0.135) / 0.365
        inside = np.clip(along, 0, 1)
        middle = 7.492 + 0.046 * np.sin(np.pi * 0.86 * inside) - 0.012 * inside * inside
        taper = np.clip(1.1 - 0.85 * inside, 0.12, 1) * np.clip((along + 0.06) / 0.16, 0, 1)
        thick = 0.034 * width * taper * np.clip((1.06 - along) / 0.12, 0, 1)
        brow = np.clip(1.25 - np.abs(y - middle) / np.maximum(thick, 1e-4), 0, 1)
        mask = brow * (z > 0.9) * (thick > 0.002) * (0.55 + 0.45 * np.clip(4 * along, 0, 1))
        return Texels(at, mask.astype(np.float32))

    def _stubble(self, albedo: np.ndarray, skin: SkinSpec, rng: np.random.Generator, colour: np.ndarray) -> None:
        if skin.stubble <= 0:
            return
        jaw = self.patches["jaw"]
        dots = np.clip(0.55 + 0.25 * rng.standard_normal(len(jaw.at)), 0, 1)
        jaw.times(dots).paint(albedo, 1.2 * colour, 0.55 * skin.stubble)


_BLUSH = (
    ("cheeks", 1.0, (1.0, 0.86, 0.84)),
    ("ears", 0.5, (1.0, 0.82, 0.80)),
    ("hands", 0.35, (1.0, 0.90, 0.88)),
    ("knees", 0.4, (0.95, 0.85, 0.82)),
    ("elbows", 0.4, (0.93, 0.84, 0.82)),
    ("under_eyes", 0.5, (0.90, 0.84, 0.85)),
    ("nails", 0.6, (1.0, 0.88, 0.87)),
)
"""Texels, strength and factor of what is redder or darker in everyone's skin."""


def skin_material(albedo: np.ndarray, tone: float) -> Material:
    """The material of painted skin; darker skin shows its gloss more."""
    return Material("skin", albedo=albedo, spec=0.30 + 0.06 * tone, rough=0.46)
