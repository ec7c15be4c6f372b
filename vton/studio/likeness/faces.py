"""Faces of portraits painted into the skin: warped by their points, freed of their light, matched to the skin."""

import cv2
import numpy as np

from vton.conditioning.canvas import sampled
from vton.studio.body.model import BodyModel
from vton.studio.likeness.face_map import FaceMap, face_map
from vton.studio.likeness.portraits import Portraits

ROBUST_ROUNDS = 4
RIDGE = 0.02
"""Keeps the light's higher harmonics small where a face shows few directions."""

LIGHT_MARGIN = 0.05
"""How far the logarithm of the light may leave what it is on bare skin."""

COLOUR, COLOUR_LIMIT = 0.8, 0.28
"""How much of a portrait's own colours is kept, and the most that a channel's logarithm may change by them."""

HAIR_FROM = 0.22
"""How much darker than skin, as a logarithm, hair at the rim of a face is at least."""

SHADING_SIGMA, COLOUR_SIGMA = 0.022, 0.03
"""How finely light and colour are taken for the light's and not the face's, as shares of the face's height."""

LIGHTER, DARKER, COLOURED = 0.8, 0.6, 0.9
"""How much of what is lighter, darker and of another colour than the skin is taken out at that fineness."""

SHADING_LIMITS = (-0.5, 1.5)
"""Between which the logarithm of lightness counts as shading."""

HAIR_BETWEEN = (-0.75, -0.5)
"""Logarithms of the lightness of hair, and of the darkest skin."""

SHADOW_FROM, SHADOW_LIMIT, SHADOW_SIGMA = 0.06, 0.9, 0.012
"""Shadows lie on one side: how much darker than the other, as a logarithm, one must be to be lifted, by how much it is
at most, and how finely the two sides are compared, as a share of the face's height."""

SHINE_FROM, SHINE_OVER = 0.12, 0.15
"""Where the logarithm of what is lighter than skin begins to be held back as a highlight, and how much of it stays."""

CREASE_FROM, CREASE = 0.04, 0.6
"""From how much darker than skin creases are softened, and how much of them stays: lamps that are not the studio's
soft ones draw every wrinkle."""

WHITE_FROM = 0.25
"""Logarithm of lightness at which colour is gone: light that skin mirrors is white."""

DARKEST = 0.004
SEAM_SIGMA = 0.09
"""How far the match to the skin around the face reaches inwards, as a share of the face's height."""

SEAM_LIMIT = 0.35
"""Largest logarithmic change there: hair or a beard at the seam is not bleached."""

SMALLEST = 1024
"""Faces are painted at least at this size of the whole texture and made smaller, which is what a camera does."""

TO_LINEAR = np.where(
    np.arange(256) / 255 <= 0.04045, np.arange(256) / 255 / 12.92, ((np.arange(256) / 255 + 0.055) / 1.055) ** 2.4
).astype(np.float32)
"""Linear value of each sRGB byte."""


class FacePainter:
    """Paints faces into skin textures of one size.

    Args:
        model: gives the template and the UVs.
        portraits: the pictures.
        size: side of the skin's texture.
    """

    def __init__(self, model: BodyModel, portraits: Portraits, size: int) -> None:
        self.size, self.portraits = size, portraits
        self.map = face_map(model, max(size, SMALLEST))
        self.harmonics = _harmonics(self.map.normals)

    def paint(self, albedo: np.ndarray, names: tuple[str, str]) -> None:
        """Paints the upper half of one portrait's face and the lower of another's into a skin, in place.

        Args:
            albedo: [size, size, 3] f32 linear, the whole body's skin in its final tone.
            names: of the two portraits.
        """
        face = self.map
        factor = max(self.size, SMALLEST) // self.size
        rows, columns = (slice(s.start // factor, -(-s.stop // factor)) for s in (face.rows, face.columns))
        under = albedo[rows, columns]
        skin = under if factor == 1 else self._enlarged(under, rows, columns, factor)
        upper, lower = (self._in_skin_light(name, skin) for name in names)
        mixed = upper + face.lower[..., None] * (lower - upper)
        mixed = _without_seam(mixed, skin, face)
        painted = skin + self._shown(mixed, skin)[..., None] * (mixed - skin)
        if factor == 1:
            albedo[rows, columns] = painted
            return
        whole = np.zeros(((rows.stop - rows.start) * factor, (columns.stop - columns.start) * factor, 3), np.float32)
        whole[:] = cv2.resize(under, whole.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        top, left = face.rows.start - rows.start * factor, face.columns.start - columns.start * factor
        whole[top : top + len(painted), left : left + painted.shape[1]] = painted
        albedo[rows, columns] = cv2.resize(whole, under.shape[1::-1], interpolation=cv2.INTER_AREA)

    def _enlarged(self, under: np.ndarray, rows: slice, columns: slice, factor: int) -> np.ndarray:
        """The skin [h, w, 3] beneath the face at the face's own scale."""
        face = self.map
        whole = cv2.resize(under, None, fx=factor, fy=factor, interpolation=cv2.INTER_LINEAR)
        top, left = face.rows.start - rows.start * factor, face.columns.start - columns.start * factor
        return whole[top : top + face.mask.shape[0], left : left + face.mask.shape[1]]

    def _in_skin_light(self, name: str, skin: np.ndarray) -> np.ndarray:
        """A portrait's face in the texture, [h, w, 3] f32 linear, its light and tone those of the skin around it."""
        face = self.map
        x, y = np.moveaxis(face.pixels(self.portraits.points(name)), -1, 0)
        seen = cv2.remap(self.portraits.image_u8(name), x, y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        bare = face.bare
        detail = np.log(np.maximum(cv2.LUT(seen, TO_LINEAR), DARKEST))
        detail -= np.median(detail[bare], axis=0)
        under = np.log(skin[bare]).mean(0)
        grey = detail.mean(-1)
        grey -= self._light(grey - (np.log(skin) - under).mean(-1))
        grey, colour = evened(grey, COLOUR * (detail - detail.mean(-1, keepdims=True)), face)
        colour = COLOUR_LIMIT * np.tanh(colour / COLOUR_LIMIT)
        return np.exp(under + grey[..., None] + colour).astype(np.float32)

    def _shown(self, painted: np.ndarray, skin: np.ndarray) -> np.ndarray:
        """How much of the paint is shown, [h, w]: the mask, without the hair that hangs into the face from its rim."""
        darker = -np.log((painted.mean(-1) + DARKEST) / (skin.mean(-1) + DARKEST))
        hair = np.clip((darker - HAIR_FROM) / 0.3, 0, 1).astype(np.float32) * self.map.rim
        hair = cv2.GaussianBlur(hair, (0, 0), 0.012 * max(hair.shape))
        return self.map.mask * (1 - np.clip(1.5 * hair, 0, 1))

    def _light(self, ratio: np.ndarray) -> np.ndarray:
        """The part of the logarithm of (portrait / skin), [h, w], that is smooth over all directions of bare skin."""
        bare = self.map.bare
        basis, values = self.harmonics[bare][::7], ratio[bare][::7]
        weights = np.ones(len(values))
        penalty = RIDGE * len(values) * np.diag([0, 0, 0, 0, 1, 1, 1, 1, 1])
        for _ in range(ROBUST_ROUNDS):
            weighted = basis * weights[:, None]
            fit = np.linalg.solve(weighted.T @ basis + penalty, weighted.T @ values)
            miss = np.abs(values - basis @ fit)
            weights = 1 / (1 + (miss / max(0.02, 1.5 * float(np.median(miss)))) ** 2)
        light = self.harmonics @ fit
        low, high = np.percentile(light[bare], (1, 99))
        return np.clip(light, low - LIGHT_MARGIN, high + LIGHT_MARGIN).astype(np.float32)


def evened(grey: np.ndarray, colour: np.ndarray, face: FaceMap) -> tuple[np.ndarray, np.ndarray]:
    """Logarithms of a face's lightness [h, w] and colour [h, w, 3] without shading, shadows, highlights and blotches.

    What is taken out is found on plain skin and led on beneath brows, eyes and lips: these stay as they are to it.
    """
    size = max(grey.shape)
    low, high = HAIR_BETWEEN
    skin = face.plain * np.clip((grey - low) / (high - low), 0, 1).astype(np.float32) * (face.mask > 0)
    shading = np.clip(_mean(grey[..., None], skin, SHADING_SIGMA * size), *SHADING_LIMITS)
    grey = grey - LIGHTER * np.maximum(shading, 0) - DARKER * np.minimum(shading, 0)
    grey = _without_shine(without_shadows(grey, face.mirror))
    grey = grey + (1 - CREASE) * face.plain * np.maximum(-grey - CREASE_FROM, 0)
    tinted = colour - COLOURED * _mean(colour, skin, COLOUR_SIGMA * size).reshape(colour.shape)
    white = np.clip(grey / WHITE_FROM, 0, 1)
    return grey, tinted * (1 - white * white * (3 - 2 * white))[..., None]


def without_shadows(grey: np.ndarray, mirror: np.ndarray) -> np.ndarray:
    """The logarithm of lightness [h, w] without what a lamp from the side leaves dark beside nose and mouth.

    Args:
        mirror: of `FaceMap`.
    """
    other = sampled(grey.astype(np.float32), mirror, cv2.INTER_LINEAR)
    miss = np.clip(other - grey, -SHADOW_LIMIT, SHADOW_LIMIT).astype(np.float32)
    darker = cv2.GaussianBlur(miss, (0, 0), SHADOW_SIGMA * max(grey.shape))
    return grey + np.clip(darker - SHADOW_FROM, 0, None)


def _mean(values: np.ndarray, weights: np.ndarray, sigma: float) -> np.ndarray:
    """Means of values [h, w, C] around each texel, of those that count: [h, w, C], or [h, w] of one channel."""
    counted = cv2.GaussianBlur(np.ascontiguousarray(values * weights[..., None], np.float32), (0, 0), sigma)
    around = cv2.GaussianBlur(weights, (0, 0), sigma) + 1e-3
    return counted / (around if counted.ndim == 2 else around[..., None])


def _without_shine(grey: np.ndarray) -> np.ndarray:
    over = np.maximum(grey - SHINE_FROM, 0)
    return np.minimum(grey, SHINE_FROM) + SHINE_OVER * np.tanh(over / SHINE_OVER)


def _harmonics(normals: np.ndarray) -> np.ndarray:
    """The first nine spherical harmonics, without their factors, of directions [h, w, 3]."""
    x, y, z = np.moveaxis(normals, -1, 0)
    return np.stack([np.ones_like(x), x, y, z, x * y, y * z, x * z, x * x - y * y, z * z], -1).astype(np.float32)


def _without_seam(painted: np.ndarray, skin: np.ndarray, face: FaceMap) -> np.ndarray:
    """The painted face with its colour led over to the skin's towards the edge of the mask."""
    band = face.mask * (1 - face.mask)
    sigma = SEAM_SIGMA * max(face.mask.shape)
    miss = np.clip(np.log(skin + DARKEST) - np.log(painted + DARKEST), -SEAM_LIMIT, SEAM_LIMIT)
    smooth = cv2.GaussianBlur(miss * band[..., None], (0, 0), sigma)
    smooth /= np.maximum(cv2.GaussianBlur(band, (0, 0), sigma), 1e-4)[..., None]
    near = np.clip(cv2.GaussianBlur(4 * band, (0, 0), sigma), 0, 1)[..., None]
    return painted * np.exp(smooth * near)
