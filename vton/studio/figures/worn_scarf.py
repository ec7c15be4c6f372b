"""A scarf around the neck: two turns that lie on shoulders and collars, and ends that hang down before the chest."""

from collections.abc import Sequence

import cv2
import numpy as np

from vton.studio.accessories.shapes import PartMesh, facing_out, join, loft, slab
from vton.studio.body.shape import PosedBody
from vton.studio.cloth.drape import DrapedGarment
from vton.studio.fabrics.harmony import jitter
from vton.studio.fabrics.painting import PALETTE, dye
from vton.studio.fabrics.weaves import weave_maps
from vton.studio.figures.worn_bag import distance_to_arm
from vton.studio.geometry.rotations import unit
from vton.studio.raster.appearance import Material

ANGLES = np.linspace(-np.pi, np.pi, 72, endpoint=False)
"""Around the neck, 0 in front, to the person's left."""

BAND_M, NECK_M = (0.0, 0.035), 0.09
"""Above the neck's root: where the scarf is fitted to the neck, and how far from its axis at most."""

HALF_TALL_M, HALF_THICK_M, APART_M = 0.040, 0.019, 0.026
"""Of a turn of the scarf; and how much lower and wider the second one lies."""

CELL_M = 0.015
CHEST_M = (0.24, 0.80)
"""Half width and height of the piece of the front that the ends can lie on."""

OFF_M = 0.012
"""Between the chest and the middle of an end."""

LEAN = 0.12
"""How far the ends fall inwards under what they hang over, per metre downwards."""

COLOURS = (
    "charcoal", "camel", "cream", "burgundy", "navy", "grey", "red", "forest", "mustard", "black", "pink", "beige",
)  # fmt: skip
STRIPED_SHARE = 0.35
RELIEF_PX, RELIEF_M = 256, 0.32


def worn_scarf(
    posed: PosedBody, drapes: Sequence[DrapedGarment], seed: int, bag: PartMesh | None = None
) -> PartMesh:
    """The scarf of a seed on a dressed body, over the strap of a bag; parts are 0 and 1, its stripes."""
    rng = np.random.default_rng([seed, 41])
    axes, centre = _frame(posed)
    body = posed.vertices[posed.shape.model.regions.torso]
    cloth = [part.vertices for d in drapes for part in (d.mesh, *d.trims)]
    points = np.concatenate([body, *cloth, *([bag.vertices] if bag else [])])
    arms = np.minimum(distance_to_arm(posed, points, "L"), distance_to_arm(posed, points, "R")) < 0.07
    local = (points - centre) @ axes.T
    shoulders = posed.joint("upperarm01.L"), posed.joint("upperarm01.R")
    wide = max(abs(float((s - centre) @ axes[0])) for s in shoulders)
    neck = (posed.vertices - centre) @ axes.T
    turns = _turns(neck, local[np.abs(local[:, 0]) < 0.75 * wide], rng)
    front = _front(local[~arms])
    sheets = [_end(front, turns[-1], *end, rng) for end in _ends(rng)]
    stripe = float(rng.uniform(0.05, 0.12))
    mesh = join([*(_tube(turn, rng) for turn in turns), *sheets])
    along = mesh.uv[mesh.triangles].min(1)[:, 1]
    part = (np.floor(along / stripe) % 2).astype(np.int32)
    vertices = mesh.vertices @ axes.astype(np.float32) + centre.astype(np.float32)
    return PartMesh(vertices.astype(np.float32), mesh.triangles, part, mesh.uv)


def scarf_material(seed: int, look_seed: int) -> Material:
    """Wool in one colour or striped; ``look_seed``: of the look that it goes with."""
    rng = np.random.default_rng([seed, look_seed, 42])
    names = [COLOURS[int(i)] for i in rng.choice(len(COLOURS), 2, replace=False)]
    first, second = (dye(jitter(rng, PALETTE[name])) for name in names)
    colours = np.stack([first, second if rng.random() < STRIPED_SHARE else first]).astype(np.float32)
    relief = weave_maps("wool", RELIEF_PX, RELIEF_M, 3)[1]
    return Material("cloth", colours, bump=relief, uv_scale=1 / RELIEF_M, sheen=0.2, translucency=0.15, inside=0.5)


def _frame(posed: PosedBody) -> tuple[np.ndarray, np.ndarray]:
    """Axes [3, 3] (rows: to the person's left, up, to the front) and the root of the neck [3]."""
    forward = unit(posed.transform("spine01")[:3, 2] * [1, 0, 1]).astype(np.float64)
    up = np.array([0.0, 1.0, 0.0])
    return np.stack([np.cross(up, forward), up, forward]), posed.joint("neck01").astype(np.float64)


def _turns(body: np.ndarray, local: np.ndarray, rng: np.random.Generator) -> list[np.ndarray]:
    """Middle lines [A, 3] of the two turns around a neck, of the body's points, over what lies around it, ``local``."""
    radius = np.hypot(body[:, 0], body[:, 2])
    neck = (body[:, 1] > BAND_M[0]) & (body[:, 1] < BAND_M[1]) & (radius < NECK_M)
    inner = _smooth(_most(np.arctan2(body[neck, 0], body[neck, 2]), radius[neck], 0.055), 3)
    angle, radius = np.arctan2(local[:, 0], local[:, 2]), np.hypot(local[:, 0], local[:, 2])
    turns = []
    for number in range(2):
        out = inner + HALF_THICK_M + 0.5 * number * APART_M + rng.uniform(0, 0.006)
        near = np.abs(radius - np.interp(angle, ANGLES, out, period=2 * np.pi)) < 0.03
        near &= (local[:, 1] < 0.04) & (local[:, 1] > -0.14)
        ground = _smooth(_most(angle[near], local[near, 1], -0.12), 4)
        slope = 0.012 - 0.022 * np.cos(ANGLES - rng.normal(0, 0.3)) - number * APART_M * (0.4 + 0.6 * np.cos(ANGLES))
        height = np.clip(ground + 0.6 * HALF_TALL_M, slope - 0.015, slope + 0.035)
        turns.append(np.stack([out * np.sin(ANGLES), _smooth(height, 3), out * np.cos(ANGLES)], 1))
    return turns


def _most(angle: np.ndarray, values: np.ndarray, empty: float) -> np.ndarray:
    """Greatest of the values around each of `ANGLES`."""
    number = np.floor((angle + np.pi) / (2 * np.pi) * len(ANGLES)).astype(int) % len(ANGLES)
    most = np.full(len(ANGLES), empty)
    np.maximum.at(most, number, values)
    return np.maximum.reduce([most, np.roll(most, 1), np.roll(most, -1)])


def _smooth(values: np.ndarray, rounds: int) -> np.ndarray:
    for _ in range(rounds):
        values = 0.5 * values + 0.25 * (np.roll(values, 1) + np.roll(values, -1))
    return values


def _tube(line: np.ndarray, rng: np.random.Generator) -> PartMesh:
    """A turn of soft cloth around its middle line, in folds that run along it."""
    around = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    away = line * [1, 0, 1] / np.linalg.norm(line * [1, 0, 1], axis=1, keepdims=True)
    rows = []
    phases, slant = rng.uniform(0, 2 * np.pi, 3), rng.choice([-1, 1]) * rng.uniform(0.6, 1.6)
    for point, out, angle in zip(line, away, ANGLES, strict=True):
        fold = sum(
            a * np.sin(k * around + s * slant * angle + p)
            for a, k, s, p in zip((0.10, 0.09, 0.05), (5, 7, 11), (1, 2, 1), phases, strict=True)
        )
        fold = fold * (1 + 0.5 * np.sin(2 * angle + phases[0]))
        across, up = HALF_THICK_M * np.cos(around) * (1 + fold), HALF_TALL_M * np.sin(around) * (1 + 0.6 * fold)
        rows.append(point + across[:, None] * out + up[:, None] * [0, 1, 0])
    rows.append(rows[0])
    return facing_out(loft(np.stack(rows), closed=True), _middles(line, len(around)))


def _middles(line: np.ndarray, around: int) -> np.ndarray:
    """The point of the line that each triangle of its tube belongs to."""
    closed = np.concatenate([line, line[:1]])
    return np.repeat((closed[1:] + closed[:-1]) / 2, 2 * around, 0)


def _front(local: np.ndarray) -> np.ndarray:
    """How far forwards the front reaches, a grid [rows downwards, columns to the left] of `CELL_M`."""
    half, low = CHEST_M
    here = (np.abs(local[:, 0]) < half) & (local[:, 1] < 0.06) & (local[:, 1] > -low) & (local[:, 2] > -0.05)
    column = ((local[here, 0] + half) / CELL_M).astype(int)
    row = ((0.06 - local[here, 1]) / CELL_M).astype(int)
    grid = np.full((int((low + 0.06) / CELL_M) + 1, int(2 * half / CELL_M) + 1), -0.05, np.float32)
    np.maximum.at(grid, (row, column), local[here, 2].astype(np.float32))
    grid = cv2.morphologyEx(grid, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    return np.maximum(cv2.dilate(grid, np.ones((3, 3), np.uint8)), cv2.GaussianBlur(grid, (0, 0), 1.5))


def _ends(rng: np.random.Generator) -> list[tuple[float, float]]:
    """Angle around the neck and length in metres of each end that hangs in front."""
    first, second = (float(rng.uniform(*limits)) for limits in ((0.22, 0.5), (0.2, 0.45)))
    both = [(float(rng.uniform(0.25, 0.6)), first), (-float(rng.uniform(0.25, 0.6)), second)]
    return both if rng.random() < 0.65 else both[: int(rng.integers(0, 2))]


def _end(front: np.ndarray, ring: np.ndarray, angle: float, long: float, rng: np.random.Generator) -> PartMesh:
    """A sheet that hangs from the ring over the front."""
    start = np.stack([np.interp(angle, ANGLES, ring[:, k]) for k in range(3)])
    half, count = rng.uniform(0.055, 0.085), max(8, int(long / 0.012))
    across = np.linspace(-1, 1, 17)
    rows, last, phase = [], np.full(17, start[2]), rng.uniform(0, 6, 2)
    drift = rng.uniform(-0.04, 0.10) * np.sign(angle)
    for share in np.linspace(0, 1, count):
        spread = half * (0.55 + 0.45 * min(1.0, 4 * share))
        x = start[0] + drift * long * share + spread * across
        y = np.full(17, start[1] - long * share)
        surface = cv2.remap(
            front, ((x + CHEST_M[0]) / CELL_M - 0.5).astype(np.float32)[None],
            ((0.06 - y) / CELL_M - 0.5).astype(np.float32)[None], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
        )[0]  # fmt: skip
        last = np.maximum(surface + OFF_M, last - LEAN * long / count)
        last = 0.5 * last + 0.5 * np.convolve(np.pad(last, 2, mode="edge"), np.ones(5) / 5, "valid")
        fold = 0.007 * np.sin(5.0 * across + phase[0]) + 0.003 * np.sin(11 * across + 3 * share + phase[1])
        rows.append(np.stack([x, y, last + fold * min(1.0, 3 * share)], 1))
    sheet = slab(np.stack(rows), False, 0.008)
    corners = sheet.vertices[sheet.triangles[: len(sheet.triangles) // 2]]
    forwards = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]).sum(0)[2] > 0
    return sheet if forwards else slab(np.stack(rows)[:, ::-1], False, 0.008)
