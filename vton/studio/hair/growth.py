"""Guide strands: hair combed, fallen, tied or standing off a posed head, kept out of head, shoulders and clothes."""

import numpy as np

from vton.studio.hair.falling import grow_long
from vton.studio.hair.scalp import HeadFrame
from vton.studio.hair.strands import DOWN, Colliders, Guides, Scalp, lengths_of, pushed_out, sides_of, tangential, unit
from vton.studio.hair.styles import Style


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
    grow = {"short": _short, "coiled": _coiled, "long": grow_long, "tied": _tied}[style.form]
    return grow(scalp, style, side, length, steps, rng)


def _short(scalp: Scalp, style: Style, side: int, length: float, steps: int, rng: np.random.Generator) -> Guides:
    """Hair that rises to ``style.volume`` and then lies along the scalp the way it is combed."""
    head, count, sides = scalp.head, scalp.count, sides_of(scalp, style, side)
    top = np.clip((scalp.at[:, 1] - 7.35) / 0.75, 0, 1)
    top = (top * top * (3 - 2 * top))[:, None]
    lengths = lengths_of(style, length, count, rng) * (style.fade + (1 - style.fade) * top[:, 0])
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
        heading = unit(0.45 * heading * (step > 0) + tangential(combed, normals) + 0.9 * rise * normals)
        points = points + (heading + rng.normal(0, 0.03, (count, 3))) * (lengths / steps)[:, None]
        path.append(points)
        found, normals = scalp.colliders.height(points)
        height = found[:, None]
    return Guides(np.stack(path, 1), sides if style.part is not None else np.zeros(count))


def _coiled(scalp: Scalp, style: Style, side: int, length: float, steps: int, rng: np.random.Generator) -> Guides:
    count = scalp.count
    lengths = lengths_of(style, length, count, rng) * np.clip(0.45 + scalp.above / 0.5, 0.45, 1)
    start = unit(scalp.normals + rng.normal(0, 0.25, (count, 3)))
    path = [scalp.points]
    for _ in range(steps):
        heading = unit(start + rng.normal(0, 0.45, (count, 3)))
        path.append(path[-1] + heading * (lengths / steps)[:, None])
    return Guides(np.stack(path, 1), np.zeros(count))


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
        heading = unit(0.3 * heading + 0.9 * want)
        points = points + heading * np.minimum(stride, distance)[:, None]
        points = pushed_out(points, scalp.colliders, (0.004 + 0.006 * layer) * min(1.0, (step + 1) / 2.5))
        path.append(points)
    return Guides(np.stack(path, 1), sides_of(scalp, style, side))


def grow_tail(
    head: HeadFrame, style: Style, colliders: Colliders, length: float, count: int, steps: int, rng: np.random.Generator
) -> np.ndarray:
    """The strands [count, steps + 1, 3] of a pony tail or a bun."""
    tie = head.place(style.tie)
    if style.tail == "bun":
        return _bun(head, tie, style.knot * (0.85 + 0.3 * rng.random()), count, rng)
    points = tie + rng.normal(0, 0.006, (count, 3))
    heading = unit(-head.front + 0.35 * head.up + rng.normal(0, 0.12, (count, 3)))
    sway = head.right * (0.03 if rng.random() < 0.5 else -0.03) * (rng.random() < 0.6)
    lengths = style.length * length * np.exp(rng.normal(0, 0.08, count))
    path = [points]
    for _ in range(steps):
        heading = unit(0.72 * heading + 0.34 * DOWN + sway + rng.normal(0, 0.02, (count, 3)))
        points = pushed_out(points + heading * (lengths / steps)[:, None], colliders, np.full(count, 0.008))
        path.append(points)
    return np.stack(path, 1)


def _bun(head: HeadFrame, tie: np.ndarray, radius: float, count: int, rng: np.random.Generator) -> np.ndarray:
    outwards = unit((tie - head.place([0, 7.4, 0.2]))[None])
    centre = tie + outwards * radius * 0.55
    axis = unit(outwards + rng.normal(0, 0.35, (count, 3)))
    first = unit(np.cross(axis, rng.normal(0, 1, (count, 3))))
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
