"""Long hair: combed off the parting, then hanging, before or behind the shoulders."""

import numpy as np

from vton.studio.hair.strands import DOWN, Guides, Scalp, pushed_out, sides_of, unit
from vton.studio.hair.styles import Style

CHIN, EYES = 6.4, 7.2
"""Heights on the template, decimetres."""

FRINGE_LENGTH = 0.066


def grow_long(scalp: Scalp, style: Style, side: int, length: float, steps: int, rng: np.random.Generator) -> Guides:
    fall = _Fall(scalp, style, side, length, steps, rng)
    path, heading = [scalp.points], scalp.normals
    for step in range(steps):
        heading = fall.heading(path[-1], heading, step / steps)
        point = path[-1] + heading * fall.stride[:, None]
        path.append(pushed_out(point, scalp.colliders, fall.gap * min(1.0, (step + 1) / 2.5)))
    parted = fall.sides * (scalp.at[:, 2] > 0)
    return Guides(np.stack(path, 1), parted + 4 * fall.fringe + 16 * fall.forth)


class _Fall:
    """Long hair: combed off the parting, then hanging, before or behind the shoulders."""

    def __init__(
        self, scalp: Scalp, style: Style, side: int, length: float, steps: int, rng: np.random.Generator
    ) -> None:
        self.head, self.colliders, self.style, self.rng = scalp.head, scalp.colliders, style, rng
        self.sides, at, count = sides_of(scalp, style, side), scalp.at, scalp.count
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
            heading = heading + unit(inwards) * 0.28 * (share - 0.6) / 0.4
        return unit(heading + self.rng.normal(0, 0.02, heading.shape))

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
    """[G] how likely strands of long hair come to hang before the shoulder; ``fall`` as in `person.HairSpec`."""
    ahead = np.clip((105 - around) / 50, 0, 1) * 0.75
    if not fall:
        return ahead
    swept = np.clip((170 - around) / 40, 0, 1)
    sides = {"left": at[:, 0] > 0, "right": at[:, 0] < 0}
    return np.where(sides[fall], swept, 0.2 * ahead) if fall in sides else swept
