"""What persons sit on: a round stool or a box, as high as the pose needs it; nobody's article, background to labels."""

from dataclasses import dataclass

import numpy as np

from vton.studio.accessories.shapes import PartMesh, facing_out, join, loft, rounded, tube
from vton.studio.body.shape import PosedBody
from vton.studio.raster.appearance import Material

RADIUS_M = 0.17
BOX_SHARE = 0.3
"""Of seats that are boxes; the others are stools."""

AHEAD_M, BEHIND_M = 0.04, 0.20
"""How far before the hips the middle of a seat is under level thighs, and how far further back under steep ones."""

CUSHION_M = 0.008
"""Room for the cloth between body and seat."""

THICK_M, LEG_M, SPLAY_M = 0.035, 0.012, 0.045
RING_SHARE = 0.35
"""Height of the bars between a stool's legs, of the seat's."""

AROUND = 64
GRID_M = 0.012
SKIRTING_M = 0.25
"""How far below its edge a seat is felt by cloth that hangs over it."""

COLOURS = ((0.48, 0.30, 0.16), (0.62, 0.60, 0.57), (0.03, 0.03, 0.032), (0.28, 0.16, 0.08), (0.70, 0.55, 0.36))
"""Linear RGB of wood and paint."""


@dataclass(frozen=True)
class Seat:
    """A seat: mesh of what is drawn; points and normals [N, 3] f32 of its top and edge, which cloth lies on."""

    mesh: PartMesh
    points: np.ndarray
    normals: np.ndarray


def seat_under(posed: PosedBody, seed: int) -> Seat:
    """The seat that a sitting body touches.

    Args:
        posed: with its feet on y = 0.
        seed: decides between stool and box.
    """
    box = np.random.default_rng([seed, 11]).random() < BOX_SHARE
    centre, forward = _place(posed)
    angle = np.linspace(0, 2 * np.pi, AROUND, endpoint=False)
    x, z = rounded(angle, 7.0 if box else 2.0)
    right = np.array([forward[2], 0, -forward[0]])
    edge = RADIUS_M * (x[:, None] * right + z[:, None] * forward)
    mesh = _box(centre, edge) if box else _stool(centre, edge)
    points, normals = _felt(centre, edge)
    return Seat(mesh, points, normals)


def seat_material(seed: int) -> Material:
    """Wood or paint."""
    colour = COLOURS[int(np.random.default_rng([seed, 12]).integers(len(COLOURS)))]
    return Material("hard", colours=np.array([colour], np.float32), spec=0.25, rough=0.5, translucency=0.0)


def _place(posed: PosedBody) -> tuple[np.ndarray, np.ndarray]:
    """The middle of the seat's top [3], and the level direction [3] in which the person sits."""
    root = posed.transform("root")[:3, :3]
    forward = root[:, 2] * [1, 0, 1]
    forward /= np.linalg.norm(forward)
    hips, knees = (np.mean([posed.joint(f"{b}.{s}") for s in "LR"], 0) for b in ("upperleg01", "lowerleg01"))
    steep = max(0.0, float(hips[1] - knees[1]) / float(np.linalg.norm(hips - knees)))
    centre = hips + (AHEAD_M - BEHIND_M * steep) * forward
    vertices = posed.vertices[posed.shape.model.regions.torso]
    over = np.hypot(*(vertices - centre)[:, ::2].T) < RADIUS_M
    near_hips = np.abs(vertices[:, 1] - hips[1]) < 0.3
    centre[1] = float(vertices[over & near_hips, 1].min()) - CUSHION_M
    return centre, forward


def _stool(centre: np.ndarray, edge: np.ndarray) -> PartMesh:
    top = _slab(centre, edge, THICK_M)
    feet = [centre * [1, 0, 1] + edge[i] * (1 + SPLAY_M / RADIUS_M) for i in range(AROUND // 8, AROUND, AROUND // 4)]
    heads = [centre - [0, THICK_M, 0] + 0.75 * edge[i] for i in range(AROUND // 8, AROUND, AROUND // 4)]
    legs = [tube(np.linspace(head, foot, 5), LEG_M) for head, foot in zip(heads, feet, strict=True)]
    joints = [foot + RING_SHARE * (head - foot) for head, foot in zip(heads, feet, strict=True)]
    bars = [tube(np.linspace(joints[i - 1], joint, 3), 0.7 * LEG_M, up=(0, 1, 0)) for i, joint in enumerate(joints)]
    return join([top, *legs, *bars])


def _box(centre: np.ndarray, edge: np.ndarray) -> PartMesh:
    return _slab(centre, edge, float(centre[1]))


def _slab(centre: np.ndarray, edge: np.ndarray, thick: float) -> PartMesh:
    """A flat solid whose upper face has this edge [N, 3] around a centre."""
    round_m = 0.006
    rings = [(0.0, 0.0), (1 - 2 * round_m / RADIUS_M, 0.0), (1.0, -round_m), (1.0, -thick), (0.0, -thick)]
    rows = np.stack([centre + share * edge + [0, down, 0] for share, down in rings])
    return facing_out(loft(rows, closed=True))


def _felt(centre: np.ndarray, edge: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    shares = np.sqrt(np.linspace(0, 1, int(RADIUS_M / GRID_M) ** 2 // 8))
    turns = np.arange(len(shares)) * (np.pi * (3 - np.sqrt(5))) / (2 * np.pi) * AROUND
    top = centre + shares[:, None] * edge[turns.astype(int) % AROUND]
    downs = np.arange(GRID_M, min(SKIRTING_M, float(centre[1])), GRID_M)
    side = (centre + edge)[None] - downs[:, None, None] * [0, 1, 0]
    out = edge / np.linalg.norm(edge, axis=1, keepdims=True)
    normals = [np.broadcast_to([0.0, 1, 0], top.shape), np.broadcast_to(out, side.shape).reshape(-1, 3)]
    return np.concatenate([top, side.reshape(-1, 3)]).astype(np.float32), np.concatenate(normals).astype(np.float32)
