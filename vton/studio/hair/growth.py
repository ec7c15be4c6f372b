"""Guide strands: hair combed, fallen, tied or standing off a posed head, kept out of head, shoulders and clothes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vton.studio.geometry.closest import PointShell
from vton.studio.hair.scalp import HeadFrame, Roots
from vton.studio.hair.styles import Style

DOWN = np.array([0.0, -1.0, 0.0])
CHIN, EYES = 6.4, 7.2
"""Heights on the template, decimetres."""

FRINGE_LENGTH = 0.066


class Colliders(PointShell):
    """Surfaces that hair stays outside of: points and normals [N, 3] of everything but the hair."""

    def __init__(self, surfaces: Sequence[tuple[np.ndarray, np.ndarray]], lowest: float) -> None:
        """Keeps what lies above ``lowest`` metres."""
        kept = [(v[high], n[high]) for v, n in surfaces if (high := v[:, 1] > lowest).any()]
        points, normals = (np.concatenate(parts).astype(np.float32) for parts in zip(*kept, strict=True))
        super().__init__(points, normals)

    def height(self, points: np.ndarray, radius: float = 0.06) -> tuple[np.ndarray, np.ndarray]:
        """Height [N] over the nearest surface and its normal [N, 3]; ``radius`` and zeros where none is near."""
        heights, found = self.heights(points, radius)
        near = found >= 0
        return np.where(near, heights, radius), np.where(near[:, None], self.normals[found], 0)

    def below(self, points: np.ndarray, radius: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Nearest surface points [N, 3], their normals [N, 3], and whether one is within the radius [N]."""
        _, found = self.heights(points, radius)
        return self.points[found], self.normals[found], found >= 0


@dataclass
class Guides:
    """paths: [G, K+1, 3] metres, root first. side: [G] which strands may be blended with each other."""

    paths: np.ndarray
    side: np.ndarray


@dataclass(frozen=True)
class Scalp:
    """What every form of hair starts from: ``count`` roots of a posed head."""

    roots: Roots
    count: int
    points: np.ndarray
    normals: np.ndarray
    head: HeadFrame
    colliders: Colliders

    @property
    def at(self) -> np.ndarray:
        """Places on the template [G, 3], decimetres."""
        return self.roots.at[: self.count]

    @property
    def above(self) -> np.ndarray:
        """Decimetres above the hairline [G]."""
        return self.roots.above[: self.count]


def grow_guides(scalp: Scalp, style: Style, side: int, length: float, steps: int, rng: np.random.Generator) -> Guides:
    """Guide strands of a style.

    Args:
        scalp: the roots.
        style: the style.
        side: of the parting, -1 or 1.
        length: factor of the style's length.
        steps: points of a strand but for its root.
        rng: of the disorder.
    """
    grow = {"short": _short, "coiled": _coiled, "long": _long, "tied": _tied}[style.form]
    return grow(scalp, style, side, length, steps, rng)


def _sides(scalp: Scalp, style: Style, side: int) -> np.ndarray:
    """On which side of the parting [G] the roots are: 1 the person's left, -1 the right."""
    return np.where(scalp.at[:, 0] > (style.part or 0.0) * side, 1.0, -1.0)


def _short(scalp: Scalp, style: Style, side: int, length: float, steps: int, rng: np.random.Generator) -> Guides:
    """Hair that rises to ``style.volume`` and then lies along the scalp the way it is combed."""
    head, count, sides = scalp.head, scalp.count, _sides(scalp, style, side)
    top = np.clip((scalp.at[:, 1] - 7.35) / 0.75, 0, 1)
    top = (top * top * (3 - 2 * top))[:, None]
    lengths = _lengths(style, length, count, rng) * (style.fade + (1 - style.fade) * top[:, 0])
    lengths *= (0.85 + 0.3 * rng.random(count)) * np.clip(0.35 + scalp.above / 0.25, 0.35, 1)
    sideways = 0.0 if style.part is None else 0.75
    front = np.clip((scalp.at[:, 2:] - 0.5) / 0.6, 0, 1)
    combed = head.front * style.forward + sides[:, None] * head.right * sideways + head.up * style.up * front
    combed = combed * top + DOWN * (1 - top) * 0.9 + rng.normal(0, style.disorder, (count, 3))
    target = (style.volume * (0.25 + 0.75 * top[:, 0]) * (0.7 + 0.6 * rng.random(count)))[:, None]
    points, heading, normals, height = scalp.points, scalp.normals, scalp.normals, np.zeros((count, 1))
    path = [points]
    for step in range(steps):
        rise = np.clip((target - height) / 0.010, -0.7, 1.0 if step else style.lift + 0.3)
        heading = _unit(0.45 * heading * (step > 0) + _tangential(combed, normals) + 0.9 * rise * normals)
        points = points + (heading + rng.normal(0, 0.03, (count, 3))) * (lengths / steps)[:, None]
        path.append(points)
        found, normals = scalp.colliders.height(points)
        height = found[:, None]
    return Guides(np.stack(path, 1), sides if style.part is not None else np.zeros(count))


def _coiled(scalp: Scalp, style: Style, side: int, length: float, steps: int, rng: np.random.Generator) -> Guides:
    count = scalp.count
    lengths = _lengths(style, length, count, rng) * np.clip(0.45 + scalp.above / 0.5, 0.45, 1)
    start = _unit(scalp.normals + rng.normal(0, 0.25, (count, 3)))
    path = [scalp.points]
    for _ in range(steps):
        heading = _unit(start + rng.normal(0, 0.45, (count, 3)))
        path.append(path[-1] + heading * (lengths / steps)[:, None])
    return Guides(np.stack(path, 1), np.zeros(count))


def _long(scalp: Scalp, style: Style, side: int, length: float, steps: int, rng: np.random.Generator) -> Guides:
    fall = _Fall(scalp, style, side, length, steps, rng)
    path, heading = [scalp.points], scalp.normals
    for step in range(steps):
        heading = fall.heading(path[-1], heading, step / steps)
        point = path[-1] + heading * fall.stride[:, None]
        path.append(_pushed_out(point, scalp.colliders, fall.gap * min(1.0, (step + 1) / 2.5)))
    parted = fall.sides * (scalp.at[:, 2] > 0)
    return Guides(np.stack(path, 1), parted + 4 * fall.fringe + 16 * fall.forth)


class _Fall:
    """Long hair: combed off the parting, then hanging, before or behind the shoulders."""

    def __init__(
        self, scalp: Scalp, style: Style, side: int, length: float, steps: int, rng: np.random.Generator
    ) -> None:
        self.head, self.colliders, self.style, self.rng = scalp.head, scalp.colliders, style, rng
        self.sides, at, count = _sides(scalp, style, side), scalp.at, scalp.count
        around = scalp.roots.around[:count]
        self.at = at
        self.fringe = style.fringe & (around < 58) & (at[:, 1] > 7.62) & (at[:, 2] > 0.55)
        end = EYES - (EYES - style.end) * length
        fallen = (at[:, 1] - end) * 1.02 + np.clip((at[:, 1] - 7.6) / 0.8, 0, 1) * 0.75
        lengths = np.maximum(0.03, 0.1 * fallen)
        lengths = np.where(self.fringe, FRINGE_LENGTH, lengths) * np.exp(rng.normal(0, 0.05, count))
        self.stride = lengths / steps
        layer = rng.random(count)
        beside_part = np.clip(np.abs(at[:, 0] - (style.part or 0.0) * side) / 0.6, 0.2, 1)
        self.layer = (0.15 + 0.85 * layer) * style.volume * np.where(at[:, 2] > -0.2, beside_part, 1)
        self.lift = 0.35 * beside_part[:, None]
        self.gap = np.where(self.fringe, 0.006 + 0.004 * layer, 0.004 + self.layer)
        # before the shoulder or behind it: decided at the root, so that no strand lies on top of the shoulder
        self.forth = np.where(rng.random(count) < _ahead(style.fall, at, around), 1.0, -1.0)

    def heading(self, points: np.ndarray, last: np.ndarray, share: float) -> np.ndarray:
        """Unit directions [G, 3] of the next step; ``share`` of the strand is behind it."""
        head, sides = self.head, self.sides[:, None]
        height, normals = self.colliders.height(points)
        local = head.local(points)
        on_head = np.clip((local[:, 1] - 6.95) / 0.5, 0, 1)[:, None]
        on_head = on_head * np.clip(1.3 - 0.3 * np.abs(local[:, :1]) ** 4, 0, 1)
        backwards = 0.06 + self.style.sweep * np.clip((self.at[:, 2:] + 0.1) / 0.9, -0.4, 1)
        sideways = 0.80 * np.clip((self.at[:, 2:] + 0.1) / 0.7, 0.15, 1)
        combed = sides * head.right * sideways - head.front * backwards - head.up * 0.12
        behind = np.clip((0.15 - self.at[:, 2:]) / 0.7, 0, 1)
        combed = combed * (1 - behind) - (head.up * 0.9 + head.front * 0.3) * behind
        over_brow = head.front * 0.40 - head.up * 0.80 + head.right * 0.25 * self.at[:, :1]
        combed = np.where(self.fringe[:, None], over_brow, combed)
        near = np.clip(1 - (height - self.layer) / 0.03, 0, 1)[:, None]
        combed = combed - normals * (normals * combed).sum(1, keepdims=True) * near
        cling = np.clip((height - self.layer) / 0.02, 0, 1.5)[:, None] * 0.55
        heading = 0.36 * last + combed * on_head * 0.75 + DOWN * (1.25 - on_head) - normals * cling * on_head
        if share == 0:
            heading = heading + self.lift * normals
        heading = heading + self._beside_the_face(local) + self._past_the_shoulder(local, height, normals)
        if self.style.fall:
            heading = heading + self._around_the_neck(local)
        into = np.minimum((heading * normals).sum(1, keepdims=True), 0)
        heading = heading - normals * into * (height < self.layer + 0.006)[:, None]
        if self.style.inward and share > 0.6:
            inwards = head.place([0, 6.6, 0.2]) - points
            inwards[:, 1] = 0
            heading = heading + _unit(inwards) * 0.28 * (share - 0.6) / 0.4
        return _unit(heading + self.rng.normal(0, 0.02, heading.shape))

    def _beside_the_face(self, local: np.ndarray) -> np.ndarray:
        before = ~self.fringe & (np.abs(local[:, 0]) < 0.66) & (local[:, 1] > 6.0) & (local[:, 1] < 7.9)
        before &= local[:, 2] > 0.75
        outwards = np.sign(local[:, :1] + 1e-4) * self.head.right * 0.8 - self.head.front * 0.35
        return np.where(before[:, None], outwards, 0)

    def _past_the_shoulder(self, local: np.ndarray, height: np.ndarray, normals: np.ndarray) -> np.ndarray:
        """Leads hair below the chin to its side of the shoulder, towards the neck rather than down the arm."""
        below = np.clip((CHIN + 0.35 - local[:, 1]) / 0.5, 0, 1) * np.clip((local[:, 1] - 4.9) / 0.4, 0, 1)
        resting = below * np.clip(1 - height / 0.035, 0, 1) * np.clip(normals[:, 1] / 0.35, 0, 1)
        wide = np.clip((np.abs(local[:, 0]) - 0.75) / 0.4, 0, 1)
        forth = self.forth[:, None] * self.head.front * (0.22 * below + 1.1 * resting)[:, None]
        inwards = -np.sign(local[:, :1]) * self.head.right * (0.45 * below * wide + 0.55 * resting)[:, None]
        return forth + inwards


    def _around_the_neck(self, local: np.ndarray) -> np.ndarray:
        """Leads strands that are to fall forward from behind the ears to the front of their side's shoulder."""
        led = np.clip((7.4 - local[:, 1]) / 0.5, 0, 1) * np.clip((local[:, 1] - 5.2) / 0.4, 0, 1)
        led = led * ((self.forth > 0) & (self.at[:, 2] < 0.9))
        aside = np.where(self.at[:, 0] > 0, 0.68, -0.68) - local[:, 0]
        ahead = np.clip(0.75 - local[:, 2], 0, 1.2)
        return led[:, None] * (0.8 * aside[:, None] * self.head.right + 0.9 * ahead[:, None] * self.head.front)


def _ahead(fall: str, at: np.ndarray, around: np.ndarray) -> np.ndarray:
    """[G] how likely strands of long hair come to hang before the shoulder; ``fall`` as in `specs.HairSpec`."""
    ahead = np.clip((105 - around) / 50, 0, 1) * 0.75
    if not fall:
        return ahead
    swept = np.clip((170 - around) / 40, 0, 1)
    sides = {"left": at[:, 0] > 0, "right": at[:, 0] < 0}
    return np.where(sides[fall], swept, 0.2 * ahead) if fall in sides else swept


def _tied(scalp: Scalp, style: Style, side: int, length: float, steps: int, rng: np.random.Generator) -> Guides:
    tie = scalp.head.place(style.tie)
    points, heading = scalp.points, scalp.normals
    stride = np.linalg.norm(tie - points, axis=1) * 1.12 / steps
    layer = rng.random(scalp.count)
    path = [points]
    for step in range(steps):
        height, normals = scalp.colliders.height(points)
        away = tie - points
        distance = np.linalg.norm(away, axis=1)
        near = np.clip(1 - (height - 0.012) / 0.03, 0, 1)[:, None]
        want = away / (distance[:, None] + 1e-6)
        want = want - normals * (want * normals).sum(1, keepdims=True) * near * 0.9
        heading = _unit(0.3 * heading + 0.9 * want)
        points = points + heading * np.minimum(stride, distance)[:, None]
        points = _pushed_out(points, scalp.colliders, (0.004 + 0.006 * layer) * min(1.0, (step + 1) / 2.5))
        path.append(points)
    return Guides(np.stack(path, 1), _sides(scalp, style, side))


def grow_tail(
    head: HeadFrame, style: Style, colliders: Colliders, length: float, count: int, steps: int, rng: np.random.Generator
) -> np.ndarray:
    """The strands [count, steps + 1, 3] of a pony tail or a bun."""
    tie = head.place(style.tie)
    if style.tail == "bun":
        return _bun(head, tie, style.knot * (0.85 + 0.3 * rng.random()), count, rng)
    points = tie + rng.normal(0, 0.006, (count, 3))
    heading = _unit(-head.front + 0.35 * head.up + rng.normal(0, 0.12, (count, 3)))
    sway = head.right * (0.03 if rng.random() < 0.5 else -0.03) * (rng.random() < 0.6)
    lengths = style.length * length * np.exp(rng.normal(0, 0.08, count))
    path = [points]
    for _ in range(steps):
        heading = _unit(0.72 * heading + 0.34 * DOWN + sway + rng.normal(0, 0.02, (count, 3)))
        points = _pushed_out(points + heading * (lengths / steps)[:, None], colliders, np.full(count, 0.008))
        path.append(points)
    return np.stack(path, 1)


def _bun(head: HeadFrame, tie: np.ndarray, radius: float, count: int, rng: np.random.Generator) -> np.ndarray:
    outwards = _unit((tie - head.place([0, 7.4, 0.2]))[None])
    centre = tie + outwards * radius * 0.55
    axis = _unit(outwards + rng.normal(0, 0.35, (count, 3)))
    first = _unit(np.cross(axis, rng.normal(0, 1, (count, 3))))
    second = np.cross(axis, first)
    latitude = rng.uniform(-0.8, 0.8, count)[:, None, None]
    angle = np.linspace(0, 2.2, 10)[None, :, None]
    radii = radius * (0.8 + 0.2 * np.sqrt(rng.random(count)))[:, None, None]
    circle = first[:, None] * np.cos(angle) + second[:, None] * np.sin(angle)
    return centre + radii * (np.cos(latitude) * circle + 0.8 * np.sin(latitude) * axis[:, None])


def under_hat(paths: np.ndarray, colliders: Colliders, plane: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Strands [G, K, 3] with what is above the hat's edge (a point and its normal) laid on the scalp."""
    point, normal = plane
    flat = paths.reshape(-1, 3)
    base, outwards, near = colliders.below(flat, 0.16)
    covered = near & ((flat - point) @ normal > -0.004)
    return np.where(covered[:, None], base + 0.003 * outwards, flat).reshape(paths.shape)


def _lengths(style: Style, length: float, count: int, rng: np.random.Generator) -> np.ndarray:
    return style.length * length * np.exp(rng.normal(0, 0.06, count))


def _pushed_out(points: np.ndarray, colliders: Colliders, gap: np.ndarray) -> np.ndarray:
    height, normals = colliders.height(points)
    return points + normals * np.clip(gap - height, 0, 0.02)[:, None]


def _tangential(vectors: np.ndarray, normals: np.ndarray) -> np.ndarray:
    vectors = np.broadcast_to(vectors, normals.shape)
    return vectors - normals * (vectors * normals).sum(1, keepdims=True)


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / (np.linalg.norm(vectors, axis=-1, keepdims=True) + 1e-9)
