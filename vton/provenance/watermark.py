"""An invisible watermark of 40 bits: spread spectrum in the Fourier domain (Cox et al. 1997), on a grid that follows
the picture's size, so that a smaller copy holds the same signal, with a fixed pattern by which crops are found.

The embedder is informed (Miller et al. 2004): it reads its own signal back and strengthens the bytes that the picture
itself hides. The key is public, like all of this program: whoever wants to can remove or copy the mark.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from vton.conditioning.canvas import resized, rows_enlarged
from vton.conditioning.photos.decoding import strips
from vton.provenance.carriers import BYTES, TILE, answers, carriers, read_bytes, tile_of

MIN_PSNR = 40.5  # dB, that a marked picture keeps
_AREA = 256 * 192  # pixels of the grid on which every picture is looked at
_FLAT = 0.6  # deviation of the signal on a plain backdrop, in levels of 0..255: beyond, large pictures look mottled
_FLAT_ON_GRID = 1.2  # the same where a picture has one pixel for one of the grid: its waves are too short to be seen
_OF_TEXTURE, _MOST = 0.4, 3.0  # the signal's deviation over that of the texture that hides it, and its limit
_ROUNDS = 3
_SURROUND = 4.0  # pixels of the grid: what is smoother is taken away before reading
_EVEN_OUT = 0.7  # exponent by which reading evens out a spectrum: pictures have more of the longer waves
# How much larger or smaller the grid is on a part of a picture, or on one with a border around it.
_ZOOMS = (1.0, *np.exp(np.arange(np.log(0.78), np.log(1.5), 0.01)))
_BETWEEN = (0.995, 0.9975, 1.0025, 1.005)  # of the best of these, looked at in the end
_SURE = 12.0  # deviations: no other zoom can be better
_FOUND = 6.2  # deviations, which chance reaches in about one of 1,000 pictures, among all places and zooms
_FOUND_IN_PLACE = 4.5  # the same at the one place where it is in a picture that was not cropped


@dataclass(frozen=True)
class Found:
    """A watermark in a picture.

    Attributes:
        content: its `BYTES` bytes; some are wrong where the picture has suffered.
        strength: of the pattern it was found by, in deviations of what chance gives.
        zoom: of its grid over that of the whole picture: below 1 in a crop, above 1 within a border.
        shift: rows and columns of the grid by which it is moved, modulo `TILE`.
    """

    content: tuple[int, ...]
    strength: float
    zoom: float
    shift: tuple[int, int]

    @property
    def moved(self) -> bool:
        """Whether the picture was cropped or put on a larger one."""
        return self.zoom != 1 or self.shift != (0, 0)


def embed(image_u8: np.ndarray, content: Sequence[int]) -> np.ndarray:
    """A picture with the watermark in it, the same for the same arguments; its alpha channel stays.

    Args:
        image_u8: [H, W, 3] RGB or [H, W, 4] RGBA, uint8.
        content: `BYTES` numbers of 0..255.

    Returns:
        A new array of the same shape.
    """
    grey = _grid_of(image_u8)
    room = _room(grey, image_u8.shape[0] / grey.shape[0])
    gains = np.ones(BYTES)
    for _ in range(_ROUNDS):
        signal = room * _laid(tile_of(content, gains), grey.shape)
        signal *= min(1.0, 255 / 10 ** (MIN_PSNR / 20) / np.sqrt((signal**2).mean()))
        read = answers(_spectrum(_evened(np.clip(grey + signal, 0, 255))), (0, 0))
        own = np.abs([row[byte % 128] for row, byte in zip(read, content, strict=True)])
        gains = np.clip(gains * (own.mean() / np.maximum(own, 1)) ** _EVEN_OUT, 0.5, 2)
    return _added(image_u8, signal)


def find(image_u8: np.ndarray) -> Found | None:
    """Looks for the watermark in a picture, in smaller and larger copies, and in parts of it down to about 4 / 5.

    Args:
        image_u8: [H, W, 3] or [H, W, 4], uint8.

    Returns:
        What was found; None when nothing stands out. By chance that happens in one of 1,000 pictures: the bytes need
        a checksum of their own, see `payload`.
    """
    whole = _evened(_grid_of(image_u8))
    best = _Look(image_u8.shape[:2], whole, 1.0)
    if best.in_place > _FOUND_IN_PLACE:
        return best.found(0)
    for zoom in _ZOOMS[1:]:
        best = max(best, _Look(image_u8.shape[:2], whole, zoom), key=lambda look: look.strength)
        if best.strength > _SURE:
            break
    if best.strength < _FOUND:
        return None
    closer = [_Look(image_u8.shape[:2], whole, best.zoom * times) for times in _BETWEEN]
    best = max(best, *closer, key=lambda look: look.strength)
    return best.found(best.at)


def at_random_places(image_u8: np.ndarray, count: int, rng: np.random.Generator) -> list[tuple[int, ...]]:
    """What is read at so many random places of a picture, whether or not anything is there; to measure mistakes by."""
    look = _Look(image_u8.shape[:2], _evened(_grid_of(image_u8)), 1.0)
    return [look.found(int(at)).content for at in rng.integers(TILE * TILE, size=count)]


class _Look:
    """How well the fixed pattern fits to a picture at one zoom.

    Attributes:
        zoom: of the grid.
        at, strength: where the pattern fits best, as a place in the tile, and how well, in deviations.
        in_place: how well it fits where it is in a whole picture.
    """

    def __init__(self, size_hw: tuple[int, int], whole: np.ndarray, zoom: float) -> None:
        """Lays a grid over the evened-out picture and compares.

        Args:
            size_hw: of the picture.
            whole: what `_evened` gives of it at zoom 1.
        """
        self.zoom = zoom
        how = "mean" if zoom < 1 else "linear"
        self._spectrum = _spectrum(whole if zoom == 1 else resized(whole, _grid_hw(size_hw, zoom), how))
        self._fit = np.fft.irfft2(self._spectrum * carriers().pattern.conj(), (TILE, TILE)).ravel()
        self._fit /= self._fit.std() + 1e-9
        self.at, self.in_place = int(self._fit.argmax()), float(self._fit[0])
        self.strength = float(self._fit[self.at])

    def found(self, at: int) -> Found:
        """The watermark, read at a place in the tile."""
        shift = divmod(at, TILE)
        content, _ = read_bytes(answers(self._spectrum, shift))
        return Found(content, float(self._fit[at]), float(self.zoom), shift)


def _grid_hw(size_hw: tuple[int, int], zoom: float = 1.0) -> tuple[int, int]:
    """Height and width of the grid for a picture: about `_AREA` pixels."""
    scale = zoom * np.sqrt(_AREA / (size_hw[0] * size_hw[1]))
    return max(8, round(size_hw[0] * scale)), max(8, round(size_hw[1] * scale))


def _grid_of(image_u8: np.ndarray) -> np.ndarray:
    """The picture's brightness on the grid: [h, w], float32, 0..255."""
    size_hw = _grid_hw(image_u8.shape[:2])
    shrinks = size_hw[0] * size_hw[1] < image_u8.shape[0] * image_u8.shape[1]
    small = resized(image_u8, size_hw, "mean" if shrinks else "cubic")[..., :3]
    return small.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)


def _evened(grey: np.ndarray) -> np.ndarray:
    """Detail over its own local size: a few sharp edges do not outweigh the signal of the whole picture."""
    detail = grey - cv2.GaussianBlur(grey, (0, 0), _SURROUND)
    size = np.sqrt(cv2.GaussianBlur(detail**2, (0, 0), _SURROUND) + 2.25)
    return np.clip(detail / size, -3, 3)


def _room(grey: np.ndarray, pixels: float) -> np.ndarray:
    """How strong the signal may be at each place without being seen: [h, w], float32, in levels.

    Args:
        pixels: of the picture for one of the grid.
    """
    detail = grey - cv2.GaussianBlur(grey, (0, 0), 2)
    texture = np.sqrt(cv2.GaussianBlur(detail**2, (0, 0), 1))  # close by: else borders get a halo
    return np.clip(_OF_TEXTURE * texture, np.clip(_FLAT_ON_GRID / pixels, _FLAT, _FLAT_ON_GRID), _MOST)


def _laid(tile: np.ndarray, size_hw: tuple[int, int]) -> np.ndarray:
    """The tile repeated over a grid."""
    return tile[np.arange(size_hw[0]) % TILE][:, np.arange(size_hw[1]) % TILE]


def _spectrum(evened: np.ndarray) -> np.ndarray:
    """Of all tiles of a grid laid on each other: [TILE, TILE // 2 + 1], complex, with its magnitudes evened out."""
    height, width = (-(-side // TILE) * TILE for side in evened.shape)
    padded = np.zeros((height, width), np.float32)
    padded[: evened.shape[0], : evened.shape[1]] = evened
    spectrum = np.fft.rfft2(padded.reshape(-1, TILE, width // TILE, TILE).sum((0, 2)))
    return spectrum / (np.abs(spectrum) + 1e-9) ** _EVEN_OUT


def _added(image_u8: np.ndarray, signal: np.ndarray) -> np.ndarray:
    """The picture and the signal, [h, w], float32, at the picture's size; in strips, since pictures may be large."""
    size_hw = image_u8.shape[:2]
    if size_hw[0] < len(signal):
        signal = resized(signal, size_hw, "mean")
    marked = image_u8.copy()
    for rows in strips(size_hw[0]):
        level = np.rint(rows_enlarged(signal, size_hw, rows)).astype(np.int16)
        part = marked[rows, :, :3]
        part[:] = np.clip(part + level[..., None], 0, 255)
    return marked
