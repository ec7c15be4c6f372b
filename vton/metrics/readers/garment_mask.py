"""How well a garment segmenter cuts out, names the slot, and knows what is no garment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from vton.conditioning.canvas import fit_to_canvas
from vton.data.garments.composites import GarmentComposer, GarmentSample
from vton.data.garments.items import KINDS
from vton.data.garments.pack import GarmentPack
from vton.data.held_out import spread
from vton.hub import find_checkpoint, revision
from vton.metrics.generation.sheet import tile
from vton.readers.garment.article_reader import LEAST_GARMENT, cut_out
from vton.readers.garment.bundled import CHECKPOINT, BundledGarmentSegmenter
from vton.schema import SLOTS, InputError

SIDE = 256  # pixels of composites and negatives
COMPOSITES, NEGATIVES, CUT_OUTS = 150, 200, 50  # of each kind; no garments; photos on the sheet
_CELL = 160  # pixels of a photo on the sheet


def mask_iou(found: np.ndarray, true: np.ndarray) -> float:
    """Intersection over union of two masks [H, W], bool: 0..1; 1 when both are empty."""
    union = (found | true).sum()
    return float((found & true).sum() / union) if union else 1.0


def held_out_composites(composer: GarmentComposer, count: int, seed: int = 0) -> dict[str, list[GarmentSample]]:
    """``count`` composites of each sort.

    "packshot" and "cut-out" (garments cut out of real photos on plain backdrops) are warped, lit, blurred and
    compressed as in training; "pasted" are packshots laid upright on a backdrop with a shadow, and no more.
    """
    groups = {
        "packshot": (composer.packshots, composer.composite),
        "cut-out": (composer.plain, composer.composite),
        "pasted": (composer.packshots, composer.pasted),
    }
    made: dict[str, list[GarmentSample]] = {}
    for number, (kind, (rows, make)) in enumerate(groups.items()):
        rng = np.random.default_rng([seed, number])
        made[kind] = [make(int(rng.choice(rows)), rng) for _ in range(count if len(rows) else 0)]
    return {kind: samples for kind, samples in made.items() if samples}


def held_out_negatives(composer: GarmentComposer, count: int, seed: int = 0) -> list[GarmentSample]:
    """Pictures without a garment of its own: people, streets, floors, things, drawings."""
    rng = np.random.default_rng([seed, 3])
    return [composer.negative(rng) for _ in range(count)]


def checkerboard(image_u8: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    """A cut-out on a checkerboard: image [h, w, 3] uint8, alpha [h, w] 0..1 -> [h, w, 3] uint8."""
    h, w = alpha.shape
    squares = (np.arange(h)[:, None] // 8 + np.arange(w)[None] // 8) % 2
    board = np.where(squares[..., None] > 0, 255, 190)
    return np.round(image_u8 * alpha[..., None] + board * (1 - alpha[..., None])).astype(np.uint8)


class GarmentMaskEvaluation:
    """See `EstimatorEvaluation`; the first pack is measured on.

    Raises:
        InputError: several packs, or one without held-out photos.
    """

    def __init__(self, data: Sequence[str | Path], checkpoint: str | Path | None = None):
        if len(data) != 1:
            raise InputError("garment-mask is measured on one pack: give --data once.")
        self.pack = GarmentPack(data[0])
        self.composer = GarmentComposer(self.pack, SIDE, held_out=True)
        if not len(self.composer.photos):
            raise InputError(f"'{Path(data[0]).name}' holds no held-out photo (1 in 10 is): give more data.")
        self.folder = find_checkpoint(checkpoint or CHECKPOINT)
        self.segmenter = BundledGarmentSegmenter(self.folder)

    def describe(self) -> dict:
        """Checkpoint and counts of held-out rows."""
        kinds = {kind: len(self.pack.rows(kind, held_out=True)) for kind in KINDS}
        checkpoint = {"checkpoint": self.folder.name, "revision": revision(self.folder)}
        return {**checkpoint, "data": {"held_out": kinds}}

    def figures(
        self, count: int | None = None, seed: int = 0, say: Callable[[str], None] = lambda line: None
    ) -> dict[str, dict]:
        """IoU of masks, share of right slots, of accepted garments and of refused other pictures.

        Args:
            count: most pictures of each kind; None: all photos, 150 composites of each sort, 200 without a garment.
        """
        say("composites ...")
        ious: dict[str, list[float]] = {}
        for kind, samples in held_out_composites(self.composer, count or COMPOSITES, seed).items():
            masks = [self.segmenter.segment(sample.image_u8).mask_u8 > 0 for sample in samples]
            ious[kind] = [mask_iou(mask, sample.mask > 0.5) for mask, sample in zip(masks, samples, strict=True)]
        say("pictures without a garment ...")
        negatives = held_out_negatives(self.composer, count or NEGATIVES, seed)
        refused = [self.segmenter.segment(sample.image_u8).garment < LEAST_GARMENT for sample in negatives]
        say("real photos ...")
        return {
            "composite_iou": _mean([iou for values in ious.values() for iou in values]),
            **{f"composite_iou_{kind}": _mean(values) for kind, values in ious.items()},
            **self._photo_figures(count),
            "others_refused": _mean(refused),
        }

    def _photo_figures(self, count: int | None) -> dict[str, dict]:
        plain, taken, hats = [], [], []
        right: dict[str, list[bool]] = {slot: [] for slot in SLOTS}
        for row in spread(self.composer.photos, count):
            found, item = self.segmenter.segment(self.pack.photo(row)), self.pack.items[row]
            right[item["slot"]].append(found.slot == item["slot"])
            taken.append(found.garment >= LEAST_GARMENT)
            if (hat := self.composer.hat(row)) >= 0:
                hats.append((found.hat > 0.5) == hat)
            if item["mask"] == "plain":
                plain.append(mask_iou(found.mask_u8 > 0, self.pack.mask(row) > 127))
        return {
            "plain_photo_iou": _mean(plain),
            "slot_top1": _mean([value for values in right.values() for value in values]),
            **{f"slot_top1_{slot}": _mean(values) for slot, values in right.items()},
            "garments_accepted": _mean(taken),
            "hat_or_bag_photos": _mean(hats),
            "hat_or_bag_packshots": self._hats_of_packshots(count),
        }

    def _hats_of_packshots(self, count: int | None) -> dict:
        """Share of hats and bags told apart, of which half are bags as far as there are any."""
        known = [[row for row in self.composer.packshots if self.composer.hat(row) == hat] for hat in (0, 1)]
        rows = [row for of in known for row in spread(np.array(of, int), count or COMPOSITES)]
        found = [self.segmenter.segment(self.pack.photo(row)).hat > 0.5 for row in rows]
        return _mean([hat == self.composer.hat(row) for hat, row in zip(found, rows, strict=True)])

    def sheet(self) -> np.ndarray:
        """50 held-out photos, each beside its cut-out on a checkerboard: [H, W, 3], uint8.

        The bar above a cut-out is blue when the plain backdrop decided, green when the segmenter did, and red when the
        photo was refused.
        """
        cells = []
        for row in spread(self.composer.photos, CUT_OUTS):
            photo = self.pack.photo(row)
            try:
                cut = cut_out(photo, segmenter=self.segmenter)
                alpha, colour = cut.alpha_u8 / 255, (30, 80, 230) if cut.method == "backdrop" else (0, 170, 0)
            except InputError:
                alpha, colour = np.zeros(photo.shape[:2]), (220, 0, 0)
            pair = [fit_to_canvas(image, (_CELL, _CELL), 255)[0] for image in (photo, checkerboard(photo, alpha))]
            pair[1][:5] = colour
            cells.append(np.hstack(pair))
        return tile(cells, columns=5)


def _mean(values: list) -> dict:
    return {"value": float(np.mean(values)) if values else None, "n": len(values)}
