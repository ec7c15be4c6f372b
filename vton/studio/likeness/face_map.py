"""Where the face lies in the skin's texture, and which point of a portrait each of its texels shows."""

import csv
import functools
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from vton.studio.body.model import BodyModel
from vton.studio.geometry.closest import tree_of
from vton.studio.geometry.mesh import vertex_normals
from vton.studio.raster.zbuffer import rasterize

POINTS = Path(__file__).with_name("face_points.csv")
"""Places of MediaPipe's 468 face points on the template in thousandths of a decimetre, as its detector found them on
pictures of eight neutral heads; the two sides are mirror images."""

LOWEST, FURTHEST_BACK = 6.2, 0.2
"""The face's texels lie above and before this on the template, decimetres."""

SMOOTHING = 3e-3
"""Of the warp, in decimetres: neighbouring points that contradict each other are averaged."""

OVAL = np.array([
    (0.00, 6.22), (0.24, 6.26), (0.42, 6.42), (0.56, 6.70), (0.65, 7.00), (0.68, 7.25), (0.66, 7.50), (0.58, 7.70),
    (0.34, 7.86), (0.00, 7.90),
])  # fmt: skip
"""Half of the outline, |x| and y on the template, within which a face is painted in."""

CORE = 0.20
"""Decimetres inside the outline beyond which, below the forehead, hair stays in a portrait's face, as beards do."""

FEATHER = 0.15
"""Decimetres over which the paint fades out, inwards from the outline."""

SIDEWAYS = (0.06, 0.34)
"""Cosine between the skin and the view from the front below which nothing, and above which all is painted."""

DOWNWARDS = 0.5
"""How much more than by the sides what looks down counts as unseen: portraits show no nostrils from below."""

BEARD_TOP, FOREHEAD = 6.95, 7.45
LOWER_FROM, LOWER_OVER = 7.14, 0.18
"""Heights on the template: where one portrait's face gives way to the other's, downwards, and over how much."""

HEAD_ISLAND = (0.62, 0.16, 1.0, 0.86)
"""The part of the UV square, u and v from and to, that holds the head's skin but not the inside of the mouth."""

SKIN_BOXES = ((0.0, 0.24, 7.52, 7.75), (0.25, 0.58, 6.88, 7.12), (0.0, 0.16, 7.0, 7.4), (0.2, 0.5, 7.52, 7.72),
              (0.1, 0.45, 6.42, 6.62), (0.0, 0.1, 6.38, 6.55))  # fmt: skip
"""Of bare skin in nearly every face: |x| from, to, y from, to on the template."""

EYE_AND_BROW = (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246, 70, 63, 105, 66, 107, 55,
                65, 52, 53, 46)  # fmt: skip
OTHER_EYE_AND_BROW = (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466, 300, 293, 334,
                      296, 336, 285, 295, 282, 283, 276)  # fmt: skip
LIPS = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
NOSTRILS = (98, 97, 2, 326, 327, 64, 294)
"""Face points around what is no plain skin."""

FEATURE_MARGIN = 0.06
"""Decimetres around these within which skin becomes plain."""


def face_points() -> np.ndarray:
    """The 468 points on the template, [468, 3] f64 decimetres."""
    with open(POINTS, newline="") as file:
        rows = [[float(value) for value in row] for row in list(csv.reader(file))[1:]]
    return np.array(rows) / 1000


def warp_operator(places: np.ndarray) -> np.ndarray:
    """The matrix [N, 468] that takes the points of any portrait to where it shows ``places`` [N, 3] of the template.

    A thin plate in three dimensions: its affine part is the head's pose, the rest the shape of the face.
    """
    centres = face_points()
    count = len(centres)
    distances = np.linalg.norm(centres[:, None] - centres[None], axis=2)
    affine = np.column_stack([centres, np.ones(count)])
    system = np.block([[-distances + SMOOTHING * np.eye(count), affine], [affine.T, np.zeros((4, 4))]])
    solved = np.linalg.solve(system, np.vstack([np.eye(count), np.zeros((4, count))]))
    reach = -np.linalg.norm(places[:, None] - centres[None], axis=2)
    return np.column_stack([reach, places, np.ones(len(places))]) @ solved


@dataclass(frozen=True, eq=False)
class FaceMap:
    """The rectangle of the skin's texture that holds the face.

    rows, columns: slices of the texture. All else is [h, w] or [h, w, 3] of that rectangle: places (template,
    decimetres) and normals of the texels; mask 0..1, how much of a portrait shows; rim 0..1, where that gives way to
    the skin if it is hair; lower 0..1, how much of it is of the lower half of the face; bare bool, skin without brows,
    eyes, lips or hair; plain 0..1, all but brows, eyes, lips and nostrils. mirror [h, w, 2] f32: column and row of the
    texel at the same place of the other side. triangle [h, w] and weights [h, w, 3]: of the texels among ``corners``
    [T, 3], which count the rows of ``operator`` [V, 468], the `warp_operator` of the vertices.
    """

    rows: slice
    columns: slice
    places: np.ndarray
    normals: np.ndarray
    mask: np.ndarray
    rim: np.ndarray
    lower: np.ndarray
    bare: np.ndarray
    plain: np.ndarray
    mirror: np.ndarray
    triangle: np.ndarray
    weights: np.ndarray
    corners: np.ndarray
    operator: np.ndarray

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Which place of a portrait each texel shows: [h, w, 2] f32, x and y. points: [468, 2] pixels."""
        at_vertices = (self.operator @ points).astype(np.float32)
        corners = at_vertices[self.corners[self.triangle]]
        return np.einsum("hwk,hwkc->hwc", self.weights, corners).astype(np.float32)


@functools.lru_cache(maxsize=4)
def face_map(model: BodyModel, size: int) -> FaceMap:
    """The face in a texture of ``size`` texels a side."""
    surface = model.surface(model.template)
    template, uv = surface.vertices.astype(np.float64), surface.uv
    chosen = (template[surface.triangles, 1] > LOWEST).all(1) & (template[surface.triangles, 2] > FURTHEST_BACK).all(1)
    middle = uv[surface.uv_triangles].mean(1)
    chosen &= (middle > HEAD_ISLAND[:2]).all(1) & (middle < HEAD_ISLAND[2:]).all(1)
    triangles, uv_triangles = surface.triangles[chosen], surface.uv_triangles[chosen]
    screen = np.column_stack([uv[:, 0] * size, (1 - uv[:, 1]) * size, np.zeros(len(uv))]).astype(np.float32)
    _, triangle, weights = rasterize(screen, uv_triangles.astype(np.int32), (size, size))
    rows, columns = (slice(int(at.min()), int(at.max()) + 1) for at in np.nonzero(triangle >= 0))
    inside, weights = triangle[rows, columns] >= 0, weights[rows, columns]
    triangle = np.maximum(triangle[rows, columns], 0)
    weights = np.dstack([weights, 1 - weights.sum(-1)]).astype(np.float32)
    normals = vertex_normals(surface.vertices, surface.triangles)
    places, normals = (np.einsum("hwk,hwkc->hwc", weights, v[triangles[triangle]]) for v in (template, normals))
    mask = _mask(places, normals, inside)
    keep = tuple(slice(int(at.min()), int(at.max()) + 1) for at in np.nonzero(mask))
    rows, columns = (slice(a.start + b.start, a.start + b.stop) for a, b in zip((rows, columns), keep, strict=True))
    places, normals, mask, triangle, weights = (each[keep] for each in (places, normals, mask, triangle, weights))
    plain = _plain(places)
    shown, triangle = np.unique(triangle, return_inverse=True)
    used, corners = np.unique(triangles[np.asarray(shown, np.intp)], return_inverse=True)
    return FaceMap(
        rows,
        columns,
        places,
        normals,
        mask,
        _rim(places, plain),
        _ramp((LOWER_FROM - places[..., 1]) / LOWER_OVER),
        _bare(places) & (mask > 0.3),
        plain,
        _mirror(places, mask > 0),
        triangle.reshape(mask.shape),
        weights,
        corners.reshape(-1, 3),
        warp_operator(template[used]).astype(np.float32),
    )


def _ramp(share: np.ndarray) -> np.ndarray:
    """0 below 0, 1 above 1, smooth between."""
    share = np.clip(share, 0, 1)
    return (share * share * (3 - 2 * share)).astype(np.float32)


def _mask(places: np.ndarray, normals: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """How much of a portrait is painted, 0..1: all inside the oval, nothing outside it or where it is seen edge-on."""
    towards = normals[..., 2] + DOWNWARDS * np.minimum(normals[..., 1], 0)
    facing = np.clip((towards - SIDEWAYS[0]) / (SIDEWAYS[1] - SIDEWAYS[0]), 0, 1)
    mask = _ramp(_depth(places) / FEATHER) * (facing * inside * (places[..., 2] > 0.5)).astype(np.float32)
    return cv2.GaussianBlur(mask, (0, 0), 0.012 * len(mask)) * (mask > 0)


def _rim(places: np.ndarray, plain: np.ndarray) -> np.ndarray:
    """The outer part of the face, but not where beards grow, and the forehead above the brows."""
    outer = (1 - _ramp((_depth(places) - CORE) / FEATHER)) * _ramp((places[..., 1] - BEARD_TOP) / 0.2)
    return np.maximum(outer, plain * _ramp((places[..., 1] - FOREHEAD) / 0.1))


def _depth(places: np.ndarray) -> np.ndarray:
    """How far inside the oval places [h, w, 3] of the template lie, decimetres."""
    outline = np.vstack([OVAL, OVAL[-2::-1] * [-1, 1]])
    return _signed_distance(outline, places[..., 0], places[..., 1])


def _signed_distance(outline: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Decimetres inside a closed outline [N, 2]; negative outside."""
    scale, low = 200, outline.min(0) - 0.5
    size = np.ceil((outline.max(0) + 0.5 - low) * scale).astype(int)
    drawn = np.zeros(size[::-1], np.uint8)
    cv2.fillPoly(drawn, [np.rint((outline - low) * scale).astype(np.int32)], 1)
    distance = cv2.distanceTransform(drawn, cv2.DIST_L2, 5) - cv2.distanceTransform(1 - drawn, cv2.DIST_L2, 5)
    column = np.clip((x - low[0]) * scale, 0, size[0] - 1).astype(int)
    row = np.clip((y - low[1]) * scale, 0, size[1] - 1).astype(int)
    return distance[row, column] / scale


def _mirror(places: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Column and row [h, w, 2] of the shown texel that lies nearest to each one's mirror image."""
    rows, columns = np.nonzero(shown)
    _, nearest = tree_of(places[shown]).query(places.reshape(-1, 3) * [-1, 1, 1])
    return np.stack([columns[nearest], rows[nearest]], -1).reshape(*shown.shape, 2).astype(np.float32)


def _bare(places: np.ndarray) -> np.ndarray:
    side, y = np.abs(places[..., 0]), places[..., 1]
    boxes = [(side >= a) & (side <= b) & (y >= c) & (y <= d) for a, b, c, d in SKIN_BOXES]
    return np.logical_or.reduce(boxes)


def _plain(places: np.ndarray) -> np.ndarray:
    """0 inside brows, eyes, lips and nostrils .. 1 `FEATURE_MARGIN` from them, [h, w]."""
    points = face_points()[:, :2].astype(np.float32)
    plain = np.ones(places.shape[:2], np.float32)
    for feature in (EYE_AND_BROW, OTHER_EYE_AND_BROW, LIPS, NOSTRILS):
        outline = np.asarray(cv2.convexHull(points[list(feature)])[:, 0], np.float64)
        inside = _signed_distance(outline, places[..., 0], places[..., 1])
        plain = np.minimum(plain, _ramp(-inside / FEATURE_MARGIN))
    return plain
