"""The new clothes as fine as the photo: each article's cloth is looked up in the article's own larger picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import torch

from vton.compositing.layer import Layer
from vton.conditioning.canvas import resize_u8, resized, sampled, scaled
from vton.conditioning.masks import grown, square
from vton.conditioning.person.frame import PersonFrame
from vton.networks.stylegan2.generator import FIRST_ARTICLE_REGION
from vton.readers.garment.garment_photo import GarmentPhoto
from vton.schema import REGIONS, SLOTS, as_size
from vton.systems.outfit_tryon.dressed_wearer import DressedWearer
from vton.systems.outfit_tryon.layers import ShownArticles, compose, shading, spread
from vton.systems.outfit_tryon.network import OutfitTryOnOutput

FINEST = 8
"""The canvas is enlarged at most so many times: 2048 pixels high."""
_BACKGROUND = REGIONS.index("background")
_RIM = square(2)  # pixels by which parsings may be off
_BESIDE = 3  # canvas pixels around what is erased: what is enlarged near a border depends on those beyond it
_SURELY = 0.99  # share of a pixel that must be known


@dataclass(frozen=True, eq=False)
class FineScene:
    """One try-on at the photo's own scale.

    Attributes:
        picture_u8: [H, W, 3], the photo's part on the finer canvas.
        regions: [H, W], uint8, numbers of `REGIONS`, as the photo shows them.
        taken_off, erased: [H, W], bool, see `DressedWearer`.
        times: as many pixels on each side as the canvas has.
    """

    picture_u8: np.ndarray
    regions: np.ndarray
    taken_off: np.ndarray
    erased: np.ndarray
    times: int

    @classmethod
    def of(cls, photo_u8: np.ndarray, frame: PersonFrame, found: DressedWearer, times: int) -> FineScene:
        """Cut from a photo.

        Args:
            frame: where the canvas lies in it; found: the person, in its pixels or in those of a smaller copy.
        """
        fine = frame.enlarged(times)
        cut = lambda labels: fine.cut_labels(labels.astype(np.uint8), photo_u8.shape[:2])  # noqa: E731
        return cls(fine.cut(photo_u8), cut(found.regions), cut(found.taken_off) > 0, cut(found.erased) > 0, times)

    def window(self) -> tuple[slice, slice]:
        """Rows and columns of the canvas beyond which nothing is erased."""
        sides = []
        for axis in (1, 0):
            there, length = np.flatnonzero(self.erased.any(axis)), self.erased.shape[1 - axis] // self.times
            low, high = (int(there[0]), int(there[-1])) if len(there) else (0, 0)
            sides.append(slice(max(0, low // self.times - _BESIDE), min(length, high // self.times + 1 + _BESIDE)))
        return sides[0], sides[1]


def new_clothes(
    scene: FineScene, output: OutfitTryOnOutput, worn: Mapping[str, GarmentPhoto],
    without: frozenset[str] = frozenset(),
) -> Layer:
    """What is laid over the photo: everything that the network drew, as far as it changes what is seen.

    A pixel that shows the same region before and after, and nothing that was taken off, stays the photo's own.

    Args:
        output: of the network, for this person alone; worn: the articles by slot.
        without: "own-pixels" lays the whole drawn region, "print" leaves articles as fine as the canvas, and "backdrop"
            the background as it was drawn.
    """
    window, whole = scene.window(), scene.picture_u8.shape
    fields = _Fields(output, scene.times, window)
    part = tuple(slice(scene.times * side.start, scene.times * side.stop) for side in window)
    colours, share = fields.articles_on_canvas() if "print" in without else _looked_up(fields, worn)
    fill = fields.ground if "backdrop" in without else _backdrop(scene)[part]
    planes = [_tensor(plane) for plane in (fields.shade, fields.ground, fields.continued, fill)]
    picture = _planes(compose(ShownArticles(_tensor(colours), _tensor(share)), *planes))
    layer = Layer(np.zeros(whole, np.float32), np.zeros(whole[:2], np.float32))
    layer.colours[part], layer.cover[part] = (picture + 1) * np.float32(127.5), 1
    if "own-pixels" not in without:
        same = np.take_along_axis(fields.regions, scene.regions[part][..., None].astype(np.intp), 2)[..., 0]
        layer.cover[part] -= same * ~scene.taken_off[part]
    return layer


def _backdrop(scene: FineScene) -> np.ndarray:
    """The photo's backdrop, going on behind what is erased: [H, W, 3], float32, -1..1."""
    known = (scene.regions == _BACKGROUND) & ~grown(scene.erased | scene.taken_off, _RIM)
    # What nobody has seen needs no more detail than twice the canvas has.
    step = max(1, scene.times // 2)
    size_hw = as_size(side // step for side in known.shape)
    sure = resized(known.astype(np.float32), size_hw, "mean") > _SURELY
    small = resize_u8(scene.picture_u8, size_hw) / np.float32(127.5) - 1
    return resized(_planes(spread(_tensor(small), _tensor(sure[..., None]))), as_size(known.shape), "linear")


class _Fields:
    """The network's fields in a window of the finer canvas, [H, W, C], float32 each.

    Args:
        times: as many pixels on each side as the canvas has; window: rows and columns of the canvas.
    """

    def __init__(self, output: OutfitTryOnOutput, times: int, window: tuple[slice, slice]) -> None:
        fields = output.ground, output.logits, output.coverage, output.continued, output.correspondence
        ground, logits, coverage, continued, xy = (field.float().cpu() for field in fields if field is not None)
        self.times, self.xy, self.window = times, xy[0], window
        # As steep from pixel to pixel as on the canvas, so that borders stay as sharp.
        regions = torch.from_numpy(self._enlarged(times * logits)).softmax(2)
        self.regions = regions.numpy()
        self.coverage = torch.from_numpy(self._enlarged(times * coverage)).sigmoid().numpy()
        self.continued = self._enlarged(continued, "linear")
        warped = output.warped * output.composition_mask
        share = output.composition_mask.float().cpu()
        self._on_canvas = warped.float().cpu(), share
        # Either reaches beyond its border: what adjoins an article neither lightens its rim nor is darkened by it.
        self.shade = self._enlarged(shading(ground, share), "linear")
        self.ground = self._enlarged(spread(ground, 1 - share))

    def articles_on_canvas(self) -> tuple[np.ndarray, np.ndarray]:
        """The articles' colours times their share, and the share, as fine as the canvas."""
        colours, share = self._on_canvas
        return self._enlarged(colours, "linear"), self._enlarged(share, "linear")

    def place_in(self, slot: int) -> np.ndarray:
        """Where each pixel's cloth lies in an article's picture: [H, W, 2], float32, -1..1."""
        # OpenCV's bicubic weights do not keep straight lines straight: stripes would waver.
        return self._enlarged(self.xy[slot][None], "linear")

    def _enlarged(self, planes: torch.Tensor, how: str = "cubic") -> np.ndarray:
        large = scaled(_planes(planes[..., *self.window]), self.times, how)
        return large if large.ndim == 3 else large[..., None]


def _looked_up(fields: _Fields, worn: Mapping[str, GarmentPhoto]) -> tuple[np.ndarray, np.ndarray]:
    """The articles' colours times their share [H, W, 3], -1..1, and the share [H, W, 1], from their larger pictures."""
    colours, share = np.zeros((*fields.regions.shape[:2], 3), np.float32), np.zeros_like(fields.coverage)
    for number, slot in enumerate(SLOTS):
        if slot not in worn:
            continue
        part = fields.regions[..., FIRST_ARTICLE_REGION + number] * fields.coverage[..., 0]
        rows, columns = (np.flatnonzero((part > 1 / 255).any(axis)) for axis in (1, 0))
        if not len(rows):
            continue
        box = slice(rows[0], rows[-1] + 1), slice(columns[0], columns[-1] + 1)
        rgba = _cloth(worn[slot], fields.place_in(number)[box], part[box])
        seen = part[box][..., None] * rgba[..., 3:] / 255
        share[box] += seen
        colours[box] += seen * (rgba[..., :3] / np.float32(127.5) - 1)
    return colours, share


def _cloth(article: GarmentPhoto, xy: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """An article's picture at positions [H, W, 2], -1..1: RGBA [H, W, 4], float32, 0..255.

    Args:
        shown: [H, W], float32, where it is seen.
    """
    rgb = article.sharp_u8
    mask = resize_u8(article.article.mask_u8, rgb.shape[:2])
    size = np.array(rgb.shape[1::-1], np.float32)
    # Between pixels that are further apart than those of the picture it is shrunk as much, or it would flicker.
    steps = np.linalg.norm(np.diff(xy, axis=0) * size / 2, axis=2)[(shown[1:] > 0.5) & (shown[:-1] > 0.5)]
    pace = float(np.median(steps)) if len(steps) else 1.0
    rgba = np.dstack([rgb, mask])
    if pace > 1:
        rgba = resize_u8(rgba, as_size(max(1, round(side / pace)) for side in rgb.shape[:2]))
    size = np.array(rgba.shape[1::-1], np.float32)
    return sampled(rgba.astype(np.float32), (xy + 1) * size / 2 - 0.5, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)


def _planes(tensor: torch.Tensor) -> np.ndarray:
    """[1, C, H, W] -> [H, W, C], float32."""
    return np.ascontiguousarray(tensor[0].float().movedim(0, 2).cpu().numpy())


def _tensor(planes: np.ndarray) -> torch.Tensor:
    """[H, W, C] -> [1, C, H, W], float32."""
    return torch.from_numpy(np.ascontiguousarray(planes)).float().movedim(2, 0)[None]
