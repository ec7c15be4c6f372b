"""The signals that the watermark is made of: a fixed pattern to find it by, and one of 256 orthogonal words per byte.

All of them live in a ring of the Fourier spectrum of a square tile, the same for all pictures. A byte's seven low bits
choose a row of a Hadamard matrix and the eighth its sign (biorthogonal signalling), so that a byte is read right as
long as its word stands out among 256, though each single coefficient is far below the picture's own detail.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

TILE = 256
BYTES = 5
_WORDS = 128  # half of the words of a byte; the others are their negatives
# Cycles in a tile. Longer waves drown in the picture's own, shorter ones are lost when it is made smaller.
_RING = (14, 58)
_SHARE_TO_FIND = 0.4  # of the coefficients
_KEY = b"vton watermark 1"


@dataclass(frozen=True)
class Carriers:
    """Where and with which signs the signals lie in the spectrum of a tile, as ``numpy.fft.rfft2`` orders it.

    Attributes:
        pattern: [TILE, TILE // 2 + 1], complex64: the fixed pattern; 0 where the bytes are.
        places: [N]: flat places of the coefficients of the bytes.
        rows, columns: [N]: their frequencies.
        signs: [BYTES, _WORDS, K], float32: what each chip of a word is multiplied with on its K real numbers; real and
            imaginary parts of ``places`` in turn.
    """

    pattern: np.ndarray
    places: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    signs: np.ndarray


@functools.cache
def carriers() -> Carriers:
    """The carriers, made once; of pseudo-random numbers that are the same with every version of NumPy."""
    width = TILE // 2 + 1
    rows, columns = np.divmod(np.arange(TILE * width), width)
    rows = np.where(rows > TILE // 2, rows - TILE, rows)
    radius = np.hypot(rows, columns)
    ring = np.flatnonzero((radius >= _RING[0]) & (radius <= _RING[1]) & ((columns > 0) | (rows > 0)))
    ring = ring[np.argsort(_numbers(b"places", len(ring)), kind="stable")]
    signs = np.where(_numbers(b"signs", 2 * len(ring)) & 1, 1, -1).astype(np.float32).reshape(-1, 2)
    fixed = int(len(ring) * _SHARE_TO_FIND)
    pattern = np.zeros(TILE * width, np.complex64)
    pattern[ring[:fixed]] = signs[:fixed, 0] + 1j * signs[:fixed, 1]
    count = 2 * (len(ring) - fixed) // (BYTES * _WORDS) * (BYTES * _WORDS) // 2
    places = ring[fixed : fixed + count]
    chips = signs[fixed : fixed + count].reshape(BYTES, _WORDS, -1)
    return Carriers(pattern.reshape(TILE, width), places, rows[places], columns[places], chips)


def tile_of(content: Sequence[int], gains: np.ndarray) -> np.ndarray:
    """The signal of some bytes: [TILE, TILE], float32, of mean 0 and deviation 1.

    Args:
        content: `BYTES` numbers of 0..255.
        gains: [BYTES]: how strong each byte is beside the fixed pattern.
    """
    own = carriers()
    words = np.stack([_words()[byte % _WORDS] * (1 if byte < _WORDS else -1) for byte in content])
    parts = (own.signs * (words * gains[:, None])[..., None]).reshape(-1, 2)
    spectrum = own.pattern.copy()
    spectrum.flat[own.places] = parts[:, 0] + 1j * parts[:, 1]
    tile = np.fft.irfft2(spectrum, (TILE, TILE))
    return (tile / tile.std()).astype(np.float32)


def answers(spectrum: np.ndarray, shift: tuple[int, int]) -> np.ndarray:
    """How much of each word is in a tile: [BYTES, 128], in deviations of what chance gives; negative: of its negative.

    Args:
        spectrum: [TILE, TILE // 2 + 1], complex, of the tile.
        shift: rows and columns by which the signal lies lower and further right in it.
    """
    own = carriers()
    turned = np.exp(2j * np.pi / TILE * (own.rows * shift[0] + own.columns * shift[1]))
    found = np.asarray(spectrum.ravel()[own.places] * turned, np.complex128)
    parts = np.stack([found.real, found.imag], axis=1).reshape(own.signs.shape) * own.signs
    deviation = np.sqrt((parts**2).sum((1, 2))) + 1e-9
    return parts.sum(2) @ _words() / deviation[:, None]


def read_bytes(answer: np.ndarray) -> tuple[tuple[int, ...], np.ndarray]:
    """The likeliest bytes of `answers`, and of each how far its word stands out, in deviations: [BYTES]."""
    best = np.abs(answer).argmax(axis=1)
    found = answer[np.arange(len(answer)), best]
    return tuple(int(word) + _WORDS * (value < 0) for word, value in zip(best, found, strict=True)), np.abs(found)


def _numbers(purpose: bytes, count: int) -> np.ndarray:
    return np.frombuffer(hashlib.shake_256(_KEY + purpose).digest(8 * count), "<u8")


@functools.cache
def _words() -> np.ndarray:
    """Rows of a Hadamard matrix (Sylvester's): [128, 128], of 1 and -1, float32; symmetric."""
    matrix = np.ones((1, 1), np.float32)
    while len(matrix) < _WORDS:
        matrix = np.block([[matrix, matrix], [matrix, -matrix]])
    return matrix
