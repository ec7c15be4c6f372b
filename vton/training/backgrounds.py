"""Pictures without the main person: what stands beside the people of real training photos, garments, plain ones."""

from collections.abc import Sequence

import numpy as np

from vton.conditioning.canvas import fit_to_canvas, resize_smoothly, resized
from vton.data.garments.pack import GarmentPack
from vton.data.persons.pack import PersonPack
from vton.schema import SizeHW

# Strips of photos, beside their people.
_MARGIN, _NARROWEST = 8, 28  # pixels off the person, who casts shadows; least width
_ONE_STRIP, _JOINT = 0.35, (0.3, 0.7)  # share of pictures of one strip; where, across, two of them meet
_HIGH, _SQUEEZED = (0.55, 1.0), (1.0, 1.6)  # shares of a strip's height that are taken; how much wider it is made
_TOO_WIDE = 1.3  # times the wanted width, from where on a strip is cut and not squeezed
# Photos of garments: share that shows a part, its sides as shares of the photo's, and in pixels at least.
_PARTS, _PART, _SHORTEST = 0.4, (0.4, 0.95), 16
# Plain ones, of 255: share in any colour; the greys of the others; deviations of the corners, even or a gradient.
_COLOURED, _GREYS, _CORNERS = 0.5, (120, 255), [2.0, 25.0]


class PhotoBackgrounds:
    """Draws backgrounds for compositing.

    Args:
        packs: real photos among them are used (held-out ones never are); without any all backgrounds are plain.
        garments: packs whose photos of single garments are people's absence at its hardest.
        plain: share of backgrounds of one colour, perhaps with a gradient.
    """

    def __init__(self, packs: Sequence[PersonPack], garments: Sequence[GarmentPack] = (), plain: float = 0.15):
        self.plain = plain
        self.garments = [(pack, int(row)) for pack in garments for row in pack.rows("photo", held_out=False)]
        self.strips = [
            (pack, int(i), x0, x1) for pack in packs if pack.traits.surroundings for i in pack.indices(held_out=False)
            for x0, x1 in _beside(pack, int(i)) if x1 - x0 >= _NARROWEST
        ]  # fmt: skip

    def draw(self, rng: np.random.Generator, size_hw: SizeHW) -> np.ndarray:
        """A picture [H, W, 3], uint8."""
        if not self.strips or rng.random() < self.plain:
            return plain_background(rng, size_hw)
        first = self._strip(rng)
        if rng.random() < _ONE_STRIP:
            return fill_canvas(rng, first, size_hw)
        # Two halves: the joint is behind the person most of the time.
        cut = int(rng.uniform(*_JOINT) * size_hw[1])
        halves = [fill_canvas(rng, part, (size_hw[0], width)) for part, width in
                  ((first, cut), (self._strip(rng), size_hw[1] - cut))]  # fmt: skip
        return np.hstack(halves)

    def garment(self, rng: np.random.Generator, size_hw: SizeHW) -> np.ndarray:
        """A photo of a garment that nobody wears, whole or a part of it; a background where there is none.

        Returns:
            [H, W, 3], uint8.
        """
        if not self.garments:
            return self.draw(rng, size_hw)
        pack, row = self.garments[int(rng.integers(len(self.garments)))]
        photo = pack.photo(row)
        if rng.random() < _PARTS:
            share = rng.uniform(*_PART, 2)
            h, w = (max(_SHORTEST, int(side * s)) for side, s in zip(photo.shape[:2], share, strict=True))
            y, x = (int(rng.integers(side - part + 1)) for side, part in zip(photo.shape[:2], (h, w), strict=True))
            photo = photo[y : y + h, x : x + w]
        if rng.random() < 0.5:
            photo = photo[:, ::-1]
        return fit_to_canvas(np.ascontiguousarray(photo), size_hw)[0]

    def _strip(self, rng: np.random.Generator) -> np.ndarray:
        pack, photo, x0, x1 = self.strips[int(rng.integers(len(self.strips)))]
        rows, _ = pack.content_of(photo)
        return np.array(pack.photos[photo, rows, x0:x1])


def _beside(pack: PersonPack, photo: int) -> list[tuple[int, int]]:
    """Columns left and right of the person."""
    _, columns = pack.content_of(photo)
    x0, _, x1, _ = pack.boxes[photo]
    left, right = int(x0) - _MARGIN, int(np.ceil(x1)) + _MARGIN
    return [(columns.start, max(columns.start, left)), (min(columns.stop, right), columns.stop)]


def fill_canvas(rng: np.random.Generator, strip: np.ndarray, size_hw: SizeHW) -> np.ndarray:
    """A part of a strip [h, w, 3], mirrored side by side until it has the shape, resized to ``size_hw``."""
    h, w = strip.shape[:2]
    height = int(h * rng.uniform(*_HIGH))
    top = int(rng.integers(h - height + 1))
    strip = strip[top : top + height]
    if rng.random() < 0.5:
        strip = strip[:, ::-1]
    wanted = height * size_hw[1] / size_hw[0] / rng.uniform(*_SQUEEZED)
    copies = max(1, round(wanted / w))
    tiled = np.hstack([strip[:, :: (-1 if i % 2 else 1)] for i in range(copies)])
    if tiled.shape[1] > wanted * _TOO_WIDE:
        left = int(rng.integers(tiled.shape[1] - int(wanted) + 1))
        tiled = tiled[:, left : left + int(wanted)]
    return resize_smoothly(np.ascontiguousarray(tiled), size_hw)


def plain_background(rng: np.random.Generator, size_hw: SizeHW) -> np.ndarray:
    """One colour, or a soft gradient between four, as studio walls and screens are: [H, W, 3], uint8."""
    base = rng.uniform(0, 255, 3) if rng.random() < _COLOURED else np.full(3, rng.uniform(*_GREYS))
    corners = base + rng.normal(0, rng.choice(_CORNERS), (2, 2, 3))
    return resized(corners.clip(0, 255).astype(np.uint8), size_hw, "linear")
