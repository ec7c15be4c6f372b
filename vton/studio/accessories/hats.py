"""Hats and glasses, built on the head of the rest body in metres."""

from dataclasses import dataclass

import numpy as np

from vton.studio.accessories.shapes import PartMesh, facing_out, join, loft, rounded, slab, tube
from vton.studio.geometry.rotations import euler
from vton.studio.specs.outfit import ArticleSpec

CROWN, BAND, BRIM = 0, 1, 2
"""Part numbers: crown in the main colour, band in the second, brim slightly darker than the crown."""

AROUND = 64
HAT_TYPES = ("beanie", "cap", "bucket", "fedora", "sunhat")
TILT_DEG = {"beanie": -16, "cap": -8, "bucket": -4, "fedora": -6, "sunhat": -8}
BRIM_M = {"bucket": 0.034, "fedora": 0.055, "sunhat": 0.10}

STANDARD_HEAD_M = (0.09, 0.11, 0.11, 0.13)
"""Half width, front, back and height of the hat on which points of hats are compared."""


@dataclass(frozen=True)
class HeadFit:
    """Where a hat sits: an ellipse above brows and ears. Metres, rest pose.

    y: of the hat's edge; top: of the skull; half_width, front, back: of the skull above y (z for the latter two).
    """

    y: float
    top: float
    half_width: float
    front: float
    back: float

    @classmethod
    def of(cls, skull: np.ndarray) -> "HeadFit":
        """Measures the vertices [N,3] of the head above the hat's edge."""
        low, high = skull.min(0), skull.max(0)
        return cls(float(low[1]), float(high[1]), float(np.abs(skull[:, 0]).max()), float(high[2]), float(low[2]))


@dataclass
class Hat:
    """The hat's mesh, and the plane that hair must stay under: a point and its unit normal, all in rest head space."""

    mesh: PartMesh
    edge_point: np.ndarray
    edge_normal: np.ndarray


def build_hat(article: ArticleSpec, head: HeadFit, hair_pad_m: float = 0.007) -> Hat:
    """Builds a hat around a head.

    Args:
        article: of type beanie, cap, bucket, fedora or sunhat.
        hair_pad_m: thickness of the hair beneath it, metres.
    """
    half_x = head.half_width + 0.010 + hair_pad_m
    middle = (head.front + head.back) / 2
    front = head.front - middle + 0.010 + hair_pad_m
    back = middle - head.back + 0.012 + hair_pad_m
    height = head.top - head.y + 0.012 + hair_pad_m
    build = {"beanie": _beanie, "cap": _cap}.get(article.type, _brimmed)
    mesh = build(article, half_x, front, back, height)
    mesh = mesh.with_places(build(article, *STANDARD_HEAD_M).vertices)
    turn = euler(x=TILT_DEG[article.type]) @ euler(z=article.seed % 7 - 3)
    base = np.array([0, head.y, middle])
    return Hat(mesh.moved(turn, base), base + [0, -0.008, 0], turn @ np.array([0.0, 1.0, 0.0]))


def _dome(half_x: float, front: float, back: float, height: float, square: float, rows: int = 18) -> np.ndarray:
    """Rows [rows, AROUND, 3] from the top of a crown down to y = 0; ``square`` 2 is an ellipsoid, more is boxier."""
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    slope = np.linspace(0.0005, 1, rows) * np.pi / 2
    radius, y = np.sin(slope) ** (2 / square), np.cos(slope) ** (2 / square)
    depth = np.where(np.cos(angle) > 0, front, back) * np.cos(angle)
    x = radius[:, None] * half_x * np.sin(angle)
    return np.stack([x, np.broadcast_to(height * y[:, None], x.shape), radius[:, None] * depth], -1)


def _beanie(article: ArticleSpec, half_x: float, front: float, back: float, height: float) -> PartMesh:
    rows = _dome(half_x, front, back + 0.01, height + 0.016, 2.3)
    edge = rows[-1]
    lower = np.stack([edge + [0, -0.012, 0], edge + [0, -0.03, 0]])
    crown = facing_out(loft(np.concatenate([rows, lower]), closed=True, part=CROWN))
    rim = lower[-1]
    cuff = [(1.02, -0.004), (1.07, 0.0), (1.078, 0.014), (1.078, 0.030), (1.06, 0.046), (1.01, 0.050)]
    band = loft(np.stack([rim * [scale, 1, scale] + [0, rise, 0] for scale, rise in cuff]), closed=True, part=BRIM)
    return join([crown, facing_out(band)])


def _cap(article: ArticleSpec, half_x: float, front: float, back: float, height: float) -> PartMesh:
    rows = _dome(half_x, front, back, height, 2.5)
    crown = facing_out(loft(np.concatenate([rows, rows[-1:] + [0, -0.012, 0]]), closed=True, part=CROWN))
    angle = np.linspace(-1.15, 1.15, 33)
    edge = np.stack([np.sin(angle) * half_x, np.full(33, -0.006), np.cos(angle) * front], -1)
    out = np.linspace(0, 1, 7)[:, None]
    drop = -0.010 * out - 0.022 * (angle / 1.15) ** 2 * out
    reach = 0.066 * out * np.cos(angle * 0.9) ** 0.6
    visor = slab(edge + np.stack([np.zeros_like(drop), drop, reach], -1), False, 0.003, BRIM, BRIM)
    button = _dome(0.008, 0.008, 0.008, 0.006, 2.0, 5) + [0, height - 0.002, 0]
    return join([crown, _facing_up(visor), facing_out(loft(button, closed=True, part=BRIM))])


def _brimmed(article: ArticleSpec, half_x: float, front: float, back: float, height: float) -> PartMesh:
    square = {"bucket": 2.7, "fedora": 3.0, "sunhat": 2.4}[article.type]
    height += {"bucket": 0.010, "fedora": 0.030, "sunhat": 0.012}[article.type]
    rows = _dome(half_x + 0.004, front + 0.004, back + 0.004, height, square)
    if article.type == "fedora":
        upper = np.clip((rows[..., 1] - height * 0.6) / (height * 0.4), 0, 1)
        rows[..., 1] -= 0.022 * upper * np.exp(-((rows[..., 0] / 0.03) ** 2))
        rows[..., 0] *= 1 - 0.12 * upper * np.clip(rows[..., 2] / front, 0, 1)
    crown = facing_out(loft(rows, closed=True, part=CROWN))
    if article.type != "bucket":
        crown.part[crown.vertices[crown.triangles][..., 1].max(1) < 0.036] = BAND
    edge = rows[-1]
    outward = edge * [1, 0, 1] / np.linalg.norm(edge * [1, 0, 1], axis=1, keepdims=True)
    out = np.linspace(0, 1, 8)
    drop = {
        "bucket": -0.034 * out,
        "fedora": -0.012 * np.sin(out * 2.2) + 0.004 * out,
        "sunhat": -0.02 * out**1.5,
    }[article.type]
    brim = edge + outward * (BRIM_M[article.type] * out)[:, None, None] + np.array([0, 1, 0]) * drop[:, None, None]
    return join([crown, _facing_up(slab(brim, True, 0.003, BRIM, BRIM))])


def _facing_up(brim: PartMesh) -> PartMesh:
    """A two-sided sheet whose first side looks up; the second side was put ``thickness`` behind the first."""
    corners = brim.vertices[brim.triangles[: len(brim.triangles) // 2]]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    if normals[:, 1].sum() >= 0:
        return brim
    half = len(brim.vertices) // 2
    vertices = brim.vertices.copy()
    vertices[half:] = 2 * vertices[:half] - vertices[half:]
    return PartMesh(vertices, np.ascontiguousarray(brim.triangles[:, ::-1]), brim.part, brim.uv)


def build_glasses(seed: int, left_eye: np.ndarray, right_eye: np.ndarray) -> PartMesh:
    """A frame before two eyes [3] (centres of the eyeballs, rest head space, metres)."""
    rng = np.random.default_rng(seed)
    half_w = rng.uniform(0.023, 0.027)
    half_h = half_w * rng.uniform(0.74, 0.95)
    squareness = rng.uniform(2, 3.2)
    plane = max(left_eye[2], right_eye[2]) + 0.028
    angle = np.linspace(0, 2 * np.pi, 36)
    ring_x, ring_y = rounded(angle, squareness)
    y = left_eye[1] - 0.003
    spread = abs(left_eye[0]) * 1.06
    parts = []
    for sign in (1, -1):
        x = sign * spread + half_w * ring_x
        rim = np.stack([x, y + half_h * ring_y, plane - 1.6 * x**2], -1)
        parts.append(tube(rim, 0.0019, sides=6))
        temple_x = sign * (spread + half_w - 0.001 + np.linspace(0, 0.012, 12))
        depth = np.linspace(plane - 1.6 * temple_x[0] ** 2, plane - 0.115, 12)
        parts.append(tube(np.stack([temple_x, np.full(12, y + 0.006), depth], -1), 0.0018, sides=6, up=(0, 1, 0)))
    x = np.linspace(-(spread - half_w), spread - half_w, 16)
    bridge = np.stack([x, y + 0.004 - 6 * x**2, plane - 1.6 * x**2], -1)
    parts.append(tube(bridge, 0.0018, sides=6))
    return join(parts)
