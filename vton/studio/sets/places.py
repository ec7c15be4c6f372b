"""Places behind a person: a box of painted planes and things that stand in it, seen by the photo's camera."""

from dataclasses import dataclass, field

import cv2
import numpy as np

from vton.studio.light.shading import SHOULDER
from vton.studio.raster.camera import StudioCamera
from vton.studio.sets.lens import defocused
from vton.studio.specs.form import Colour

ROWS = 384
"""Of the picture that a place is drawn in, at most: it is out of focus."""

MARGIN = 0.08
"""Of these rows, how many around the picture blur into it."""

CLEAR_M = 0.25
"""What is nearer than this behind the person, as a wall that the camera looks through, is not there."""

WEAR = 0.03
"""How uneven paint and stone are."""

NEVER = np.float32(1e6)


def scaled(colour: Colour, factor: float) -> Colour:
    """A linear colour that is so many times as bright."""
    red, green, blue = colour
    return factor * red, factor * green, factor * blue


@dataclass(frozen=True)
class Patch:
    """A rectangle or ellipse on a plane: its edges in metres, and linear RGB, above 1 for what shines.

    fade: how much darker its lower edge is, 0..1.
    """

    left: float
    right: float
    low: float
    high: float
    colour: Colour
    round: bool = False
    fade: float = 0.0


@dataclass(frozen=True)
class Plane:
    """A painted plane: its colour, linear RGB, and patches, the later over the earlier.

    tiles: width and length in metres of boards or slabs, or none; tone: by how much they differ.
    """

    colour: Colour
    patches: tuple[Patch, ...] = ()
    tiles: tuple[float, float] | None = None
    tone: float = 0.06

    def paint(self, a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """[N, 3] f32 linear RGB at places a, b [N], and which of them a patch covers [N]."""
        image = np.tile(np.array(self.colour, np.float32), (len(a), 1))
        covered = np.zeros(len(a), bool)
        worn = np.sin(1.1 * a + 0.7 * b) + np.sin(2.7 * b - 0.9 * a + 2) + np.sin(5.3 * a + 4.1 * b + 4)
        if self.tiles:
            wide, long = self.tiles
            column = np.floor(a / wide).astype(int)
            row = np.floor(b / long + 0.37 * column).astype(int)
            image *= (1 + self.tone * np.sin(12.9898 * column + 78.233 * row))[:, None].astype(np.float32)
            gap = np.minimum(np.abs(a / wide - np.rint(a / wide)) * wide, 0.5)
            image *= (1 - 0.3 * np.exp(-((gap / 0.006) ** 2)))[:, None].astype(np.float32)
        for patch in self.patches:
            x = (a - (patch.left + patch.right) / 2) / max(patch.right - patch.left, 1e-6) * 2
            y = (b - (patch.low + patch.high) / 2) / max(patch.high - patch.low, 1e-6) * 2
            inside = x * x + y * y < 1 if patch.round else (np.abs(x) < 1) & (np.abs(y) < 1)
            shade = 1 - patch.fade * (1 - y[inside]) / 2
            image[inside] = np.array(patch.colour, np.float32) * shade[:, None]
            covered |= inside
        return image * (1 + WEAR * worn).astype(np.float32)[:, None], covered


@dataclass(frozen=True)
class Thing:
    """What stands in a place: patches on a plane that looks to the front, ``behind`` metres behind the person."""

    behind: float
    patches: tuple[Patch, ...]


@dataclass(frozen=True)
class Place:
    """A box around a person who stands at its origin: the distance of its walls, its height, and what they show.

    turn_deg: of the whole about the person. Walls of "left" and "right" are painted along z, from the back to the
    front, "back" along x, "floor" and "sky" (the ceiling) along x and z. Above ``roofs`` metres walls end and "sky" is
    seen.
    """

    left: float
    right: float
    back: float
    height: float
    planes: dict[str, Plane]
    things: tuple[Thing, ...] = ()
    turn_deg: float = 0.0
    roofs: dict[str, float] = field(default_factory=dict)


def draw_place(place: Place, camera: StudioCamera, size_hw: tuple[int, int], blur: float) -> np.ndarray:
    """The picture of a place, [H, W, 3] f32 linear RGB below 1.

    Args:
        camera: whose target is what it focuses on.
        blur: diameter of a far point of light, as a share of the picture's height.
    """
    rows = min(ROWS, size_hw[0])
    columns, margin = round(rows * size_hw[1] / size_hw[0]), round(MARGIN * rows)
    eye, ray = _rays(place, camera, rows, columns, margin)
    focus = float(np.linalg.norm(np.subtract(camera.target, camera.eye)))
    image, depth = _cast(place, eye, ray, focus + CLEAR_M)
    image, depth = (x.reshape(rows + 2 * margin, columns + 2 * margin, -1) for x in (image, depth))
    image = defocused(image, 0.5 * blur * rows * np.abs(1 - focus / depth[..., 0]))
    image = np.ascontiguousarray(image[margin:-margin, margin:-margin])
    if rows != size_hw[0]:
        image = cv2.resize(image, size_hw[::-1], interpolation=cv2.INTER_CUBIC)
    bright = SHOULDER + (1 - SHOULDER) * (1 - np.exp(-np.maximum(image - SHOULDER, 0) / (1 - SHOULDER)))
    return np.where(image < SHOULDER, np.maximum(image, 0), bright).astype(np.float32)


def _cast(place: Place, eye: np.ndarray, ray: np.ndarray, nearest_m: float) -> tuple[np.ndarray, np.ndarray]:
    """Colour [N, 3] and depth along the axis [N] f32 of what the rays see beyond a distance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = {
            "floor": -eye[1] / ray[:, 1],
            "sky": (place.height - eye[1]) / ray[:, 1],
            "back": (-place.back - eye[2]) / ray[:, 2],
            "left": (-place.left - eye[0]) / ray[:, 0],
            "right": (place.right - eye[0]) / ray[:, 0],
        }
    for name, t in reach.items():
        t[~(t > (1e-3 if name == "floor" else nearest_m))] = NEVER
        if name in place.roofs:
            t[eye[1] + np.minimum(t, 1e4) * ray[:, 1] > place.roofs[name]] = NEVER
    names = list(reach)
    depth = np.stack([reach[name] for name in names])
    nearest = depth.argmin(0)
    depth = np.minimum(depth.min(0), 1e3).astype(np.float32)
    image = np.zeros((len(ray), 3), np.float32)
    for number, name in enumerate(names):
        seen = nearest == number
        point = eye + depth[seen, None] * ray[seen]
        a, b = {"back": (0, 1), "left": (2, 1), "right": (2, 1)}.get(name, (0, 2))
        image[seen] = place.planes[name].paint(point[:, a], point[:, b])[0]
    for thing in sorted(place.things, key=lambda thing: -thing.behind):
        _stand(thing, eye, ray, nearest_m, image, depth)
    return image, depth


def _stand(
    thing: Thing, eye: np.ndarray, ray: np.ndarray, nearest_m: float, image: np.ndarray, depth: np.ndarray
) -> None:
    """Draws a thing into image [N, 3] and depth [N] where nothing is before it."""
    t = (-thing.behind - eye[2]) / np.where(np.abs(ray[:, 2]) < 1e-6, 1e-6, ray[:, 2])
    seen = np.flatnonzero((t > nearest_m) & (t < depth))
    point = eye + t[seen, None] * ray[seen]
    colours, covered = Plane((0, 0, 0), thing.patches).paint(point[:, 0], point[:, 1])
    image[seen[covered]] = colours[covered]
    depth[seen[covered]] = t[seen[covered]]


def _rays(
    place: Place, camera: StudioCamera, rows: int, columns: int, margin: int
) -> tuple[np.ndarray, np.ndarray]:
    """The eye [3], and rays [N, 3] f32 that go 1 metre along the camera's axis, in the axes of the place.

    One for each pixel of a picture of the camera with a margin on all sides.
    """
    right, up, forward = camera.axes()
    focus = np.linalg.norm(np.subtract(camera.target, camera.eye))
    scale = camera.height_m / rows / focus
    x = (np.arange(-margin, columns + margin) + 0.5 - columns / 2)[None, :, None] * scale * right
    y = (rows / 2 - np.arange(-margin, rows + margin) - 0.5)[:, None, None] * scale * up
    ray = (x + y + forward).reshape(-1, 3)
    turn = np.radians(place.turn_deg)
    to_place = np.array([[np.cos(turn), 0, np.sin(turn)], [0, 1, 0], [-np.sin(turn), 0, np.cos(turn)]])
    return (to_place @ np.asarray(camera.eye)).astype(np.float32), (ray @ to_place.T).astype(np.float32)
