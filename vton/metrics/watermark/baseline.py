"""The usual baseline of watermarks, DWT-DCT-SVD (Navas et al. 2008; the package invisible-watermark), written anew.

A Haar wavelet's low band of one colour channel is cut into blocks of 4x4; the largest singular value of each block is
rounded to one of two grids. Blocks take the bits in turn, so that any crop or resizing loses them. The cosine transform
in the name is orthogonal: it leaves singular values as they are, and is left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from vton.provenance.carriers import BYTES
from vton.provenance.watermark import Found

_STEP = 36.0
_BLOCK = 4
_CHANNEL = 1  # U of YUV


def embed_baseline(image_u8: np.ndarray, content: Sequence[int]) -> np.ndarray:
    """As `vton.provenance.watermark.embed`, for [H, W, 3]."""
    yuv = cv2.cvtColor(image_u8, cv2.COLOR_RGB2YUV).astype(np.float32)
    low, blocks = _blocks(yuv[..., _CHANNEL])
    u, s, vh = np.linalg.svd(blocks)
    bits = _bits(content)
    bits = np.tile(bits, -(-len(blocks) // len(bits)))[: len(blocks)]
    s[:, 0] = (s[:, 0] // _STEP + 0.25 + 0.5 * bits) * _STEP
    changed = (u * s[:, None]) @ vh
    height, width = (side // _BLOCK * _BLOCK for side in low.shape)
    rows = changed.reshape(height // _BLOCK, width // _BLOCK, _BLOCK, _BLOCK).swapaxes(1, 2).reshape(height, width)
    difference = (rows - low[:height, :width]) / 2  # what a coefficient of the low band adds to its four pixels
    yuv[: 2 * height, : 2 * width, _CHANNEL] += np.kron(difference, np.ones((2, 2), np.float32))
    return cv2.cvtColor(np.clip(np.rint(yuv), 0, 255).astype(np.uint8), cv2.COLOR_YUV2RGB)


def find_baseline(image_u8: np.ndarray) -> Found:
    """As `vton.provenance.watermark.find`; it always reads something."""
    yuv = cv2.cvtColor(np.ascontiguousarray(image_u8), cv2.COLOR_RGB2YUV).astype(np.float32)
    _, blocks = _blocks(yuv[..., _CHANNEL])
    largest = np.linalg.svd(blocks, compute_uv=False)[:, 0]
    votes = largest % _STEP > _STEP / 2
    bits = [votes[i :: 8 * BYTES].mean() > 0.5 for i in range(8 * BYTES)]
    return Found(tuple(np.packbits(bits).tolist()), 0.0, 1.0, (0, 0))


def _blocks(plane: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The low band of a plane, [h, w], and its blocks: [N, 4, 4]."""
    height, width = (side // 2 * 2 for side in plane.shape)
    low = plane[:height, :width].reshape(height // 2, 2, width // 2, 2).sum((1, 3)) / 2
    height, width = (side // _BLOCK * _BLOCK for side in low.shape)
    cut = low[:height, :width].reshape(height // _BLOCK, _BLOCK, width // _BLOCK, _BLOCK)
    return low, cut.swapaxes(1, 2).reshape(-1, _BLOCK, _BLOCK)


def _bits(content: Sequence[int]) -> np.ndarray:
    return np.unpackbits(np.array(content, np.uint8))
