"""Intersection over union of parsings, pooled over photos."""

from collections.abc import Mapping, Sequence

import numpy as np

from vton.data.persons.rows import NO_LABEL
from vton.data.persons.skin_parts import UNKNOWN_SKIN
from vton.schema.label_sets import PARSER_LABELS, SKIN_LABELS

JUDGED = ("hair", "skin", "top", "outer", "bottom", "dress", "shoes", "bag")
"""Classes that are judged; ``skin`` is all of `SKIN_LABELS`."""

_KINDS = len(PARSER_LABELS)
_MERGED = (*PARSER_LABELS, "skin")


class ParsingCounts:
    """Pixels by given and estimated class, summed over photos.

    Args:
        merge_skin: count all skin as one class: real photos do not say whose skin it is.
    """

    def __init__(self, merge_skin: bool):
        self.merge_skin = merge_skin
        self.confusion = np.zeros((_KINDS + 1, _KINDS + 1), np.int64)

    def add(self, given: np.ndarray, estimated: np.ndarray) -> None:
        """Counts one photo.

        Args:
            given: [H, W], uint8, numbers of a pack's parsing; pixels of `NO_LABEL` are left out.
            estimated: [H, W], uint8, numbers of `PARSER_LABELS`.
        """
        table = np.arange(256)
        table[UNKNOWN_SKIN] = _KINDS
        if self.merge_skin:
            table[[PARSER_LABELS.index(name) for name in SKIN_LABELS]] = _KINDS
        known = given != NO_LABEL
        if not self.merge_skin:
            known &= given != UNKNOWN_SKIN
        pairs = table[given[known]] * (_KINDS + 1) + table[estimated[known]]
        self.confusion += np.bincount(pairs, minlength=(_KINDS + 1) ** 2).reshape(_KINDS + 1, _KINDS + 1)

    def iou(self) -> dict[str, float]:
        """IoU of each class that occurs, by name."""
        both = np.diag(self.confusion)
        either = self.confusion.sum(0) + self.confusion.sum(1) - both
        occurs = self.confusion.sum(1) > 0
        return {_MERGED[i]: float(both[i] / either[i]) for i in range(_KINDS + 1) if occurs[i]}

    def person_background(self) -> dict[str, float]:
        """IoU of the person, of the background, and the mean of both."""
        inside = self.confusion[1:, 1:].sum()
        person = inside / max(1, self.confusion.sum() - self.confusion[0, 0])
        background = self.confusion[0, 0] / max(1, self.confusion.sum() - inside)
        return {"person": float(person), "background": float(background), "mean": float((person + background) / 2)}


def mean_of(iou: Mapping[str, float], names: Sequence[str]) -> float:
    """Mean over those of ``names`` that occur; NaN when none does."""
    found = [iou[name] for name in names if name in iou]
    return float(np.mean(found)) if found else float("nan")
