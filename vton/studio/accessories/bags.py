"""Bags: a body, a flap, handles or a strap; hung from hand, forearm or shoulder without entering anything."""

from dataclasses import dataclass

import numpy as np
from scipy.spatial import ConvexHull, QhullError

from vton.studio.accessories.shapes import PartMesh, facing_out, join, loft, ribbon, rounded, slab, tube
from vton.studio.geometry.closest import PointShell
from vton.studio.geometry.mesh import resample
from vton.studio.geometry.rotations import euler
from vton.studio.specs.outfit import ArticleSpec

BODY, FLAP, HANDLE, METAL = 0, 1, 2, 3
"""Part numbers."""


@dataclass(frozen=True)
class BagShape:
    """Half-width, height, half-depth and height of the handles, metres; how boxy it is; how it tapers upwards."""

    half_width: float
    height: float
    half_depth: float
    handle: float
    square: float
    taper: float
    gusset: float


SHAPES: dict[str, BagShape] = {
    "tote": BagShape(0.160, 0.33, 0.055, 0.17, 5.0, -0.03, 0.55),
    "handbag": BagShape(0.125, 0.17, 0.050, 0.095, 5.0, 0.10, 0.55),
    "bucketbag": BagShape(0.090, 0.22, 0.085, 0.12, 2.2, 0.10, 0.2),
    "crossbody": BagShape(0.095, 0.14, 0.032, 0.0, 5.0, 0.0, 0.0),
}
PROFILE = ((0, 0.02), (0, 0.6), (0.004, 0.90), (0.015, 0.99), (0.03, 1.0), (0.3, 1), (0.6, 1), (0.85, 1), (0.97, 1),
           (1.0, 0.985), (1.0, 0.95))  # fmt: skip
"""Of a bag's outline from the bottom's middle to the rim: height and width as shares."""

STRAP_WIDTH_M = 0.017
STRAP_PLACE_M = 2.0
"""Away from the points of the bag itself: a bag that nobody wears has no strap."""

STRAP_CLEARANCE_M = 0.006
BELOW_HIP_M = 0.10
"""The strap's plane leaves the trunk a little below the hip; behind the bag the strap closes there."""


def build_bag(article: ArticleSpec) -> PartMesh:
    """The bag with the top of its handles (of a crossbody: of its body) at the origin, hanging down, front to +z."""
    shape, size = SHAPES[article.type], float(article.cut.get("size", 1.0))
    half_w, tall, half_d = shape.half_width * size, shape.height * size, shape.half_depth * size
    rim = -shape.handle
    parts = [_body(shape, half_w, tall, half_d, rim)]
    if article.type in ("handbag", "crossbody"):
        bulge = 1.0 if article.type == "crossbody" else 0.93
        parts.append(_flap(half_w, tall, half_d * bulge, rim))
        if article.cut.get("metal"):
            parts.append(_clasp(rim - 0.5 * tall, half_d * bulge))
    if shape.handle:
        parts += [_handle(half_w * 0.5, rim, shape.handle, z) for z in (half_d * 0.4, -half_d * 0.4)]
    bag = join(parts)
    return bag.with_places(bag.vertices)


def _body(shape: BagShape, half_w: float, tall: float, half_d: float, rim: float) -> PartMesh:
    angle = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    x, z = rounded(angle, shape.square)
    rows = []
    for rise, share in PROFILE:
        width = half_w * share * (1 - shape.taper * rise)
        depth = half_d * (share if rise < 0.05 else 1.0) * (1 - shape.gusset * rise**2)
        rows.append(np.stack([x * width, np.full_like(x, rim - tall * (1 - rise)), z * depth], -1))
    if not shape.handle:
        rows.append(np.stack([x * 0, np.full_like(x, rim), z * 0], -1))
    return facing_out(loft(np.stack(rows), closed=True, part=BODY))


def _flap(half_w: float, tall: float, half_d: float, rim: float) -> PartMesh:
    x = np.linspace(-half_w * 0.97, half_w * 0.97, 25)
    rows = []
    for down in np.linspace(0, 1, 7):
        y = rim - tall * 0.5 * down - 0.02 * (1 - (x / half_w) ** 2) * down
        z = half_d * (0.5 + 0.5 * min(1.0, 0.25 + 1.2 * down)) + 0.006
        rows.append(np.stack([x * (1 - 0.04 * down), y, np.full_like(x, z)], -1))
    flap = slab(np.stack(rows), False, 0.004, FLAP)
    corners = flap.vertices[flap.triangles[: len(flap.triangles) // 2]]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]).sum(0)
    if normal[2] >= 0:
        return flap
    return slab(np.stack(rows)[:, ::-1], False, 0.004, FLAP)


def _clasp(y: float, half_d: float) -> PartMesh:
    box = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float) * [0.013, 0.010]
    steps = ((1, 0.006), (1, 0.012), (0.02, 0.0125))
    rows = [np.c_[box * scale + [0, y], np.full(4, half_d + z)] for scale, z in steps]
    return facing_out(loft(np.stack(rows), closed=True, part=METAL))


def _handle(half_w: float, rim: float, height: float, z: float) -> PartMesh:
    angle = np.linspace(np.pi, 0, 40)
    lift = np.sin(angle) ** 0.7
    path = np.stack([np.cos(angle) * half_w, rim - 0.012 + lift * (height + 0.012), z * (1 - 0.85 * lift)], -1)
    return tube(path, 0.0055, HANDLE, sides=8)


class Collider(PointShell):
    """Points [N,3] with outward unit normals [N,3] that nothing may enter."""

    def depth(self, points: np.ndarray, reach: float = 0.06) -> tuple[np.ndarray, np.ndarray]:
        """How deep points [M,3] lie beneath the nearest surface (0 outside) and that surface's normals [M,3]."""
        height, nearest = self.heights(points, reach)
        return np.where(nearest >= 0, np.maximum(-height, 0), 0), self.normals[nearest]


MAX_SWING_M = 0.12
"""Of a bag's bottom: beyond it a bag would seem to fly, and rather sinks into coat or leg a little."""


def hang_from_grip(bag: PartMesh, grip: np.ndarray, yaw_deg: float, away: np.ndarray, obstacles: Collider) -> PartMesh:
    """Hangs a bag by its handles and swings it away from legs and coat until it touches nothing.

    Args:
        grip: [3] where the handles are held, metres.
        yaw_deg: direction of the bag's front, 0 towards +z, 90 towards +x.
        away: [3] horizontal unit vector from the body towards the free side.
        obstacles: body and clothes without the holding hand.
    """
    hung = bag.moved(euler(y=yaw_deg), grip)
    below = np.clip((grip[1] - hung.vertices[:, 1]) / max(np.ptp(hung.vertices[:, 1]), 1e-6), 0, 1)[:, None]
    low = below[:, 0] > 0.25
    vertices, swing = hung.vertices, 0.0
    for _ in range(12):
        depth, _ = obstacles.depth(vertices[low] - away * 0.004)
        if depth.max(initial=0.0) < 0.002 or swing >= MAX_SWING_M:
            break
        swing = min(swing + max(0.5 * float(depth.max()), 0.008), MAX_SWING_M)
        vertices = hung.vertices + (below**0.6 * swing * away).astype(np.float32)
    return PartMesh(vertices.astype(np.float32), hung.triangles, hung.part, hung.uv, hung.place)


def crossbody(
    bag: PartMesh, shoulder: np.ndarray, hip: np.ndarray, outside: Collider, strap_points: np.ndarray
) -> PartMesh:
    """A bag at the hip on a taut strap over the other shoulder; it lies against what is beneath it.

    Args:
        shoulder, hip: [3] where the strap goes over the shoulder and where it meets the bag, near the surface.
        outside: everything worn and the body, for the bag.
        strap_points: [N,3] outer points of trunk and clothes without arms and head; the strap runs around them.
    """
    ring, normals = taut_ring(strap_points, shoulder, hip)
    along = np.gradient(ring, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-12
    strap = ribbon(ring, np.cross(along, normals), STRAP_WIDTH_M, HANDLE)
    start = ring[np.argmin(np.linalg.norm(ring - hip, axis=1))] + [0, 0.012, 0]
    near = np.linalg.norm(outside.points - (start - [0, 0.06, 0]), axis=1) < 0.09
    front = outside.normals[near].mean(0) * [1, 0, 1] if near.any() else np.array([0.0, 0.0, 1.0])
    front /= np.linalg.norm(front) + 1e-9
    hung = bag.moved(euler(y=float(np.degrees(np.arctan2(front[0], front[2])))), start + front * 0.03)
    for _ in range(16):
        depth, _ = outside.depth(hung.vertices)
        if depth.max(initial=0.0) < 0.004:
            break
        hung = hung.moved(np.eye(3), front * max(0.6 * float(depth.max()), 0.004))
    strap = strap.with_places(np.column_stack([strap.uv, np.full(len(strap.uv), STRAP_PLACE_M)]))
    return join([hung, strap])


def taut_ring(points: np.ndarray, shoulder: np.ndarray, hip: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A closed strap through shoulder and hip: the hull of the points near its plane, [N,3], and normals out of it."""
    down = (hip - shoulder) / np.linalg.norm(hip - shoulder)
    plane = np.cross(down, [0.0, 0.0, 1.0])
    plane /= np.linalg.norm(plane)
    deep = np.cross(plane, down)
    local = points - shoulder
    near = np.abs(local @ plane) < 0.02
    flat = np.stack([local[near] @ down, local[near] @ deep], 1)
    length = float(np.linalg.norm(hip - shoulder))
    flat = flat[(flat[:, 0] > -0.06) & (flat[:, 0] < length + BELOW_HIP_M)]
    try:
        outline = flat[ConvexHull(flat).vertices]
    except (QhullError, ValueError):
        outline = np.array([[0, 0.1], [0, -0.1], [length, -0.05], [length, 0.05]])
    outline = resample(outline, 140, closed=True)
    for _ in range(3):
        outline = 0.5 * outline + 0.25 * (np.roll(outline, 1, 0) + np.roll(outline, -1, 0))
    tangent = np.roll(outline, -1, 0) - np.roll(outline, 1, 0)
    normal = np.stack([tangent[:, 1], -tangent[:, 0]], 1)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-12
    if ((outline - outline.mean(0)) * normal).sum() < 0:
        normal = -normal
    outline = outline + normal * STRAP_CLEARANCE_M
    outline, normal = np.vstack([outline, outline[:1]]), np.vstack([normal, normal[:1]])
    basis = np.stack([down, deep])
    return shoulder + outline @ basis, normal @ basis
