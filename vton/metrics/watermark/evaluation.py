"""Measures the watermark on folders of unmarked pictures: what it costs, what it withstands, what it mistakes."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from vton.conditioning.canvas import resize_u8
from vton.conditioning.photos.image_io import load_rgb
from vton.data.held_out import spread
from vton.metrics.watermark.baseline import embed_baseline, find_baseline
from vton.provenance.carriers import BYTES
from vton.provenance.payload import Payload
from vton.provenance.watermark import Found, at_random_places, embed, find
from vton.schema import InputError

_ENDINGS = (".png", ".jpg", ".jpeg", ".webp")
_USUAL = 60  # pictures
_PLACES = 200  # of each unmarked picture that are read though nothing was found there


class WatermarkEvaluation:
    """An `EstimatorEvaluation` of the watermark.

    Attributes:
        embed, find: the two halves of what is measured.

    Args:
        data: folders of pictures without a mark.
        checkpoint: there is none.

    Raises:
        InputError: no pictures there, or a checkpoint.
    """

    embed = staticmethod(embed)
    find = staticmethod(find)

    def __init__(self, data: Sequence[str | Path], checkpoint: str | Path | None) -> None:
        if checkpoint is not None:
            raise InputError("The watermark has no weights: leave out --checkpoint.")
        self.files = [
            file for folder in data for file in sorted(Path(folder).glob("*")) if file.suffix.lower() in _ENDINGS
        ]
        if not self.files:
            raise InputError(f"There are no pictures in --data: give folders with {', '.join(_ENDINGS)} files.")

    def describe(self) -> dict:
        """How many pictures there are."""
        return {"pictures": len(self.files)}

    def figures(self, count: int | None, seed: int, say: Callable[[str], None]) -> dict[str, dict]:
        """PSNR and seconds; bits that are kept after each change; how often something is found where nothing is."""
        rng = np.random.default_rng(seed)
        chosen = [self.files[i] for i in spread(np.arange(len(self.files)), count or _USUAL)]
        costs: dict[str, list[float]] = {"psnr_db": [], "embed_seconds": [], "find_seconds": []}
        kept: dict[str, list[float]] = {name: [] for name in CHANGES}
        found_in_nothing, read_in_nothing = [], []
        for number, file in enumerate(chosen, 1):
            image_u8, content = load_rgb(file), tuple(map(int, rng.integers(0, 256, BYTES)))
            found_in_nothing.append(self.find(image_u8) is not None)
            read = at_random_places(image_u8, _PLACES, rng)
            read_in_nothing += [Payload.from_bytes(one) is not None for one in read]
            started = time.thread_time()
            marked = self.embed(image_u8, content)
            costs["embed_seconds"].append(time.thread_time() - started)
            started = time.thread_time()
            self.find(marked)
            costs["find_seconds"].append(time.thread_time() - started)
            costs["psnr_db"].append(_psnr(image_u8, marked))
            for name, change in CHANGES.items():
                kept[name].append(_bits_kept(self.find(change(marked, rng)), content))
            say(f"{number} of {len(chosen)}")
        bits = {f"bits_after_{name.replace(' ', '_')}": _kept(shares) for name, shares in kept.items()}
        mistakes = {"found_in_unmarked": found_in_nothing, "payload_at_random_place": read_in_nothing}
        return {
            **{name: {"value": round(float(np.median(found)), 4), "n": len(found)} for name, found in costs.items()},
            "psnr_db_lowest": {"value": round(min(costs["psnr_db"]), 2), "n": len(chosen)},
            **bits,
            **{name: {"value": float(np.mean(found)), "n": len(found)} for name, found in mistakes.items()},
        }

    def sheet(self) -> np.ndarray:
        """Three pictures before and after, side by side: [h, w, 3], uint8."""
        pairs = []
        for i in spread(np.arange(len(self.files)), 3):
            image_u8 = resize_u8(load_rgb(self.files[i]), (512, 384))
            pairs += [image_u8, self.embed(image_u8, (0x10, 0, 0, 0, 0))]
        return np.concatenate(pairs, axis=1)


class BaselineEvaluation(WatermarkEvaluation):
    """The same of `watermark_baseline`."""

    embed = staticmethod(embed_baseline)
    find = staticmethod(find_baseline)


def _psnr(image_u8: np.ndarray, marked: np.ndarray) -> float:
    return float(10 * np.log10(255**2 / np.mean((image_u8.astype(np.float32) - marked) ** 2)))


def _bits_kept(found: Found | None, content: tuple[int, ...]) -> float:
    """Share of the bits that are read right; 0 when the mark is not found."""
    if found is None:
        return 0.0
    wrong = sum((one ^ other).bit_count() for one, other in zip(found.content, content, strict=True))
    return 1 - wrong / (8 * BYTES)


def _kept(shares: list[float]) -> dict:
    whole = round(float(np.mean(np.equal(shares, 1))), 3)  # pictures of which every bit is kept
    return {"value": round(float(np.mean(shares)), 4), "n": len(shares), "coverage": whole}


def _jpeg(image_u8: np.ndarray, quality: int) -> np.ndarray:
    content = io.BytesIO()
    Image.fromarray(image_u8).save(content, "JPEG", quality=quality)
    return np.asarray(Image.open(content))


def _scaled(image_u8: np.ndarray, times: float) -> np.ndarray:
    height, width = image_u8.shape[:2]
    return resize_u8(image_u8, (round(height * times), round(width * times)))


def _cut(image_u8: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Without a tenth of the rows, or of the columns, at random sides."""
    axis = int(rng.integers(2))
    length = image_u8.shape[axis]
    lost = length // 10
    start = int(rng.integers(lost + 1))
    return image_u8[start : start + length - lost] if axis == 0 else image_u8[:, start : start + length - lost]


def _cut_both(image_u8: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Without a tenth of the rows and a tenth of the columns: a fifth of the picture is lost."""
    kept = [(length - length // 10, int(rng.integers(length // 10 + 1))) for length in image_u8.shape[:2]]
    (height, top), (width, left) = kept
    return image_u8[top : top + height, left : left + width]


def _screenshot(image_u8: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """At another size with a light border around it, as JPEG 85."""
    shown = _scaled(image_u8, rng.uniform(0.6, 1.4))
    border = [(side // 10, side // 10) for side in shown.shape[:2]]
    return _jpeg(np.pad(shown, (*border, (0, 0)), constant_values=245), 85)


CHANGES: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "nothing": lambda image_u8, rng: image_u8,
    "jpeg 80": lambda image_u8, rng: _jpeg(image_u8, 80),
    "jpeg 50": lambda image_u8, rng: _jpeg(image_u8, 50),
    "halving": lambda image_u8, rng: _scaled(image_u8, 0.5),
    "halving and jpeg 80": lambda image_u8, rng: _jpeg(_scaled(image_u8, 0.5), 80),
    "crop of a tenth": _cut,
    "crop of a tenth each way": _cut_both,
    "screenshot": _screenshot,
}
