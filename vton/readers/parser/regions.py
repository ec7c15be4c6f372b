"""Label maps made whole: islands go to their surroundings, one person stays."""

from __future__ import annotations

import numpy as np

from vton.conditioning.masks import Pieces, pieces

_ISLAND = 0.0008  # of the person's area
_OTHER_PERSON = 0.25  # of the main one's area: a separate piece that is larger is somebody else
_MINORITY = 0.3  # of what speaks for one of two labels in a piece: as little is taken for a mistake
_NEARBY = 0.1  # of the main one's longer side


def settled(logits: np.ndarray, person: np.ndarray) -> np.ndarray:
    """Takes from each label the say where it would make an island, or where another person stands.

    Args:
        logits: [C, h, w], float32; the first label is the background.
        person: [h, w], bool, where the person is.

    Returns:
        [C, h, w], float32.
    """
    lowest = logits.min() - 1
    out = logits.copy()
    # Plain background keeps its logits: the outline of the person lies between cells.
    out[1:, (logits.argmax(axis=0) > 0) & ~person] = lowest
    least = max(2, round(_ISLAND * int(person.sum())))
    labels = out.argmax(axis=0)
    for label in np.unique(labels):
        found = pieces(labels == label)
        out[label, found.where(found.areas < least)] = lowest
    return out


def undivided(logits: np.ndarray, first: int, second: int) -> np.ndarray:
    """Makes pieces one that are labelled now with the one, now with the other of two labels, and mostly with one.

    Args:
        logits: [C, h, w], float32; first, second: the two labels.

    Returns:
        [C, h, w], float32.
    """
    labels, pair, out = logits.argmax(axis=0), (first, second), logits.copy()
    numbers = pieces(np.isin(labels, pair)).numbers
    for number in np.intersect1d(numbers[labels == first], numbers[labels == second]):
        inside = numbers == number
        shares = np.exp(logits[:, inside] - logits[:, inside].max(axis=0))
        shares = (shares / shares.sum(axis=0))[list(pair)].sum(axis=1)
        if shares.min() < _MINORITY * shares.sum():
            out[pair[shares.argmin()], inside] = logits.min() - 1
    return out


def main_piece(foreground: np.ndarray, pose_xy: np.ndarray | None = None) -> np.ndarray | None:
    """Chooses the main person among the connected pieces of a foreground.

    It is the piece with the most of the given joints, or the largest one, central ones before others. Smaller pieces
    nearby (a foot behind a bag) stay; pieces far away or as large as another person go.

    Args:
        foreground: [h, w], bool.
        pose_xy: [K, 2], joints in cells, if known.

    Returns:
        [h, w], bool; None when nothing is there.
    """
    h, w = foreground.shape
    found = pieces(foreground)
    if not len(found):
        return None
    score = found.areas * (1 - 0.5 * np.abs(2 * found.centres[:, 0] / w - 1))
    if pose_xy is not None and len(pose_xy):
        columns, rows = np.clip(pose_xy.astype(int), 0, (w - 1, h - 1)).T
        joints = np.bincount(found.numbers[rows, columns], minlength=len(found) + 1)[1:]
        score = score + joints * foreground.size
    main = int(score.argmax())
    kept = (found.areas <= _OTHER_PERSON * found.areas[main]) & _near(found, main)
    kept[main] = True
    return found.where(kept)


def _near(found: Pieces, main: int) -> np.ndarray:
    """Which pieces reach into the surroundings of the main one: [K], bool."""
    low, extent = found.boxes[:, :2], found.boxes[:, 2:]
    room = _NEARBY * extent[main].max()
    return ((low <= low[main] + extent[main] + room) & (low + extent >= low[main] - room)).all(axis=1)
