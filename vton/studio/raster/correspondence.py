"""Which point of an article's picture each pixel of a photo shows, found through the cloth that both are made of.

Every picture of an article (worn in a photo, on the invisible body, laid flat, on a hanger) comes with `ClothBuffers`:
the point of the cloth in every pixel. `correspondence` looks the points of a photo up in those of an article's picture.
A new kind of article picture needs nothing but such buffers, in the coordinates of `ClothBuffers.place`: those
that `picture.prepare` gives (``Prepared.cloth``) for surfaces with the uv and islands of the garment's atlas.
"""

from collections.abc import Mapping

import numpy as np

from vton.data.cloth import NOT_SHOWN, ClothBuffers
from vton.studio.geometry.closest import tree_of
from vton.studio.specs.labels import ARTICLE_ID

TOLERANCE_M = 0.012
"""Cloth this near to what a picture shows counts as shown: hems and necklines of two bodies differ by millimetres."""

SAME_SHEET_M = 0.04
"""Neighbouring pixels whose cloth lies further apart show two layers, not one sheet."""

ISLAND_STEP_M, INSIDE_STEP_M = 2.0, 1.0
"""How far islands, and inside and outside, are moved apart for the search: out of its reach."""

INSIDE_PIXEL = 0.4375
"""How far a place may lie from the middle of its pixel without leaving it, in the steps in which places are stored."""


def correspondence(photo: ClothBuffers, picture: ClothBuffers, article: int) -> np.ndarray:
    """Where an article's picture shows what each pixel of a photo shows of that article.

    Shoes are a pair: what the picture does not show of one shoe is looked for on the other, its mirror image.

    Args:
        photo: of the photo, [H, W].
        picture: of the article's picture, of any size; another photo will do.
        article: number of the slot, in both.

    Returns:
        [H, W, 2] f32 x and y in pixels of the picture (the middle of its first pixel is 0.5, 0.5); `NOT_SHOWN` where
        the picture does not show that cloth (back, inside, folded under); NaN where the photo does not show the
        article.
    """
    field = np.full((*photo.article.shape, 2), np.nan, np.float32)
    seen, shown = photo.of(article), picture.of(article)
    if not seen.any():
        return field
    wanted = _keys(photo, seen)
    places = np.full((len(wanted), 2), NOT_SHOWN, np.float32)
    if shown.any():
        search = _Search(picture, shown)
        places = search(wanted)
        if article == ARTICLE_ID["shoes"]:
            missing = places[:, 0] == NOT_SHOWN
            mirrored = wanted[missing] * [1, -1, 1, 1]
            places[missing] = search(mirrored)
    field[seen] = places
    return field


def correspondences(photo: ClothBuffers, pictures: Mapping[int, ClothBuffers]) -> np.ndarray:
    """`correspondence` of all articles in one field: each pixel's place is in the picture of its own article.

    Args:
        pictures: by number of the slot.
    """
    field = np.full((*photo.article.shape, 2), np.nan, np.float32)
    for article, picture in pictures.items():
        seen = photo.of(article)
        field[seen] = correspondence(photo, picture, article)[seen]
    return field


class _Search:
    """Finds points of the cloth in a picture of [H, W] pixels that shows them where ``shown`` [H, W]."""

    def __init__(self, picture: ClothBuffers, shown: np.ndarray) -> None:
        rows, columns = np.nonzero(shown)
        self.middle = np.stack([columns + 0.5, rows + 0.5], 1)
        self.number = np.full((shown.shape[0] + 2, shown.shape[1] + 2), -1)
        self.number[1:-1, 1:-1][shown] = np.arange(len(rows))
        self.keys = _keys(picture, shown)
        self.slopes = _slopes(picture, shown)[shown].astype(np.float64)
        self.tree = tree_of(self.keys)

    def __call__(self, keys: np.ndarray) -> np.ndarray:
        """[N, 2] f32 x and y of points with keys [N, 4], or `NOT_SHOWN`."""
        places = np.full((len(keys), 2), NOT_SHOWN, np.float32)
        distance, nearest = self.tree.query(keys, distance_upper_bound=SAME_SHEET_M)
        found = np.flatnonzero(np.isfinite(distance))
        nearest = np.asarray(nearest)[found]
        step, left = _refine((keys[found] - self.keys[nearest])[:, 1:], self.slopes[nearest])
        shown = (distance[found] < TOLERANCE_M) | ((np.abs(step).max(1, initial=0) <= 1.0) & (left < TOLERANCE_M))
        step = self._on_the_sheet(np.clip(step, -1, 1), nearest)
        places[found[shown]] = (self.middle[nearest] + step)[shown]
        return places

    def _on_the_sheet(self, step: np.ndarray, start: np.ndarray) -> np.ndarray:
        """Steps [N, 2] from pixels ``start`` [N], those that leave the sheet shortened to stay in their pixel."""
        column, row = (self.middle[start] + step + 1).astype(int).T
        there = self.number[row, column]
        apart = np.linalg.norm(self.keys[there] - self.keys[start], axis=1) > SAME_SHEET_M
        return np.where(((there < 0) | apart)[:, None], np.clip(step, -INSIDE_PIXEL, INSIDE_PIXEL), step)


def _keys(buffers: ClothBuffers, chosen: np.ndarray) -> np.ndarray:
    """[N, 4] f64 of chosen pixels: sheet and place; sheets (islands, inside and outside) are far from each other."""
    sheet = ISLAND_STEP_M * buffers.island[chosen] + INSIDE_STEP_M * buffers.inside[chosen]
    return np.column_stack([sheet, buffers.place[chosen]]).astype(np.float64)


def _slopes(picture: ClothBuffers, shown: np.ndarray) -> np.ndarray:
    """[H, W, 3, 2] metres of cloth per pixel to the right and down, 0 where no neighbour shows the same sheet."""
    slopes = np.zeros((*shown.shape, 3, 2), np.float32)
    for axis, number in ((1, 0), (0, 1)):
        ahead = np.diff(picture.place, axis=axis)
        first, second = (np.delete(a, at, axis) for a in (shown,) for at in (-1, 0))
        same = first & second & (np.linalg.norm(ahead, axis=2) < SAME_SHEET_M)
        for attribute in (picture.island, picture.inside):
            same &= np.diff(attribute.astype(np.int8), axis=axis) == 0
        ahead = ahead * same[..., None]
        pad = [(0, 0)] * 3
        pad[axis] = (0, 1)
        after, count_after = np.pad(ahead, pad), np.pad(same, pad[:2])
        pad[axis] = (1, 0)
        before, count_before = np.pad(ahead, pad), np.pad(same, pad[:2])
        slopes[..., number] = (after + before) / np.maximum(count_after + count_before.astype(int), 1)[..., None]
    return slopes


def _refine(away: np.ndarray, slopes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Steps [N, 2] in pixels that best make up for distances on the cloth [N, 3], and what is left in metres."""
    a, b = slopes[..., 0].astype(np.float64), slopes[..., 1].astype(np.float64)
    aa, bb, ab = (a * a).sum(1), (b * b).sum(1), (a * b).sum(1)
    size = aa * bb - ab * ab
    usable = size > 1e-4 * aa * bb + 1e-18
    size = np.where(usable, size, 1.0)
    ad, bd = (a * away).sum(1), (b * away).sum(1)
    step = np.stack([bb * ad - ab * bd, aa * bd - ab * ad], 1) / size[:, None] * usable[:, None]
    left = np.linalg.norm(away - a * step[:, :1] - b * step[:, 1:], axis=1)
    return step, left
