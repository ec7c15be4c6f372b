"""Bare limbs of a pose, and how far clothes may reach around them: regions drawn from joints alone."""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from vton.conditioning.canvas import resized
from vton.schema import Pose, SizeHW, as_size

# The body unit is the distance from neck to hips. In parts of the silhouette's height: what it is when no joint tells,
# and the least that joints may say, the line from neck to hips or the shoulders.
_UNIT, _LEAST_UNIT, _LEAST_BY_SHOULDERS = 0.3, 0.1, 0.15
_PER_SHOULDERS = 1.35  # body units per distance between the shoulders
# All other lengths in parts of the body unit.
_HALF_SHOULDERS, _HALF_HIPS = 0.36, 0.25  # beside the middle, where one of the two joints is missing
_ARM, _TORSO, _BELOW_HIPS = 0.17, 0.16, 0.4
_THIGH, _SHIN, _BELOW_ANKLES = 0.26, 0.2, 0.05
_BOOT = 0.15  # above the knee
_WAIST = 0.78  # of the way from neck to hips
_LONG = 0.9  # of the way from hips to knees: how far a coat reaches at least
_HAND, _HAND_REACH, _BEFORE_WRIST = 0.24, 0.4, 0.04  # beside the forearm, beyond the wrist, and before it
_CHIN = 0.6  # of the way from nose to neck, and a little on
_NOSE, _NECK, _SHOULDERS, _HIPS, _KNEES, _ANKLES = 0, 1, (2, 5), (8, 11), (9, 12), (10, 13)
ARMS, LEGS = ((2, 3, 4), (5, 6, 7)), ((8, 9, 10), (11, 12, 13))
"""Joints of COCO-18 along each limb, the person's right one first."""
_HALF_TORSO, _HALF_NECK = 0.05, 0.15  # beyond the line from shoulder to hip; beside the neck
_NECKLINE, _HALF_THROAT = 0.4, 0.2  # below the neck, and beside it
_TORSO_SKIN, _LEG_SKIN, _ARM_SKIN = ("face", "torso_skin"), ("left_leg", "right_leg"), ("left_arm", "right_arm")
_ONWARD = 0.2  # of forearm or shin: how far bare hands and feet go on from wrist and ankle
_FINER = 4  # masks are drawn that much finer than what they are for
_HALF_ARM, _HALF_LEG = (0.085, 0.076, 0.057), (0.18, 0.12, 0.07)  # half as thick as bare limbs are at their joints


class BodyPart(NamedTuple):
    """Bare skin of a pose.

    Attributes:
        labels: of its skin in ``SIDED_LABELS``.
        cover: [H, W], float32, 0..1: how much of each pixel it covers.
        middle: [H, W], bool: lines along it, one pixel wide.
    """

    labels: tuple[str, ...]
    cover: np.ndarray
    middle: np.ndarray


def body_unit(pose: Pose, silhouette: np.ndarray) -> float:
    """The distance from neck to hips in pixels; a part of shoulders or silhouette when one of them is missing.

    Args:
        silhouette: [H, W], bool, in the pose's pixels.
    """
    neck, hips = _neck(pose), _middle(pose, _HIPS)
    rows = np.flatnonzero(silhouette.any(axis=1))
    height = float(np.ptp(rows) + 1) if len(rows) else float(pose.size_hw[0])
    if neck is not None and hips is not None:
        # A pose seen from above foreshortens the torso, never to less than this.
        return max(float(np.linalg.norm(hips - neck)), _LEAST_UNIT * height)
    if pose.present[list(_SHOULDERS)].all():
        right, left = pose.keypoints_xy[list(_SHOULDERS)]
        return max(_PER_SHOULDERS * float(np.linalg.norm(right - left)), _LEAST_BY_SHOULDERS * height)
    return _UNIT * height


def below_chin(pose: Pose) -> np.ndarray:
    """Everything beyond the chin as seen from the nose, the neck among it: [H, W], bool; nothing without a nose."""
    h, w = pose.size_hw
    neck = _neck(pose)
    if neck is None or not pose.present[_NOSE]:
        return np.zeros((h, w), bool)
    nose = pose.keypoints_xy[_NOSE].astype(np.float64)
    down = neck - nose
    x, y = np.arange(w)[None] + 0.5 - nose[0], np.arange(h)[:, None] + 0.5 - nose[1]
    return x * down[0] + y * down[1] > _CHIN * float(down @ down)


def neck_line(pose: Pose, unit: float) -> float:
    """The row of the neck, above which is the head."""
    return float(_torso(pose, unit)[0][1])


def waist_line(pose: Pose, unit: float) -> float:
    """The row of the waist, where a dress counts as half top and half skirt."""
    neck, hips = _torso(pose, unit)
    return float(neck[1] + _WAIST * (hips[1] - neck[1]))


def hips_line(pose: Pose, unit: float) -> float:
    """The row of the hips."""
    return float(_torso(pose, unit)[1][1])


def knee_line(pose: Pose, unit: float) -> float:
    """The row above which no shoe reaches: the higher knee, or as far below the hips as those are below the neck."""
    knees = _present(pose, _KNEES)
    if knees:
        return float(min(point[1] for point in knees)) - _BOOT * unit
    neck, hips = _torso(pose, unit)
    return float(2 * hips[1] - neck[1]) - _BOOT * unit


def upper_envelope(pose: Pose, unit: float, size_hw: SizeHW, long: bool = False) -> np.ndarray:
    """Around torso and arms down to the wrists, and some way below the hips: [H, W], bool.

    Args:
        long: down to the knees, as coats may be.
    """
    canvas = np.zeros(size_hw, np.uint8)
    neck, hips = _torso(pose, unit)
    down = hips + (hips - neck) * _BELOW_HIPS
    knees = _middle(pose, _KNEES)
    if long:
        down = hips + _LONG * ((knees if knees is not None else hips + (hips - neck)) - hips)
    shoulders = _shoulders(pose, neck, unit)
    bottom = _sides(pose, hips, unit) + (down - hips)
    _fill(canvas, [*shoulders, *bottom[::-1]], 2 * _TORSO * unit)
    for limb in ARMS:
        _draw(canvas, _present(pose, limb), 2 * _ARM * unit)
    return canvas.astype(bool)


def lower_envelope(pose: Pose, unit: float, size_hw: SizeHW) -> np.ndarray:
    """Around hips and legs down to the ankles: [H, W], bool."""
    canvas = np.zeros(size_hw, np.uint8)
    neck, hips = _torso(pose, unit)
    waist = neck + _WAIST * (hips - neck)
    sides = _sides(pose, hips, unit)
    knees = _middle(pose, _KNEES)
    knees = _pair(pose, _KNEES, knees if knees is not None else hips + (hips - neck), _HALF_HIPS * unit)
    _fill(canvas, [*(sides + (waist - hips)), *sides[::-1]], 2 * _TORSO * unit)
    _fill(canvas, [*sides, *knees[::-1]], 2 * _THIGH * unit)
    ankles = _present(pose, _ANKLES)
    if ankles:
        # The gap between the shins too: a long skirt fills it.
        shins = [point + _BELOW_ANKLES * (point - knees.mean(axis=0)) for point in ankles]
        _fill(canvas, [*knees, *shins], 2 * _SHIN * unit)
    return canvas.astype(bool)


def bare_parts(pose: Pose, unit: float, size_hw: SizeHW) -> tuple[BodyPart, BodyPart, BodyPart]:
    """Neck and torso, legs with a part of the feet, arms with a part of the hands: from back to front."""
    fine_hw = as_size(_FINER * side for side in size_hw)
    fine, fine_unit = pose.resized(fine_hw), _FINER * unit
    spine = np.zeros(size_hw, np.uint8)
    _draw(spine, [*_present(pose, (_NOSE,)), *_torso(pose, unit)], 1)
    torso = BodyPart(_TORSO_SKIN, _shrunk(bare_torso(fine, fine_unit, fine_hw), size_hw), spine > 0)
    limbs = []
    for labels, chains, halves in ((_LEG_SKIN, LEGS, _HALF_LEG), (_ARM_SKIN, ARMS, _HALF_ARM)):
        cover, middle = _tapered(fine, fine_unit, fine_hw, chains, halves).astype(np.uint8), np.zeros(size_hw, np.uint8)
        for joints in chains:
            for ends in pairwise(joints):
                if pose.present[list(ends)].all():
                    _draw(middle, _present(pose, ends), 1)
            if pose.present[list(joints[1:])].all():
                start, end = fine.keypoints_xy[list(joints[1:])].astype(np.float64)
                _taper(cover, np.array([end, end + _ONWARD * (end - start)]), *[fine_unit * halves[2]] * 2)
        limbs.append(BodyPart(labels, _shrunk(cover, size_hw), middle > 0))
    legs, arms = limbs
    return torso, legs, arms


def bare_arms(pose: Pose, unit: float, size_hw: SizeHW) -> np.ndarray:
    """Arms to the wrists as they are without clothes, about: [H, W], bool."""
    return _tapered(pose, unit, size_hw, ARMS, _HALF_ARM)


def bare_legs(pose: Pose, unit: float, size_hw: SizeHW) -> np.ndarray:
    """Legs to the ankles as they are without clothes, about: [H, W], bool."""
    return _tapered(pose, unit, size_hw, LEGS, _HALF_LEG)


def _tapered(pose: Pose, unit: float, size_hw: SizeHW, limbs: tuple, halves: tuple) -> np.ndarray:
    canvas = np.zeros(size_hw, np.uint8)
    for joints in limbs:
        for (start, first), (end, second) in pairwise(zip(joints, halves, strict=True)):
            if pose.present[[start, end]].all():
                _taper(canvas, pose.keypoints_xy[[start, end]], unit * first, unit * second)
    return canvas.astype(bool)


def bare_torso(pose: Pose, unit: float, size_hw: SizeHW) -> np.ndarray:
    """Neck and torso down to the hips as they are without clothes, about: [H, W], bool."""
    canvas = np.zeros(size_hw, np.uint8)
    neck, hips = _torso(pose, unit)
    shoulders, sides = _shoulders(pose, neck, unit), _sides(pose, hips, unit)
    _fill(canvas, [*shoulders, *sides[::-1]], 2 * _HALF_TORSO * unit)
    if pose.present[_NOSE]:
        _draw(canvas, [pose.keypoints_xy[_NOSE].astype(np.float64), neck], 2 * _HALF_NECK * unit)
    return canvas.astype(bool)


def throat(pose: Pose, unit: float, size_hw: SizeHW) -> np.ndarray:
    """Where a neckline may bare skin: [H, W], bool."""
    (x, y), _ = _torso(pose, unit)
    rows, columns = np.indices(size_hw)
    return (rows < y + _NECKLINE * unit) & (np.abs(columns - x) < _HALF_THROAT * unit)


def hand_region(pose: Pose, unit: float, size_hw: SizeHW) -> np.ndarray:
    """Where the hands are, if the wrists are there: [H, W], bool."""
    canvas = np.zeros(size_hw, np.uint8)
    for _, elbow, wrist in ARMS:
        if not pose.present[wrist]:
            continue
        at = pose.keypoints_xy[wrist].astype(np.float64)
        if not pose.present[elbow]:
            _draw(canvas, [at], 2 * _HAND * unit)
            continue
        forearm = at - pose.keypoints_xy[elbow]
        along = forearm / max(float(np.linalg.norm(forearm)), 1e-6)
        across = np.array([-along[1], along[0]]) * _HAND * unit
        reach = _HAND_REACH * max(unit, float(along @ forearm))
        start, end = at - _BEFORE_WRIST * unit * along, at + reach * along
        cv2.fillPoly(canvas, [_pixels([start - across, start + across, end + across, end - across])], 1)
    return canvas.astype(bool)


def _torso(pose: Pose, unit: float) -> tuple[np.ndarray, np.ndarray]:
    """Neck and middle of the hips; one from the other when it is missing, upright."""
    neck, hips = _neck(pose), _middle(pose, _HIPS)
    if neck is None and hips is not None:
        return hips - (0, unit), hips
    if neck is None:
        present = pose.keypoints_xy[pose.present].astype(np.float64)
        neck = np.array([present[:, 0].mean(), present[:, 1].min()])
    return neck, neck + (0, unit) if hips is None else hips


def _neck(pose: Pose) -> np.ndarray | None:
    return pose.keypoints_xy[_NECK].astype(np.float64) if pose.present[_NECK] else _middle(pose, _SHOULDERS)


def _middle(pose: Pose, joints: tuple[int, int]) -> np.ndarray | None:
    points = _present(pose, joints)
    return np.mean(points, axis=0) if points else None


def _present(pose: Pose, joints: tuple[int, ...]) -> list[np.ndarray]:
    return [pose.keypoints_xy[joint].astype(np.float64) for joint in joints if pose.present[joint]]


def _shoulders(pose: Pose, neck: np.ndarray, unit: float) -> np.ndarray:
    return _pair(pose, _SHOULDERS, neck, _HALF_SHOULDERS * unit)


def _sides(pose: Pose, hips: np.ndarray, unit: float) -> np.ndarray:
    return _pair(pose, _HIPS, hips, _HALF_HIPS * unit)


def _pair(pose: Pose, joints: tuple[int, int], middle: np.ndarray, apart: float) -> np.ndarray:
    """Both joints [2, 2], or points at that distance from the middle when one is missing."""
    points = _present(pose, joints)
    return np.array(points) if len(points) == 2 else middle + np.array([[-apart, 0.0], [apart, 0.0]])


def _shrunk(mask: np.ndarray, size_hw: SizeHW) -> np.ndarray:
    return resized(mask.astype(np.float32), size_hw, "mean")


def _draw(canvas: np.ndarray, points: list[np.ndarray], width: float) -> None:
    """A chain of round-ended strokes."""
    if points:
        cv2.polylines(canvas, [_pixels(points)], False, 1, max(1, round(width)))


def _fill(canvas: np.ndarray, corners: list[np.ndarray], width: float) -> None:
    """A polygon (its hull, so that crossed legs do no harm) with a rim of half the width."""
    hull = cv2.convexHull(_pixels(corners))
    cv2.fillConvexPoly(canvas, hull, 1)
    cv2.polylines(canvas, [hull], True, 1, max(1, round(width)))


def _taper(canvas: np.ndarray, ends: np.ndarray, first: float, second: float) -> None:
    """The hull of circles of these radii around two points."""
    angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    circle = np.stack([np.cos(angle), np.sin(angle)], 1)
    rims = np.concatenate([ends[0] + first * circle, ends[1] + second * circle])
    cv2.fillConvexPoly(canvas, cv2.convexHull(_pixels(list(rims))), 1)


def _pixels(points: list[np.ndarray]) -> np.ndarray:
    return np.clip(np.round(np.array(points)), -20000, 20000).astype(np.int32).reshape(-1, 1, 2)
