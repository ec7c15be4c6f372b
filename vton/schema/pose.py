"""A standing person's joints: OpenPose COCO-18 as stored, MPII-16 as the generator sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np

from vton.schema.errors import InputError
from vton.schema.sizes import SizeHW

COCO18 = (
    "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow",
    "left_wrist", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle",
    "right_eye", "left_eye", "right_ear", "left_ear",
)  # fmt: skip
MPII16 = (
    "right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle", "pelvis", "thorax",
    "upper_neck", "head_top", "right_wrist", "right_elbow", "right_shoulder", "left_shoulder", "left_elbow",
    "left_wrist",
)  # fmt: skip
COCO18_LIMBS = (
    (1, 2), (2, 3), (3, 4), (1, 5), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13),
    (1, 0), (0, 14), (14, 16), (0, 15), (15, 17),
)  # fmt: skip
DEFAULT_HW = (256, 192)
MIN_JOINTS = 4
MAX_SIDE = 16384
_SWAP = np.array([0, 1, 5, 6, 7, 2, 3, 4, 11, 12, 13, 8, 9, 10, 15, 14, 17, 16])
_BODY25_TO_COCO18 = [*range(8), *range(9, 19)]  # BODY_25 has the middle of the hips at 8 and feet from 19 on
_DRESSCODE_HW = (512, 384)
_PLAIN_JOINTS = {0: 10, 1: 9, 2: 8, 3: 11, 4: 12, 5: 13, 7: 1, 10: 4, 11: 3, 12: 2, 13: 5, 14: 6, 15: 7}


@dataclass(frozen=True, eq=False)
class Pose:
    """Joints of one person in the COCO-18 order of OpenPose.

    Attributes:
        keypoints_xy: [18, 2], float32, pixels, origin top-left; the right edge of the canvas is x = W.
        confidence: [18], float32, 0..1; 0 means that the joint is missing and its coordinates mean nothing.
        size_hw: height and width of the canvas that the pixels refer to.

    Raises:
        InputError: wrong shapes, values that are not finite, or fewer than four joints present.
    """

    keypoints_xy: np.ndarray
    confidence: np.ndarray
    size_hw: SizeHW = DEFAULT_HW

    def __post_init__(self) -> None:
        try:
            xy = np.array(self.keypoints_xy, np.float32)
            confidence = np.array(self.confidence, np.float32)
        except (TypeError, ValueError, OverflowError):
            raise InputError(
                "The pose holds something that is not a number: give x, y and confidence."
            ) from None
        if xy.shape != (18, 2) or confidence.shape != (18,):
            raise InputError(
                "A pose needs 18 joints in the COCO-18 order of OpenPose, each with x, y and confidence."
            )
        if not (np.isfinite(xy).all() and np.isfinite(confidence).all()):
            raise InputError(
                "The pose has a joint that is not a finite number: set its confidence to 0 to leave it out."
            )
        if confidence.min() < 0 or confidence.max() > 1:
            raise InputError("Joint confidences must lie between 0 (missing) and 1.")
        if (confidence > 0).sum() < MIN_JOINTS:
            raise InputError(f"The pose has fewer than {MIN_JOINTS} joints: give at least {MIN_JOINTS}.")
        xy.setflags(write=False)
        confidence.setflags(write=False)
        object.__setattr__(self, "keypoints_xy", xy)
        object.__setattr__(self, "confidence", confidence)
        object.__setattr__(self, "size_hw", _checked_size(self.size_hw))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Pose):
            return NotImplemented
        return (
            self.size_hw == other.size_hw
            and np.array_equal(self.keypoints_xy, other.keypoints_xy)
            and np.array_equal(self.confidence, other.confidence)
        )

    def __hash__(self) -> int:
        return hash((self.size_hw, self.keypoints_xy.tobytes(), self.confidence.tobytes()))

    @property
    def present(self) -> np.ndarray:
        """Which joints are there: [18], bool."""
        return self.confidence > 0

    @classmethod
    def from_openpose(cls, obj: dict[str, Any] | str | bytes, size_hw: SizeHW | None = None) -> Pose:
        """Reads the first person of an OpenPose JSON, or a DressCode pose.

        OpenPose: ``people[0].pose_keypoints_2d`` (``pose_keypoints`` in old files) lists x, y and confidence of
        COCO-18 (54 numbers) or BODY_25 (75). DressCode: ``keypoints`` is 18 rows of four, for 384x512 pixels.
        The canvas is that of the keys ``canvas_height`` and ``canvas_width``, else ``size_hw`` (DressCode's joints
        are scaled to it), else 256x192 (DressCode: 512x384).

        Args:
            obj: the parsed JSON or its text.
            size_hw: canvas to assume when the JSON does not name one.

        Raises:
            InputError: broken JSON, no person, wrong count, joints that are no numbers or off the canvas.
        """
        if isinstance(obj, str | bytes):
            obj = _parse_json(obj)
        if not isinstance(obj, dict):
            raise InputError("This is not an OpenPose JSON: it must be an object with a list `people`.")
        if "people" not in obj and "keypoints" in obj:
            joints = _dresscode_table(obj["keypoints"])
            pose = cls(joints[:, :2], joints[:, 2], _DRESSCODE_HW)
            pose._check_on_canvas(assumed=False)
            return pose if size_hw is None else pose.resized(size_hw)
        people = obj.get("people")
        if not isinstance(people, list) or not people or not isinstance(people[0], dict):
            raise InputError("No person in the pose JSON: `people` must hold one with `pose_keypoints_2d`.")
        person = people[0]
        joints = _joint_table(person.get("pose_keypoints_2d", person.get("pose_keypoints")))
        height, width = obj.get("canvas_height"), obj.get("canvas_width")
        known = size_hw if height is None or width is None else (height, width)
        pose = cls(joints[:, :2], joints[:, 2], known or DEFAULT_HW)
        pose._check_on_canvas(assumed=known is None)
        return pose

    def to_openpose(self) -> dict[str, Any]:
        """Returns the OpenPose JSON object; ``Pose.from_openpose`` gives back an equal pose."""
        table = np.concatenate([self.keypoints_xy, self.confidence[:, None]], axis=1)
        return {
            "version": 1.3,
            "canvas_height": self.size_hw[0],
            "canvas_width": self.size_hw[1],
            "people": [{"pose_keypoints_2d": [float(str(v)) for v in table.ravel()]}],
        }

    def flip(self) -> Pose:
        """Returns the mirror image: x is mirrored and left and right joints change names."""
        xy = self.keypoints_xy.copy()
        xy[self.present, 0] = self.size_hw[1] - xy[self.present, 0]
        return Pose(xy[_SWAP], self.confidence[_SWAP], self.size_hw)

    def resized(self, size_hw: SizeHW) -> Pose:
        """Returns the pose on a canvas of another size, each axis scaled by itself."""
        (h, w), (new_h, new_w) = self.size_hw, _checked_size(size_hw)
        return self._moved(np.array([new_w / w, new_h / h]), np.zeros(2), (new_h, new_w))

    def fit(self, size_hw: SizeHW) -> Pose:
        """Returns the pose centred on a canvas of another size and aspect, padded and never stretched."""
        (h, w), (new_h, new_w) = self.size_hw, _checked_size(size_hw)
        scale = min(new_h / h, new_w / w)
        offset = np.array([(new_w - w * scale) / 2, (new_h - h * scale) / 2])
        return self._moved(np.array([scale, scale]), offset, (new_h, new_w))

    def lerp(self, other: Pose, t: float) -> Pose:
        """Returns the joint-wise way from this pose (``t`` = 0) to ``other`` (1), on this pose's canvas.

        In between a joint has the smaller of both confidences: it is missing when it is missing in one.
        """
        other = other.fit(self.size_hw)
        if t <= 0:
            return self
        if t >= 1:
            return other
        xy = self.keypoints_xy * (1 - t) + other.keypoints_xy * t
        return Pose(xy, np.minimum(self.confidence, other.confidence), self.size_hw)

    def mpii16(self) -> tuple[np.ndarray, np.ndarray]:
        """Derives the 16 MPII joints.

        The pelvis is the middle of the hips. Upper neck and head top lie at 0.25 and 1.75 of the line from
        the neck to the nose, or to the middle of the eyes or ears when the nose is missing. A derived joint
        has the smallest confidence of its parents.

        Returns:
            Coordinates [16, 2] and confidence [16], float32.
        """
        xy, confidence = np.zeros((16, 2), np.float32), np.zeros(16, np.float32)
        for ours, theirs in _PLAIN_JOINTS.items():
            xy[ours], confidence[ours] = self.keypoints_xy[theirs], self.confidence[theirs]
        xy[6], confidence[6] = self._middle(8, 11)
        neck, (head, head_confidence) = self.keypoints_xy[1], self._head()
        confidence[8] = confidence[9] = min(self.confidence[1], head_confidence)
        xy[8], xy[9] = neck + 0.25 * (head - neck), neck + 1.75 * (head - neck)
        xy[confidence == 0] = 0
        return xy, confidence

    def _moved(self, scale: np.ndarray, offset: np.ndarray, size_hw: SizeHW) -> Pose:
        xy = self.keypoints_xy.copy()
        xy[self.present] = xy[self.present] * scale + offset
        return Pose(xy, self.confidence, size_hw)

    def _middle(self, a: int, b: int) -> tuple[np.ndarray, np.float32]:
        return (self.keypoints_xy[a] + self.keypoints_xy[b]) / 2, min(self.confidence[a], self.confidence[b])

    def _head(self) -> tuple[np.ndarray, np.float32]:
        if self.confidence[0] > 0:
            return self.keypoints_xy[0], self.confidence[0]
        eyes, ears = self._middle(14, 15), self._middle(16, 17)
        return eyes if eyes[1] > 0 else ears

    def _check_on_canvas(self, assumed: bool) -> None:
        h, w = self.size_hw
        xy = self.keypoints_xy[self.present]
        inside = ((xy >= 0) & (xy <= (w, h))).all(axis=1)
        if assumed and not inside.all():
            raise InputError(
                f"The pose has joints outside {h}x{w} pixels: add `canvas_height` and `canvas_width`."
            )
        if inside.sum() < MIN_JOINTS:
            raise InputError(
                f"Fewer than {MIN_JOINTS} joints of the pose lie on its canvas of {h}x{w} pixels: move them."
            )
        if xy.max() <= 1:
            raise InputError("The pose's coordinates look like fractions: give them in pixels of the canvas.")


def _parse_json(text: str | bytes) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise InputError("The pose is not valid JSON: export it again from an OpenPose tool.") from None


def _joint_table(numbers: Any) -> np.ndarray:
    if not isinstance(numbers, list) or len(numbers) not in (54, 75):
        raise InputError("`pose_keypoints_2d` must list 54 numbers: x, y and confidence of 18 joints.")
    _check_numbers(numbers, "pose_keypoints_2d")
    table = np.array(numbers, np.float32).reshape(-1, 3)
    slightly_over = (table[:, 2] > 1) & (table[:, 2] < 1.1)  # OpenPose interpolates its peaks
    table[slightly_over, 2] = 1
    return table[_BODY25_TO_COCO18] if len(table) == 25 else table


def _dresscode_table(rows: Any) -> np.ndarray:
    """Rows of x, y, confidence and a number of no meaning here; a missing joint lies at -1, -1 or 0, 0."""
    if not isinstance(rows, list) or len(rows) != 18 or not all(isinstance(r, list) and len(r) == 4 for r in rows):
        raise InputError("`keypoints` must list 18 joints of four numbers each, as DressCode does.")
    _check_numbers([value for row in rows for value in row], "keypoints")
    table = np.array(rows, np.float32)[:, :3]
    missing = (table[:, 0] <= 1) & (table[:, 1] <= 1)
    table[:, 2] = np.where(missing, 0, np.clip(table[:, 2], 0, 1))
    table[missing] = 0
    return table


def _check_numbers(numbers: list[Any], key: str) -> None:
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in numbers):
        raise InputError(f"`{key}` holds something that is not a number: use 0, 0, 0 for a missing joint.")
    if not all(abs(v) < 1e9 for v in numbers):
        raise InputError("The pose has a joint that is not a finite number: use 0, 0, 0 for a missing joint.")


def _checked_size(size_hw: Any) -> SizeHW:
    try:
        h, w = (int(v) for v in size_hw)
        whole = all(int(v) == v for v in size_hw)
    except (TypeError, ValueError, OverflowError):
        raise InputError("The canvas size must be two whole numbers, height and width.") from None
    if not whole or not (0 < h <= MAX_SIDE and 0 < w <= MAX_SIDE):
        raise InputError(f"The canvas size must be whole numbers between 1 and {MAX_SIDE}.")
    return h, w
