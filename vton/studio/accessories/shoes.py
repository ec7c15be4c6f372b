"""Shoes: the iso-surface of a field around the foot, opened at the top, cut into upper, sole and trimmings.

Shoe space: the ankle joint of the left foot is the origin, z runs along the foot to the toes, y up, metres. With a heel
the foot in it stands on its toes already.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter

from vton.studio.accessories.foot import FootFit
from vton.studio.accessories.shapes import PartMesh, join, tube
from vton.studio.geometry.closest import tree_of
from vton.studio.geometry.isosurface import clip, drop_specks, split, surface_nets
from vton.studio.geometry.mesh import compact, smooth
from vton.studio.specs.outfit import ArticleSpec

UPPER, SOLE, ACCENT, LACES, ELASTIC, GROUND = range(6)
"""Part numbers: upper in the main colour, sole in the second, accent in the third."""

BESIDE_M = 0.15
"""Where the left foot stands beside the middle of the pair of standard feet."""

CELL_M = 0.0055
FAR_M = 0.05


@dataclass(frozen=True)
class ShoeShape:
    """How a type is built, metres.

    cut: which opening; top: its height over the ankle joint; sole: thickness; ease: between foot and upper; welt: how
    far the sole stands out; point: of the toe, 0 round .. 1; arch: hollow under the instep; block: a broad heel.
    """

    cut: str
    top: float
    sole: float
    ease: float
    welt: float = 0.004
    point: float = 0.0
    arch: float = 0.0
    block: bool = False
    laces: bool = False


SHAPES: dict[str, ShoeShape] = {
    "sneaker": ShoeShape("low", 0.016, 0.026, 0.008, laces=True),
    "runner": ShoeShape("low", 0.018, 0.032, 0.009, laces=True, welt=0.006),
    "hightop": ShoeShape("high", 0.075, 0.025, 0.008, laces=True),
    "derby": ShoeShape("low", 0.010, 0.022, 0.006, arch=0.010, laces=True, point=0.15),
    "loafer": ShoeShape("loafer", 0.010, 0.017, 0.005, arch=0.008),
    "chelsea": ShoeShape("ankle", 0.085, 0.023, 0.007, arch=0.010),
    "combat": ShoeShape("ankle", 0.130, 0.033, 0.009, arch=0.009, laces=True, welt=0.006),
    "boot_tall": ShoeShape("tall", 0.330, 0.011, 0.006, block=True, welt=0.003),
    "pump": ShoeShape("pump", 0.0, 0.006, 0.0035, welt=0.0, point=1.0),
    "heelboot": ShoeShape("ankle", 0.085, 0.009, 0.006, block=True, point=0.5, welt=0.002),
    "flat": ShoeShape("pump", 0.0, 0.008, 0.0035, welt=0.001, point=0.5),
}


@dataclass
class Shoe:
    """A left shoe in shoe space.

    at_foot, at_leg: [V,3] its vertices in the rest pose, as they move with the foot and with the lower leg; shank: [V]
    how much a vertex follows the leg.
    """

    mesh: PartMesh
    at_foot: np.ndarray
    at_leg: np.ndarray
    shank: np.ndarray

    def worn(self, side: str, foot: np.ndarray, leg: np.ndarray) -> PartMesh:
        """The shoe on a posed foot. ``side``: "L" or "R"; foot, leg: [4,4] transforms of the bones of that side."""
        flip = np.array([1, 1, 1]) if side == "L" else np.array([-1, 1, 1])
        on_foot = (self.at_foot * flip) @ foot[:3, :3].T + foot[:3, 3]
        on_leg = (self.at_leg * flip) @ leg[:3, :3].T + leg[:3, 3]
        vertices = on_foot + (on_leg - on_foot) * self.shank[:, None]
        triangles = self.mesh.triangles if side == "L" else np.ascontiguousarray(self.mesh.triangles[:, ::-1])
        place = None if self.mesh.place is None else (self.mesh.place * flip).astype(np.float32)
        return PartMesh(vertices.astype(np.float32), triangles, self.mesh.part, self.mesh.uv, place)


def heel_of(article: ArticleSpec | None) -> float:
    """Height of the heels of shoes in metres; 0 of bare feet."""
    return float(article.cut.get("heel", 0.0)) if article else 0.0


def build_shoe(article: ArticleSpec, foot: FootFit) -> Shoe:
    """The left shoe of an article on a foot (which must have been made for the article's heel)."""
    shape = SHAPES[article.type]
    heel = heel_of(article)
    floor = foot.sole_y - shape.sole
    vertices, triangles = _solid(shape, foot, heel, floor)
    vertices, triangles = clip(vertices, triangles, _opening(shape, foot, vertices))
    vertices, triangles = drop_specks(vertices, triangles, 0.5)
    shell = _Shell(vertices, triangles)
    _paint(shell, article, shape, foot, heel, floor)
    mesh = shell.separated()
    if shape.laces:
        mesh = join([mesh, *_laces(mesh, shape, foot)])
    mesh = mesh.with_places(foot.on_standard_foot(mesh.vertices) + [BESIDE_M, 0, 0])
    shank = np.clip((mesh.vertices[:, 1] + 0.005) / 0.07, 0, 1)
    to_foot, to_leg = foot.foot_to_rest, foot.leg_to_rest
    at_foot = mesh.vertices @ to_foot[:3, :3].T + to_foot[:3, 3]
    return Shoe(mesh, at_foot, mesh.vertices @ to_leg[:3, :3].T + to_leg[:3, 3], shank)


def _solid(shape: ShoeShape, foot: FootFit, heel: float, floor: float) -> tuple[np.ndarray, np.ndarray]:
    """The closed surface of shoe, sole and heel together."""
    low = np.array([foot.points[:, 0].min() - 0.035, floor - 0.014, foot.heel_z - 0.040])
    high = np.array([foot.points[:, 0].max() + 0.035, max(shape.top + 0.03, 0.075), foot.toe_z + 0.055])
    axes = [low[i] + CELL_M * np.arange(int(np.ceil((high[i] - low[i]) / CELL_M)) + 1) for i in range(3)]
    x, y, z = np.meshgrid(*axes, indexing="ij")
    around = _around_foot(shape, foot, x, y, z)
    bottom = foot.bottom(axes[2])[None, None, :]
    outline = np.where(y < bottom + 0.03, around, FAR_M).min(1)[:, None, :] - shape.ease
    field = np.minimum(around - shape.ease, _sole(shape, foot, heel, floor, outline, (x, y, z)))
    field = np.maximum(field, (bottom - shape.sole - 0.001 if heel > 0 else floor) - y)
    if heel > 0:
        field = np.minimum(field, _heel(shape, foot, heel, floor, outline, (x, y, z)))
    field = gaussian_filter(field.astype(np.float32), 0.6)
    for face in (field[0], field[-1], field[:, 0], field[:, :, 0], field[:, :, -1], field[:, -1]):
        np.maximum(face, FAR_M, out=face)
    vertices, triangles = surface_nets(field, low, CELL_M)
    return smooth(vertices, triangles, 2, 0.5), triangles


def _around_foot(shape: ShoeShape, foot: FootFit, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Smoothed distance to the foot; beyond the ball of the foot space is bent for a longer and more pointed toe."""
    ball, toe = foot.ball_z, foot.toe_z
    bent_z = np.where(z > ball, ball + (z - ball) * 0.90, z)
    ahead = np.clip((z - ball) / (toe + 0.02 - ball), 0, 1.2)
    middle = foot.ball_x * ahead
    bent_x = middle + (x - middle) * (1 + 0.55 * shape.point * ahead**2)
    places = np.stack([bent_x, y, bent_z], -1).reshape(-1, 3)
    distance, nearest = foot.tree.query(places, distance_upper_bound=FAR_M)
    found = np.isfinite(distance)
    nearest = np.where(found, nearest, 0)
    plane = ((places - foot.points[nearest]) * foot.normals[nearest]).sum(1)
    signed = np.where(distance < 0.012, plane, np.sign(plane) * np.where(found, distance, 0))
    return gaussian_filter(np.where(found, signed, FAR_M).reshape(x.shape), 1.6)


def _sole(
    shape: ShoeShape, foot: FootFit, heel: float, floor: float, outline: np.ndarray, grid: Sequence[np.ndarray]
) -> np.ndarray:
    _, y, z = grid
    outline = outline - shape.welt
    if heel > 0:
        bottom = foot.bottom(z[0, 0])[None, None, :]
        return np.maximum(np.maximum(outline, y - (bottom + 0.004)), bottom - shape.sole - y)
    along = (z - foot.heel_z) / foot.length
    hollow = shape.arch * np.clip((along - 0.30) / 0.06, 0, 1) * np.clip((0.66 - along) / 0.10, 0, 1)
    return np.maximum(np.maximum(outline, y - (foot.sole_y + 0.006)), floor + hollow - y)


def _heel(
    shape: ShoeShape, foot: FootFit, heel: float, floor: float, outline: np.ndarray, grid: Sequence[np.ndarray]
) -> np.ndarray:
    """A block under the heel bone, or a stiletto."""
    x, y, z = grid
    up = np.clip((y - floor) / heel, 0, 1)
    if shape.block:
        front = foot.heel_z + 0.30 * foot.length - 0.02 * (1 - up)
        column = np.maximum(outline + 0.004 * (1 - up) + 0.002, z - front)
    else:
        radius = 0.0068 + 0.015 * up**3
        column = np.hypot(x - foot.heel_x, z - (foot.heel_z + 0.016 + 0.012 * up)) - radius
    return np.maximum(np.maximum(column, y - (foot.bottom(z[0, 0])[None, None, :] + 0.002)), floor - y)


def _opening(shape: ShoeShape, foot: FootFit, vertices: np.ndarray) -> np.ndarray:
    """Positive where the shoe is cut open."""
    y, z = vertices[:, 1], vertices[:, 2]
    along = (z - foot.heel_z) / foot.length
    if shape.cut in ("high", "ankle", "tall"):
        dip = 0.012 if shape.cut == "ankle" else 0.0
        return y - (shape.top - dip * np.cos(np.clip(z / 0.05, -1.5, 1.5)))
    shares, heights, front = _TOPLINES[shape.cut]
    edge = np.interp(along, shares, heights)
    edge = edge + foot.bottom(z) if shape.cut == "pump" else edge + shape.top
    across = vertices[:, 0] - foot.ball_x * np.clip(z / foot.ball_z, 0, 1)
    vamp = foot.heel_z + front * foot.length - z - 9.0 * across**2
    return np.minimum(y - edge, vamp)


_TOPLINES: dict[str, tuple[tuple[float, ...], tuple[float, ...], float]] = {
    "low": ((0, 0.10, 0.24, 0.40, 0.52), (-0.004, -0.012, -0.030, -0.014, 0.016), 0.56),
    "loafer": ((0, 0.12, 0.3, 0.48, 0.56), (-0.020, -0.030, -0.042, -0.040, -0.034), 0.60),
    "pump": ((0, 0.1, 0.35, 0.66, 0.74), (0.052, 0.044, 0.034, 0.026, 0.022), 0.76),
}
"""Of low openings: shares of the foot's length from the heel, height of the edge there (over the ankle plus ``top``; of
pumps over the foot's underside), and the share where the vamp begins."""


class _Shell:
    """A mesh that is cut along lines, so that every part has clean borders."""

    def __init__(self, vertices: np.ndarray, triangles: np.ndarray):
        self.vertices, self.triangles = vertices, triangles
        self.rules: list[tuple[Callable[[np.ndarray], np.ndarray], int]] = []

    def mark(self, level: Callable[[np.ndarray], np.ndarray], part: int) -> None:
        """Makes a part of where ``level(points [N,3])`` is below 0; later marks go over earlier ones."""
        self.vertices, self.triangles = split(self.vertices, self.triangles, level(self.vertices).astype(np.float32))
        self.rules.append((level, part))

    def separated(self) -> PartMesh:
        """The mesh with vertices of its own for every part, so that shading breaks at their borders."""
        centres = self.vertices[self.triangles].mean(1)
        part = np.zeros(len(self.triangles), np.int32)
        for level, number in self.rules:
            part[level(centres) < 0] = number
        pieces = []
        for number in np.unique(part):
            vertices, triangles, _ = compact(self.vertices, self.triangles[part == number])
            uv = np.stack([vertices[:, 2] + vertices[:, 0], vertices[:, 1]], 1)
            pieces.append(PartMesh(vertices, triangles, np.full(len(triangles), number, np.int32), uv))
        return join(pieces)


def _paint(
    shell: _Shell, article: ArticleSpec, shape: ShoeShape, foot: FootFit, heel: float, floor: float
) -> None:
    def along(p: np.ndarray) -> np.ndarray:
        return (p[:, 2] - foot.heel_z) / foot.length

    def above_sole(p: np.ndarray) -> np.ndarray:
        if heel > 0:
            return p[:, 1] - foot.bottom(p[:, 2]) - 0.0015
        return p[:, 1] - (foot.sole_y + 0.004 + 0.006 * np.clip((p[:, 2] - foot.ball_z) / 0.06, 0, 1))

    style = article.seed % 4
    if shape.laces and shape.cut == "low" and article.type in ("sneaker", "runner"):
        if style in (0, 2):
            shell.mark(lambda p: along(p) - 0.13, ACCENT)
        if style in (1, 2):
            slope = lambda p: np.abs((along(p) - 0.45) + (p[:, 1] - foot.sole_y - 0.03) * 4) - 0.04  # noqa: E731
            shell.mark(lambda p: np.maximum(slope(p), 0.022 - np.abs(p[:, 0] - 0.5 * foot.ball_x)), ACCENT)
    if article.type == "hightop":
        shell.mark(lambda p: np.hypot(p[:, 1] - 0.012, p[:, 2] + 0.006) - 0.017, ACCENT)
    if article.type == "chelsea":
        shell.mark(lambda p: np.maximum(np.abs(p[:, 2] - 0.004) - 0.020, -0.012 - p[:, 1]), ELASTIC)
    if article.type == "loafer":
        shell.mark(lambda p: np.maximum(np.abs(along(p) - 0.60) - 0.035, foot.sole_y + 0.012 - p[:, 1]), ACCENT)
    shell.mark(above_sole, SOLE)
    if heel > 0:
        shell.mark(lambda p: p[:, 1] - foot.bottom(p[:, 2]) + 0.008, UPPER)
    shell.mark(lambda p: p[:, 1] - floor - 0.006, GROUND)


def _laces(mesh: PartMesh, shape: ShoeShape, foot: FootFit) -> list[PartMesh]:
    """Cords across the instep and, on boots, up the front of the leg, laid onto the upper."""
    points = mesh.vertices.astype(np.float64)
    tree = tree_of(points[:, [0, 2]])
    across = np.linspace(-0.021, 0.021, 11)
    cords = []
    for share in np.linspace(0.50, 0.70, 6):
        z = foot.heel_z + share * foot.length
        middle = foot.ball_x * float(np.clip(z / foot.ball_z, 0, 1))
        near = tree.query_ball_point(np.stack([middle + across, np.full(11, z)], 1), 0.006)
        height = np.array([points[found, 1].max() if found else np.nan for found in near])
        if np.isnan(height).any() or height.min() < foot.sole_y + 0.012:
            continue
        height = np.convolve(np.pad(height, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
        path = np.stack([middle + across, height + 0.0012, np.full(11, z)], 1)
        cords.append(tube(path, 0.0023, LACES, sides=6, up=(0, 1, 0.3)))
    if shape.cut in ("high", "ankle"):
        cords += _shaft_laces(points, shape, across)
    return cords


def _shaft_laces(points: np.ndarray, shape: ShoeShape, across: np.ndarray) -> list[PartMesh]:
    tree = tree_of(points[:, :2])
    cords = []
    for y in np.arange(0.012, shape.top - 0.008, 0.014):
        near = tree.query_ball_point(np.stack([across, np.full(11, y)], 1), 0.006)
        depth = np.array([points[found, 2].max() if found else np.nan for found in near])
        if not np.isnan(depth).any():
            depth = np.convolve(np.pad(depth, 1, mode="edge"), [0.25, 0.5, 0.25], "valid")
            path = np.stack([across, np.full(11, y), depth + 0.0012], 1)
            cords.append(tube(path, 0.0023, LACES, sides=6, up=(0, 1, 0.3)))
    return cords
