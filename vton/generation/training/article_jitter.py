"""Small turns, sizes and shifts of an article's picture, as cutting out and laying out an upload leave them."""

from dataclasses import dataclass

import cv2
import numpy as np

from vton.schema import EMPTY_GREY


@dataclass(frozen=True)
class ArticleJitter:
    """turn: standard deviation in degrees; scale: of the size's logarithm; shift: as a share of the picture."""

    turn: float = 4.0
    scale: float = 0.05
    shift: float = 0.02


def jitter_article(rng: np.random.Generator, rgba: np.ndarray, places: np.ndarray,
                   jitter: ArticleJitter) -> tuple[np.ndarray, np.ndarray]:
    """Moves a picture of an article and the positions in it alike.

    Args:
        rgba: [h, w, 4], uint8; places: [N, 2], float32, positions x, y in -1..1.

    Returns:
        The picture and the positions after the move.
    """
    h, w = rgba.shape[:2]
    angle = np.deg2rad(rng.normal(0, jitter.turn))
    size = np.exp(rng.normal(0, jitter.scale))
    turn = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shift = rng.normal(0, jitter.shift, 2) * (w, h)
    middle = np.array([w, h]) / 2
    # OpenCV's pixels have their middle at whole numbers, ours at halves.
    offset = middle + shift - turn @ middle
    matrix = np.column_stack([turn, offset + turn @ [0.5, 0.5] - 0.5])
    moved = cv2.warpAffine(rgba, matrix, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT,
                           borderValue=(EMPTY_GREY,) * 3 + (0,))
    half = np.array([w, h]) / 2
    return moved, (((places + 1) * half @ turn.T + offset) / half - 1).astype(np.float32)
