"""Heatmaps to the joints of each person: peaks with parts of a cell, then the tree of limbs that costs least.

The tree is a pictorial structure (Felzenszwalb and Huttenlocher 2005): with several people in the picture, each joint
has several peaks, and short limbs tell which of them belong together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vton.conditioning.masks import highest, square
from vton.readers.pose.heatmap_decoding import REACH
from vton.schema import COCO18_LIMBS
from vton.schema.pose import MIN_JOINTS

_MAX_PEAKS = 4  # of a joint
_LEAST_PEAK = 0.05  # probability
_MISSING_COST = 5.0  # of leaving a joint out, in units of -log(probability)
_LIMB_COST = 0.35  # of a limb of the length that suits the others; it grows with the square
_HINT_COST = 12.0  # of lying a body's height away from where the joint was expected
_MOST_HINT_COST = 3.0  # an expectation chooses between peaks, it does not make one vanish
# Length of each of COCO18_LIMBS in parts of a standing body's height; those of the face with room for noise.
_PROPORTIONS = np.array(
    [0.11, 0.17, 0.15, 0.11, 0.17, 0.15, 0.3, 0.25, 0.25, 0.3, 0.25, 0.25, 0.12, 0.06, 0.08, 0.06, 0.08]
)
_NECK = 1
_MAX_PEOPLE = 4  # in one view
_ABOUT_AS_CERTAIN = 0.5  # of the sum of the most certain one's confidences
_LEAST_HEIGHT = 8.0  # cells of a body: peaks closer together say nothing of its size
_OFF_CENTRE = 0.5  # of the size that a person at the photo's side loses against one in its middle


@dataclass(frozen=True)
class FoundPerson:
    """Joints in cells of the maps, or in pixels of a photo.

    Attributes:
        xy: [18, 2], float32; cell or pixel i covers i..i+1.
        peak: [18], float32, 0..1, how sure the place is; 0 for a missing joint.
        scale: how closely it was looked at, in pixels of the network's canvas per pixel of the photo.
    """

    xy: np.ndarray
    peak: np.ndarray
    scale: float = 1.0

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the joints that are there."""
        xy = self.xy[self.peak > 0]
        return (*xy.min(axis=0), *xy.max(axis=0))


def people_in(heat: np.ndarray, hint_xy: np.ndarray | None = None) -> list[FoundPerson]:
    """Takes people out of the heatmaps, the most coherent first.

    Args:
        heat: [18, h, w], float32, a distribution per joint.
        hint_xy: [18, 2], where the joints are expected, NaN where nothing is known; then one person is returned.

    Returns:
        At most four people with at least one joint each.
    """
    peaks = [_peaks(plane) for plane in heat]
    body = _body_height(peaks)
    people = []
    for _ in range(_MAX_PEOPLE if hint_xy is None else 1):
        chosen = _best_tree(peaks, body, hint_xy)
        person = _person(peaks, chosen)
        if not person.peak.any():
            break
        people.append(person)
        pairs = zip(peaks, chosen, strict=True)
        peaks = [np.delete(table, pick, axis=0) if pick >= 0 else table for table, pick in pairs]
    return people


def heat_of(maps: np.ndarray) -> np.ndarray:
    """Logits [18, h, w] to probabilities that sum to one over the cells, as `heatmap_decoding` trains them."""
    heat = np.exp(maps - maps.max(axis=(1, 2), keepdims=True))
    return heat / heat.sum(axis=(1, 2), keepdims=True)


def _peaks(plane: np.ndarray) -> np.ndarray:
    """Where a joint may be: [K, 3] of x, y and probability, likeliest first.

    As in `heatmap_decoding.decode_joints`, a peak is the mean of the cells within `REACH` of a maximum.
    """
    h, w = plane.shape
    top = highest(plane, square(REACH))
    ys, xs = np.nonzero((plane == top) & (plane > 0))
    order = np.argsort(-plane[ys, xs], kind="stable")[: 4 * _MAX_PEAKS]
    table: list[tuple[float, float, float]] = []
    for y, x in zip(ys[order], xs[order], strict=True):
        if any(max(abs(x - column), abs(y - row)) <= REACH for column, row, _ in table):  # neighbours of equal height
            continue
        rows, columns = (slice(max(0, at - REACH), at + REACH + 1) for at in (y, x))
        window = plane[rows, columns]
        share = float(window.sum())
        if share >= _LEAST_PEAK:
            column = window.sum(axis=0) @ np.arange(w)[columns] / share
            row = window.sum(axis=1) @ np.arange(h)[rows] / share
            table.append((column + 0.5, row + 0.5, min(share, 1.0)))
    return np.array(table[:_MAX_PEAKS], np.float32).reshape(-1, 3)


def _body_height(peaks: list[np.ndarray]) -> float:
    """Height in cells that a standing body has whose limbs are as long as the shortest ways between the peaks."""
    heights = []
    for part, (a, b) in zip(_PROPORTIONS, COCO18_LIMBS, strict=True):
        if len(peaks[a]) and len(peaks[b]):
            apart = peaks[a][:, None, :2] - peaks[b][None, :, :2]
            heights.append(float(np.linalg.norm(apart, axis=2).min()) / part)
    return max(float(np.median(heights)), _LEAST_HEIGHT) if heights else _LEAST_HEIGHT


def _best_tree(peaks: list[np.ndarray], body: float, hint_xy: np.ndarray | None) -> list[int]:
    """Which peak each joint takes, -1 for none, by dynamic programming from the leaves to the neck."""
    costs = [_own_costs(table, body, None if hint_xy is None else hint_xy[j]) for j, table in enumerate(peaks)]
    choices: dict[int, np.ndarray] = {}
    for (parent, child), part in zip(reversed(COCO18_LIMBS), reversed(_PROPORTIONS), strict=True):
        pair = np.zeros((len(costs[parent]), len(costs[child])), np.float32)
        apart = peaks[parent][:, None, :2] - peaks[child][None, :, :2]
        pair[:-1, :-1] = _LIMB_COST * np.square(apart / (part * body)).sum(axis=2)
        total = pair + costs[child][None]
        choices[child] = total.argmin(axis=1)
        costs[parent] = costs[parent] + total.min(axis=1)
    # Without a neck nothing holds the others together: it is left out only where there is none.
    chosen = {_NECK: int(costs[_NECK][: max(1, len(peaks[_NECK]))].argmin())}
    for parent, child in COCO18_LIMBS:
        chosen[child] = int(choices[child][chosen[parent]])
    return [chosen[j] if chosen[j] < len(table) else -1 for j, table in enumerate(peaks)]


def _own_costs(table: np.ndarray, body: float, hint_xy: np.ndarray | None) -> np.ndarray:
    """[K + 1]: of taking each peak, and last of taking none."""
    own = -np.log(table[:, 2])
    if hint_xy is not None and np.isfinite(hint_xy).all():
        away = np.linalg.norm(table[:, :2] - hint_xy, axis=1) / body
        own = own + np.minimum(_HINT_COST * away, _MOST_HINT_COST)
    return np.append(own, _MISSING_COST).astype(np.float32)


def _person(peaks: list[np.ndarray], chosen: list[int]) -> FoundPerson:
    xy, peak = np.zeros((18, 2), np.float32), np.zeros(18, np.float32)
    for joint, (table, pick) in enumerate(zip(peaks, chosen, strict=True)):
        if pick >= 0:
            xy[joint], peak[joint] = table[pick, :2], table[pick, 2]
    return FoundPerson(xy, peak)


def main_person(people: list[FoundPerson], width: int) -> FoundPerson | None:
    """Chooses the largest of those that are about as certain as the most certain one, central ones before others.

    Args:
        people: in pixels of one photo, with confidences as peaks.
        width: of the photo.

    Returns:
        None when there is nobody with four joints.
    """

    def score(person: FoundPerson) -> float:
        left, top, right, bottom = person.box
        off_centre = abs((left + right) / width - 1)
        return max(right - left, bottom - top) * (1 - _OFF_CENTRE * off_centre)

    people = [person for person in people if (person.peak > 0).sum() >= MIN_JOINTS]
    if not people:
        return None
    least = _ABOUT_AS_CERTAIN * max(float(person.peak.sum()) for person in people)
    return max((person for person in people if person.peak.sum() >= least), key=score)
