"""Hair as ribbons: strands between grown guides, curled, frayed and turned to the camera."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numba
import numpy as np

from vton.schema import InputError
from vton.studio.body.model import BodyModel
from vton.studio.body.shape import BodyShape, PosedBody
from vton.studio.geometry.mesh import strip_triangles
from vton.studio.hair.growth import grow_guides, grow_tail, under_hat
from vton.studio.hair.scalp import HeadFrame, nearest_guides, roots_of
from vton.studio.hair.strands import Colliders, Scalp
from vton.studio.hair.styles import STYLES, Style
from vton.studio.specs.person import HairSpec

EYE = (0.0, 1.1, 6.5)
"""Where ribbons face, metres: about the camera's place."""

GUIDES = {"short": 900, "coiled": 900, "long": 600, "tied": 600}
STEPS = {"short": 4, "coiled": 7, "long": 12, "tied": 8}
COVER_M = 7.0
"""Metres that the ribbons would cover side by side."""

RIBBON_PIXELS = 0.3
OCCLUDER_WIDTH = 0.014
STRAY_SHARE = 0.06


@dataclass(frozen=True)
class HairGeometry:
    """Ribbons of hair, metres. Their colour is the look's.

    vertices, tangents (along the strands), normals (away from the head): [V, 3] f32; shade: [V] f32, factor of the
    albedo, darker at the roots and deep in the mass; triangles: [T, 3] i32, seen from both sides.
    occluder_vertices, occluder_triangles: fewer and broader ribbons that block light in place of these.
    """

    vertices: np.ndarray
    tangents: np.ndarray
    normals: np.ndarray
    shade: np.ndarray
    triangles: np.ndarray
    occluder_vertices: np.ndarray
    occluder_triangles: np.ndarray


def grow(
    model: BodyModel,
    shape: BodyShape,
    posed: PosedBody,
    spec: HairSpec,
    colliders: Sequence[tuple[np.ndarray, np.ndarray]],
    pixels_per_metre: float,
    hat: tuple[np.ndarray, np.ndarray] | None = None,
    eye: Sequence[float] = EYE,
) -> HairGeometry:
    """Grows the hair of a posed person.

    Args:
        model: the body model.
        shape: the body.
        posed: the body in its pose.
        spec: style, side, length and seed.
        colliders: vertices and unit normals [N, 3] of what hair falls on: the posed surface, draped clothes.
        pixels_per_metre: of the final picture; coarser pictures get fewer and broader ribbons.
        hat: a point [3] and the unit normal [3] of the plane above which hair lies flat, in the pose.
        eye: the camera, metres.

    Raises:
        InputError: there is no style of that name.
    """
    if spec.style not in STYLES:
        raise InputError(f"No hair style {spec.style!r}; styles are {', '.join(STYLES)}.")
    style = replace(STYLES[spec.style], fall=spec.fall)
    rng = np.random.default_rng([spec.seed, 733])
    head = HeadFrame.of(posed)
    around = Colliders(colliders, float(head.place([0, 7.0, 0.2])[1]) - 0.20 - 1.1 * style.length)
    width = max(0.0011, RIBBON_PIXELS / pixels_per_metre)
    roots, count = roots_of(model), GUIDES[style.form]
    points, normals = roots.on(posed.vertices, count), roots.on(posed.normals, count)
    normals = normals / np.linalg.norm(normals, axis=1, keepdims=True)
    scalp = Scalp(roots, count, points, normals, head, around)
    guides = grow_guides(scalp, style, spec.side, spec.length, STEPS[style.form], rng)
    if hat is not None:
        guides.paths = under_hat(guides.paths, around, hat)
    strands = min(len(roots), int(COVER_M / width))
    index, distance = nearest_guides(roots, count, strands)
    weights = _blend_weights(index, distance, guides.side)
    paths = _blend(guides.paths.astype(np.float32), roots.on(posed.vertices, strands), index, weights)
    groups = [_dishevel(paths, style, rng)]
    if style.form == "tied":
        groups.append(grow_tail(head, style, around, spec.length, strands // 3, 10, rng))
    return _assemble(groups, guides.paths, head, width, np.asarray(eye, np.float32), rng)


def _blend_weights(index: np.ndarray, distance: np.ndarray, side: np.ndarray) -> np.ndarray:
    """[S, 3] f32 of the three nearest guides; those across the parting hardly count."""
    weights = 1 / (distance + 1e-3)
    of_guide = side[index]
    weights = weights * np.where(of_guide == of_guide[:, :1], 1, 1e-4)
    return (weights / weights.sum(1, keepdims=True)).astype(np.float32)


@numba.njit(cache=True)
def _blend(guides: np.ndarray, roots: np.ndarray, index: np.ndarray, weights: np.ndarray) -> np.ndarray:
    strands = np.empty((roots.shape[0], guides.shape[1], 3), np.float32)
    for s in range(roots.shape[0]):
        for k in range(guides.shape[1]):
            for i in range(3):
                value = roots[s, i]
                for n in range(index.shape[1]):
                    guide = index[s, n]
                    value += weights[s, n] * (guides[guide, k, i] - guides[guide, 0, i])
                strands[s, k, i] = value
    return strands


def _dishevel(paths: np.ndarray, style: Style, rng: np.random.Generator) -> np.ndarray:
    """Strands [S, K, 3] spread, with strays, and curled."""
    count, points = paths.shape[:2]
    share = np.linspace(0, 1, points, dtype=np.float32)
    spread = 0.0035 * (2 if style.form == "coiled" else 1)
    offset = rng.normal(0, spread, (count, 3)).astype(np.float32)
    stray = rng.normal(0, 0.008, (count, 3)) * (rng.random(count) < STRAY_SHARE)[:, None]
    paths = paths + offset[:, None] * (share**0.7)[None, :, None]
    paths = paths + stray.astype(np.float32)[:, None] * (share**1.5)[None, :, None]
    if not style.curl:
        return paths
    along = np.gradient(paths, axis=1)
    along /= np.linalg.norm(along, axis=2, keepdims=True) + 1e-9
    across = np.cross(along, np.array([0, 0, 1], np.float32))
    across /= np.linalg.norm(across, axis=2, keepdims=True) + 1e-9
    length = np.linalg.norm(np.diff(paths, axis=1), axis=2).sum(1)
    phase = rng.random(count) * 2 * np.pi
    if style.form != "coiled":  # neighbours curl together
        phase = np.round(40 * phase / (2 * np.pi)) / 40 * 2 * np.pi * 0.35 + 30 * paths[:, 0, 0]
    angle = (share * length[:, None] * style.curl_turn + phase[:, None])[..., None]
    radius = (style.curl * np.clip(3 * share, 0, 1))[None, :, None]
    curls = radius * (across * np.sin(angle) + np.cross(along, across) * np.cos(angle))
    return paths + curls.astype(np.float32)


def _assemble(
    groups: list[np.ndarray],
    guides: np.ndarray,
    head: HeadFrame,
    width: float,
    eye: np.ndarray,
    rng: np.random.Generator,
) -> HairGeometry:
    vertices, tangents, shades, triangles, first = [], [], [], [], 0
    for paths in groups:
        count, points = paths.shape[:2]
        ribbon, tangent = _ribbons(paths.astype(np.float32), eye, np.float32(width), np.float32(0.6))
        vertices.append(ribbon)
        tangents.append(tangent)
        shades.append(_shades(rng.random(count), points))
        triangles.append(_ribbon_triangles(count, points) + first)
        first += len(ribbon)
    joined = np.concatenate(vertices)
    normals = (joined - head.place([0, 7.35, 0.2])) * [1, 0.6, 1]
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    coarse = np.ascontiguousarray(guides[::2, ::2] if guides.shape[1] > 6 else guides[::2], np.float32)
    occluder, _ = _ribbons(coarse, eye, np.float32(OCCLUDER_WIDTH), np.float32(0.2))
    return HairGeometry(
        joined,
        np.concatenate(tangents),
        normals.astype(np.float32),
        np.concatenate(shades),
        np.concatenate(triangles),
        occluder,
        _ribbon_triangles(*coarse.shape[:2]),
    )


def _shades(depth: np.ndarray, points: int) -> np.ndarray:
    """Factors [2 * S * points] f32 of the albedo; ``depth`` [S] 0..1 is how far out in the mass a strand lies."""
    share = np.linspace(0, 1, points)[None]
    depth = depth[:, None]
    shade = (1 + 0.17 * (depth - 0.5)) * (0.78 + 0.30 * share)
    shade = shade * (0.62 + 0.38 * depth) * np.clip(0.75 + 0.35 * share, 0.6, 1)
    return np.repeat(shade.ravel(), 2).astype(np.float32)


def _ribbon_triangles(count: int, points: int) -> np.ndarray:
    one = strip_triangles(points, 2, closed=False)
    return (one[None] + 2 * points * np.arange(count, dtype=np.int32)[:, None, None]).reshape(-1, 3).astype(np.int32)


@numba.njit(cache=True)
def _ribbons(
    paths: np.ndarray, eye: np.ndarray, width: np.float32, taper: np.float32
) -> tuple[np.ndarray, np.ndarray]:
    """Two vertices [2 * S * K, 3] per point of strands [S, K, 3], side by side for the eye, and their tangents."""
    count, points = paths.shape[:2]
    vertices = np.empty((2 * count * points, 3), np.float32)
    tangents = np.empty((2 * count * points, 3), np.float32)
    tangent, across = np.empty(3), np.empty(3)
    for s in range(count):
        for k in range(points):
            before, after = max(k - 1, 0), min(k + 1, points - 1)
            length = 1e-12
            for i in range(3):
                tangent[i] = paths[s, after, i] - paths[s, before, i]
                length += tangent[i] ** 2
            tangent /= np.sqrt(length)
            x, y, z = eye[0] - paths[s, k, 0], eye[1] - paths[s, k, 1], eye[2] - paths[s, k, 2]
            across[0] = tangent[1] * z - tangent[2] * y
            across[1] = tangent[2] * x - tangent[0] * z
            across[2] = tangent[0] * y - tangent[1] * x
            size = np.sqrt((across**2).sum()) + 1e-12
            half = 0.5 * width * (1 - taper * (k / (points - 1)) ** 2) / size
            row = 2 * (s * points + k)
            for i in range(3):
                vertices[row, i] = paths[s, k, i] - across[i] * half
                vertices[row + 1, i] = paths[s, k, i] + across[i] * half
                tangents[row, i] = tangent[i]
                tangents[row + 1, i] = tangent[i]
    return vertices, tangents
