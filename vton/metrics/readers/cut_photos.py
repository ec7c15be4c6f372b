"""The parser on photos that end at the thighs or at the hips, as shops and people before a mirror take them."""

from __future__ import annotations

import numpy as np

from vton.data.persons.pack import PersonPack
from vton.data.persons.rows import NO_LABEL
from vton.readers.base import Parser, PoseEstimator
from vton.schema import InputError
from vton.schema.label_sets import PARSER_LABELS

CUTS = {"thigh": 0.55, "hip": 0.08}
"""Where a photo ends, in parts of the way from the hips to the knees."""

_ABOVE = 0.03  # of the photo's height: room above the head
_HIPS, _KNEES = [8, 11], [9, 12]
_UPPER = [PARSER_LABELS.index(name) for name in ("top", "outer", "dress")]
_LOST = 0.2  # of the upper clothes' pixels that are taken for background


class CutPhotos:
    """Counts photos of one kind, each cut in every way of `CUTS`.

    Args:
        pose: finds the joints in what is left, as on the page; parser: is measured.
    """

    def __init__(self, pose: PoseEstimator, parser: Parser) -> None:
        self.pose, self.parser = pose, parser
        self.iou: dict[str, list[float]] = {name: [] for name in CUTS}
        self.lost: dict[str, list[float]] = {name: [] for name in CUTS}

    def add(self, pack: PersonPack, photo: int) -> None:
        """Cuts and reads a photo of a pack; one whose hips or knees nobody knows is left out."""
        rows, columns = pack.content_of(photo)
        for name, share in CUTS.items():
            part = _part(pack, photo, share)
            if part is None:
                continue
            seen = slice(rows.start + part.start, rows.start + part.stop), columns
            given = np.array(pack.parsing[(photo, *seen)])
            person = self._person(np.array(pack.photos[(photo, *seen)]))
            known, true = given != NO_LABEL, (given != 0) & (given != NO_LABEL)
            upper = np.isin(given, _UPPER)
            self.iou[name].append(float((person & true).sum() / max(1, ((person & known) | true).sum())))
            self.lost[name].append(float((upper & ~person).sum() / max(1, upper.sum())))

    def figures(self, form: str) -> dict[str, dict]:
        """Of each cut the mean IoU of the person, and the photos whose upper clothes are lost."""
        figures = {}
        for name in (name for name in CUTS if self.iou[name]):
            n = len(self.iou[name])
            figures[f"{form}_{name}_person_iou"] = {"value": round(float(np.mean(self.iou[name])), 4), "n": n}
            lost = sum(share > _LOST for share in self.lost[name])
            figures[f"{form}_{name}_upper_kept"] = {
                "value": round(1 - lost / n, 4), "n": n,
                "figure": f"share of photos with at most {_LOST:.0%} of the upper clothes called background",
            }  # fmt: skip
        return figures

    def _person(self, image_u8: np.ndarray) -> np.ndarray:
        try:
            return self.parser.parse(image_u8, self.pose.estimate(image_u8)).labels > 0
        except InputError:
            return np.zeros(image_u8.shape[:2], bool)


def _part(pack: PersonPack, photo: int, share: float) -> slice | None:
    """The rows of a photo's content that are kept."""
    rows, columns = pack.content_of(photo)
    pose, person = pack.pose(photo), np.flatnonzero((np.array(pack.parsing[photo, rows, columns]) > 0).any(axis=1))
    if not (pose.present[_HIPS].any() and pose.present[_KNEES].any() and len(person)):
        return None
    hips, knees = (pose.keypoints_xy[joints, 1][pose.present[joints]].mean() for joints in (_HIPS, _KNEES))
    start = max(0, int(person[0] - _ABOVE * (rows.stop - rows.start)))
    end = int(hips + share * (knees - hips)) - rows.start
    return slice(start, end) if start < end < rows.stop - rows.start else None
