"""How well a pose estimator places joints and a parser labels pixels, on the held-out photos of packs of persons."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np

from vton.conditioning.canvas import resized
from vton.data.held_out import spread
from vton.data.persons.pack import PersonPack
from vton.data.persons.rows import NO_LABEL
from vton.data.persons.skin_parts import UNKNOWN_SKIN
from vton.hub import find_checkpoint, revision
from vton.metrics.generation.sheet import tile
from vton.metrics.people.parsing_iou import JUDGED, ParsingCounts, mean_of
from vton.metrics.people.pose_accuracy import HIP_ALLOWANCE, VISIBLE_FROM, joint_errors, pck, pck_per_joint
from vton.metrics.readers.cut_photos import CutPhotos
from vton.readers.overlays import pose_overlay
from vton.readers.parser.bundled import CHECKPOINT as PARSER_CHECKPOINT
from vton.readers.parser.bundled import BundledParser
from vton.readers.pose.bundled import CHECKPOINT as POSE_CHECKPOINT
from vton.readers.pose.bundled import BundledPoseEstimator
from vton.schema import InputError, Parsing
from vton.schema.label_sets import PARSER_LABELS

TOLERANCES = (0.05, 0.1)  # of the person's height
SHOWN = 40  # photos on a sheet
_CELL_HEIGHT = 256  # pixels


class _PersonEvaluation:
    """Held-out photos of packs, and a backend.

    Raises:
        InputError: a folder is no pack of persons, or none of them holds anything to measure on.
    """

    parsed = False

    def __init__(self, data: Sequence[str | Path], checkpoint: str | Path):
        self.packs = [PersonPack(folder) for folder in data]
        self.names = [Path(folder).name for folder in data]
        self.exact_forms = {pack.form for pack in self.packs if pack.traits.exact}
        self.folder = find_checkpoint(checkpoint)
        if not any(len(pack.indices(True, self.parsed)) for pack in self.packs):
            raise InputError("No held-out photo to measure on in the packs (1 real photo in 10 is): give more data.")

    def describe(self) -> dict:
        """Checkpoint and counts of held-out photos."""
        held_out = {n: len(p.indices(True, self.parsed)) for n, p in zip(self.names, self.packs, strict=True)}
        return {"checkpoint": self.folder.name, "revision": revision(self.folder), "data": {"held_out": held_out}}

    def _photos(self, count: int | None) -> Iterator[tuple[PersonPack, int, np.ndarray]]:
        """Held-out photos without their padding, ``count`` of each pack (None: all)."""
        for pack in self.packs:
            for photo in spread(pack.indices(True, self.parsed), count):
                rows, columns = pack.content_of(photo)
                yield pack, int(photo), np.array(pack.photos[photo, rows, columns])

    def _cell(self, *pictures: np.ndarray) -> np.ndarray:
        """Pictures of one size below each other, ready for a sheet."""
        stack = np.vstack(pictures)
        height = _CELL_HEIGHT * len(pictures)
        cell = np.full((height, _CELL_HEIGHT * 3 // 4, 3), 255, np.uint8)
        scale = min(height / stack.shape[0], cell.shape[1] / stack.shape[1])
        h, w = (int(side * scale) for side in stack.shape[:2])
        cell[:h, :w] = resized(stack, (h, w), "mean")
        return cell

    def _shown(self) -> Iterator[tuple[PersonPack, int, np.ndarray]]:
        return self._photos(-(-SHOWN // len(self.packs)))


class PoseEvaluation(_PersonEvaluation):
    """See `EstimatorEvaluation`."""

    def __init__(self, data: Sequence[str | Path], checkpoint: str | Path | None = None):
        super().__init__(data, checkpoint or POSE_CHECKPOINT)
        self.estimator = BundledPoseEstimator(self.folder)

    def _errors(self, pack: PersonPack, photo: int, image_u8: np.ndarray) -> np.ndarray:
        """Errors of the joints [18] as shares of the box's height, infinite where nobody was found."""
        rows, columns = pack.content_of(photo)
        given = np.array(pack.keypoints[photo])
        given[:, :2] -= (columns.start, rows.start)
        _, y0, _, y1 = pack.boxes[photo]
        try:
            pose = self.estimator.estimate(image_u8)
        except InputError:
            return joint_errors(np.full((18, 2), np.nan, np.float32), given, float(y1 - y0))
        xy = np.where(pose.present[:, None], pose.keypoints_xy, np.nan)
        return joint_errors(xy, given, float(y1 - y0))

    def figures(
        self, count: int | None = None, seed: int = 0, say: Callable[[str], None] = lambda line: None
    ) -> dict[str, dict]:
        """PCK by kind of photo and tolerance; joints that are not found count as misplaced.

        Args:
            count: most photos of each pack (None: all).
        """
        errors: dict[str, list[np.ndarray]] = {}
        for pack, photo, image_u8 in self._photos(count):
            if pack.form not in errors:
                say(f"{pack.form} ...")
            errors.setdefault(pack.form, []).append(self._errors(pack, photo, image_u8))
        figures = {}
        for form, rows in errors.items():
            table, allowance = np.stack(rows), 0.0 if form in self.exact_forms else HIP_ALLOWANCE
            judged = ~np.isnan(table)
            for tolerance in TOLERANCES:
                figures[f"{form}_pck@{tolerance}"] = {
                    "value": round(pck(table, tolerance, allowance), 4),
                    "n": len(table),
                    "joints": int(judged.sum()),
                    "figure": f"joints given above {VISIBLE_FROM}, hips {allowance} looser, of the box's height",
                }
            figures[f"{form}_joints@0.05"] = {
                "value": None,
                "reason": "each joint by itself, in the report",
                "n": len(table),
                "per_joint": {k: round(v, 4) for k, v in pck_per_joint(table, 0.05, allowance).items()},
            }
            figures[f"{form}_not_found"] = {"value": round(float(np.isinf(table)[judged].mean()), 4), "n": len(table)}
        return figures

    def sheet(self) -> np.ndarray:
        """Held-out photos with the skeletons that were found, dark where nobody was: [H, W, 3], uint8."""
        cells = []
        for _, _, image_u8 in self._shown():
            try:
                image_u8 = pose_overlay(image_u8, self.estimator.estimate(image_u8))
            except InputError:
                image_u8 = image_u8 // 3
            cells.append(self._cell(image_u8))
        return tile(cells, columns=10)


class ParserEvaluation(_PersonEvaluation):
    """See `EstimatorEvaluation`."""

    parsed = True

    def __init__(self, data: Sequence[str | Path], checkpoint: str | Path | None = None):
        super().__init__(data, checkpoint or PARSER_CHECKPOINT)
        self.parser = BundledParser(self.folder)
        self.pose = BundledPoseEstimator()

    def _parse(self, image_u8: np.ndarray) -> np.ndarray:
        try:
            return self.parser.parse(image_u8).labels
        except InputError:
            return np.zeros(image_u8.shape[:2], np.uint8)

    def figures(
        self, count: int | None = None, seed: int = 0, say: Callable[[str], None] = lambda line: None
    ) -> dict[str, dict]:
        """IoU pooled over photos, by kind of photo: the person's, the background's, their mean, and of the parts.

        Real photos are also cut at the thighs and at the hips, see `CutPhotos`.

        Args:
            count: most photos of each pack (None: all).
        """
        counts: dict[str, ParsingCounts] = {}
        apart: dict[str, ParsingCounts] = {}
        photos: dict[str, int] = {}
        cut: dict[str, CutPhotos] = {}
        for pack, photo, image_u8 in self._photos(count):
            if pack.form not in counts:
                say(f"{pack.form} ...")
                counts[pack.form], apart[pack.form] = ParsingCounts(merge_skin=True), ParsingCounts(merge_skin=False)
            rows, columns = pack.content_of(photo)
            given, estimated = np.array(pack.parsing[photo, rows, columns]), self._parse(image_u8)
            counts[pack.form].add(given, estimated)
            apart[pack.form].add(given, estimated)
            photos[pack.form] = photos.get(pack.form, 0) + 1
            if pack.form not in self.exact_forms:
                cut.setdefault(pack.form, CutPhotos(self.pose, self.parser)).add(pack, photo)
        figures = {}
        for form, counted in counts.items():
            iou, names = counted.iou(), JUDGED
            values = {f"{name}_iou": value for name, value in counted.person_background().items()}
            values["person_background_iou"] = values.pop("mean_iou")
            values["mean_iou"] = mean_of(iou, names)
            values |= {f"iou_{name}": value for name, value in iou.items()}
            if form in self.exact_forms:  # their labels tell what part each skin is of
                parts = apart[form].iou()
                values["mean_iou_of_all_labels"] = mean_of(parts, PARSER_LABELS)
                values |= {f"iou_{name}": value for name, value in parts.items()}
            for name, value in values.items():
                figures[f"{form}_{name}"] = {"value": round(value, 4), "n": photos[form]}
            figures[f"{form}_mean_iou"]["figure"] = f"mean over {', '.join(n for n in names if n in iou)}"
        for form, read in cut.items():
            figures |= read.figures(form)
        return figures

    def sheet(self) -> np.ndarray:
        """Held-out photos over what the parser says and what is given: [H, W, 3], uint8."""
        cells = []
        for pack, photo, image_u8 in self._shown():
            rows, columns = pack.content_of(photo)
            given = np.array(pack.parsing[photo, rows, columns])
            given[given == UNKNOWN_SKIN] = PARSER_LABELS.index("face")
            given[given == NO_LABEL] = 0
            maps = [Parsing(labels, PARSER_LABELS).colours() for labels in (self._parse(image_u8), given)]
            cells.append(self._cell(cv2.addWeighted(image_u8, 0.4, maps[0], 0.6, 0), maps[1]))
        return tile(cells, columns=10)
