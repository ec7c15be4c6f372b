"""Faces of portraits painted into the skin: warped by their points, freed of their light, matched to the skin."""

import cv2
import numpy as np

from vton.studio.body.model import BodyModel
from vton.studio.likeness.evening import evened
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
