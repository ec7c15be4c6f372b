"""Joints of a posed body in space, and which of them the camera sees, by casting rays at everything in the scene."""

import functools
from collections.abc import Sequence

import numba
import numpy as np

from vton.schema.pose import COCO18, MPII16
from vton.studio.body.model import BodyModel
from vton.studio.body.shape import PosedBody
from vton.studio.raster.camera import NEAREST_M
from vton.studio.rendering.surface import Surface
from vton.studio.specs.labels import BAG, BG, DRESS, GLASSES, HAIR, HAT, HELD, OUTER, SCARF, SKIRT

HIDDEN, VISIBLE = 1, 2
TOLERANCE_M = 0.022
"""Hits this close in front of a joint are the skin over it."""

WAIST = 3.2
"""Height on the template, decimetres, that parts chest from hips."""

_SIDED = ("chest", "hips", "upperarm", "forearm", "hand", "thigh", "shin", "foot")
PARTS = ("head", "neck", *(f"{side}_{part}" for part in _SIDED for side in ("left", "right")), "hair", "hat", "thing")
"""Whose surface a ray hits; a thing is nobody's."""

_PART = {name: number for number, name in enumerate(PARTS)}
_OWN = {
    "shoulder": ("chest", "upperarm"),
    "elbow": ("upperarm", "forearm"),
    "wrist": ("forearm", "hand"),
    "hip": ("hips", "thigh"),
    "knee": ("thigh", "shin"),
    "ankle": ("shin", "foot"),
}
_OWN_OF_TRUNK = {
    "neck": ("neck", "left_chest", "right_chest"),
    "thorax": ("neck", "left_chest", "right_chest"),
    "upper_neck": ("neck", "head"),
    "head_top": ("head", "hair", "hat"),
    "pelvis": ("left_hips", "right_hips", "left_thigh", "right_thigh"),
}
_BONE_PARTS = {
    "upperarm": "upperarm", "lowerarm": "forearm", "wrist": "hand", "finger": "hand", "metacarpal": "hand",
    "upperleg": "thigh", "lowerleg": "shin", "foot": "foot", "toe": "foot",
}  # fmt: skip
_TRUNK_BONES = ("spine", "clavicle", "shoulder", "breast", "pelvis", "root")
_LOOSE = (SKIRT, DRESS, OUTER)
_NOT_OF_THE_BODY = {HAIR: "hair", HAT: "hat"} | dict.fromkeys((BAG, HELD, SCARF, BG), "thing")


def coco18(posed: PosedBody) -> np.ndarray:
    """The 18 joints of `vton.schema.pose.COCO18`, [18, 3] metres."""
    return _named(posed, COCO18)


def mpii16(posed: PosedBody) -> np.ndarray:
    """The 16 joints of `vton.schema.pose.MPII16`, [16, 3] metres."""
    return _named(posed, MPII16)


def visibility(
    names: Sequence[str], places: np.ndarray, posed: PosedBody, surfaces: Sequence[Surface], eye: Sequence[float]
) -> np.ndarray:
    """Which joints the camera sees.

    A ray goes from the eye to each joint. A limb does not hide the joints inside it, nor does the garment over that
    limb; any other surface does. Joints of the face are hidden by the head itself, and by hair.

    Args:
        names: `COCO18` or `MPII16`.
        places: [N, 3] metres.
        posed: the body.
        surfaces: of the scene, all of them; those that are not drawn are ignored.
        eye: the camera's place, metres.

    Returns:
        [N] u8, 2 visible or 1 hidden.
    """
    drawn = [s for s in surfaces if s.drawn and len(s.triangles) and not _is(s, GLASSES)]
    seen = np.full(len(names), VISIBLE, np.uint8)
    for surface in drawn:
        joints, triangles, points = _hits(surface, np.asarray(places, np.float64), np.asarray(eye, np.float64))
        for joint, triangle, point in zip(joints, triangles, points, strict=True):
            if seen[joint] == HIDDEN or np.linalg.norm(places[joint] - point) < TOLERANCE_M:
                continue
            owner = _owner(surface, int(triangle), point, posed)
            if owner not in _owners_of(names[joint], _loose(surface, int(triangle))):
                seen[joint] = HIDDEN
    return seen


def _named(posed: PosedBody, names: Sequence[str]) -> np.ndarray:
    joints = _joints(posed)
    return np.stack([joints[name] for name in names])


def _joints(posed: PosedBody) -> dict[str, np.ndarray]:
    model = posed.shape.model
    regressed = model.keypoint_weights @ posed.vertices.astype(np.float64)
    joints = dict(zip(model.keypoint_names, regressed, strict=True))
    joints["neck"] = joints["thorax"] = (joints["left_shoulder"] + joints["right_shoulder"]) / 2
    joints["pelvis"] = (joints["left_hip"] + joints["right_hip"]) / 2
    joints["upper_neck"] = (posed.joint("neck02") + posed.joint("head")) / 2
    joints["head_top"] = posed.vertices[_crown(model)].astype(np.float64)
    return joints


@functools.lru_cache(maxsize=2)
def _crown(model: BodyModel) -> int:
    """The vertex on top of the head."""
    return int(np.argmax(np.where(model.regions.head, model.template[:, 1], -np.inf)))


@functools.lru_cache(maxsize=2)
def vertex_parts(model: BodyModel) -> np.ndarray:
    """[V] i32 number in `PARTS` of each of the body's vertices."""
    main = model.weight_bones[np.arange(len(model.weights)), model.weights.argmax(1)]
    bones = np.array([_bone_part(bone) for bone in model.bones])[main]
    height, left = model.template[:, 1], model.template[:, 0] > 0
    names = np.where(bones == "trunk", np.where(height > WAIST, "chest", "hips"), bones)
    sided = np.char.add(np.where(left, "left_", "right_"), names)
    whole = np.isin(names, ("head", "neck"))
    return np.array([_PART[str(n)] for n in np.where(whole, names, sided)], np.int32)


def _bone_part(bone: str) -> str:
    for prefix, part in _BONE_PARTS.items():
        if bone.startswith(prefix):
            return part
    if bone.startswith(_TRUNK_BONES):
        return "trunk"
    return "neck" if bone.startswith("neck") else "head"


@functools.cache
def _owners_of(joint: str, loose: bool) -> frozenset[int]:
    """Parts that do not hide a joint; before a leg, loose cloth of the other leg counts as that leg's."""
    if joint in _OWN_OF_TRUNK:
        return frozenset(_PART[part] for part in _OWN_OF_TRUNK[joint])
    side, _, name = joint.rpartition("_")
    parts = _OWN.get(name, ())
    both = loose and name in ("hip", "knee", "ankle")
    return frozenset(
        _PART[f"{s}_{p}"] for p in (*parts, *(("hips", "thigh") if both else ())) for s in _sides(side, both)
    )


def _sides(side: str, both: bool) -> tuple[str, ...]:
    return ("left", "right") if both else (side,)


def _label(surface: Surface, triangle: int) -> int:
    return int(surface.label[triangle]) if isinstance(surface.label, np.ndarray) else int(surface.label)


def _is(surface: Surface, label: int) -> bool:
    return not isinstance(surface.label, np.ndarray) and surface.label == label


def _loose(surface: Surface, triangle: int) -> bool:
    return _label(surface, triangle) in _LOOSE


def _owner(surface: Surface, triangle: int, point: np.ndarray, posed: PosedBody) -> int:
    """The number in `PARTS` of what was hit: of cloth and shoes the part of the body that is nearest."""
    named = _NOT_OF_THE_BODY.get(_label(surface, triangle))
    if named:
        return _PART[named]
    model = posed.shape.model
    count = int(model.triangles.max()) + 1
    nearest = int(((posed.vertices[:count] - point) ** 2).sum(1).argmin())
    return int(vertex_parts(model)[nearest])


def _hits(surface: Surface, places: np.ndarray, eye: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where rays from the eye to the places cross a surface: joints [H], triangles [H] and points [H, 3]."""
    vertices = np.asarray(surface.vertices, np.float64) - eye
    forward = places.mean(0) - eye
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, [0.0, 1.0, 0.0])
    right /= np.linalg.norm(right)
    axes = np.stack([right, np.cross(right, forward), forward], 1)
    flat, targets = vertices @ axes, (places - eye) @ axes
    flat[:, :2] /= flat[:, 2:]
    targets[:, :2] /= targets[:, 2:]
    triangles = np.ascontiguousarray(surface.triangles, np.int32)
    joints, hit, depth = _crossings(flat, triangles, targets)
    return joints, hit, eye + (places[joints] - eye) * (depth / targets[joints, 2])[:, None]


@numba.njit(cache=True)
def _crossings(
    flat: np.ndarray, triangles: np.ndarray, targets: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Triangles before each target in perspective coordinates (x / depth, y / depth, depth), and the depth there."""
    joints, hit, depths = [np.int64(0)], [np.int64(0)], [0.0]
    for t in range(triangles.shape[0]):
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        ax, ay, bx, by, cx, cy = flat[a, 0], flat[a, 1], flat[b, 0], flat[b, 1], flat[c, 0], flat[c, 1]
        if min(flat[a, 2], flat[b, 2], flat[c, 2]) < NEAREST_M:
            continue
        low_x, high_x = min(ax, bx, cx), max(ax, bx, cx)
        low_y, high_y = min(ay, by, cy), max(ay, by, cy)
        for j in range(targets.shape[0]):
            x, y = targets[j, 0], targets[j, 1]
            if x < low_x or x > high_x or y < low_y or y > high_y:
                continue
            area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
            if area == 0:
                continue
            u = ((bx - x) * (cy - y) - (by - y) * (cx - x)) / area
            v = ((cx - x) * (ay - y) - (cy - y) * (ax - x)) / area
            if u < 0 or v < 0 or u + v > 1:
                continue
            depth = 1.0 / (u / flat[a, 2] + v / flat[b, 2] + (1 - u - v) / flat[c, 2])
            if 0 < depth < targets[j, 2]:
                joints.append(np.int64(j))
                hit.append(np.int64(t))
                depths.append(depth)
    return np.array(joints[1:]), np.array(hit[1:]), np.array(depths[1:])
