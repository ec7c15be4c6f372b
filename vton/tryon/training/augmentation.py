"""Views of a dressed person, and what estimators get wrong about them, for training try-on systems."""

from __future__ import annotations

import cv2
import numpy as np

from vton.conditioning.canvas import resized, sampled
from vton.conditioning.masks import disc, grown, row, shrunk, square
from vton.data.pairs.pack import PairArrays
from vton.schema import SIDED_LABELS, TRYON_SLOTS, Parsing, tryon_slot
from vton.training.photo_augmentation import SWAP, affine, apply_to_points, blend, warp

_NUMBER = {name: number for number, name in enumerate(SIDED_LABELS)}
# Views; lengths are shares of the canvas, or of the body from head to feet.
_LARGEST_ZOOM = 2.2  # of a crop to half a body
_FEWEST_JOINTS = 6  # that a view must show, and that estimators find
_TURNED, _DEGREES, _MOST_DEGREES = 0.3, 3, 8  # share of views; standard deviation, and where it is cut
_CROP_FILLS, _CROP_PLAY = (0.85, 1.0), (0.06, 0.03)  # of the height; to the side and up or down
_FARTHER = 0.25  # share of the views of whole people that are taken from farther away
_FAR, _NEAR = (0.72, 0.92), (0.92, 1.1)  # scale of those, and of the others
_PLAY, _PLAY_OF_ROOM = 0.04, 0.35  # how far whole people are moved: always, and of the room beside them
_FROM_WAIST = 0.6  # share of the half bodies in bottoms that are seen without their head
_WAISTS, _FEET = (0.2, 0.4), (0.95, 1.05)  # where those begin and end
_HEADS, _THIGHS, _HIPS = (-0.06, 0.03), (0.7, 0.95), (0.5, 0.8)  # where others begin; ends with and without legs
# Mistakes of parsings: their shares, and lengths in pixels of 256x192.
_WARPED, _OFF, _OFF_CELL = 0.7, (0.6, 2.4), 12  # outlines displaced: by how much, and how far apart differently
_SWAPPED, _TORN_DRESS, _JOINED = 0.06, 0.15, 0.1  # top and outer exchanged; a dress as two pieces; a bottom as a dress
_PATCHED, _NO_LABEL = 0.5, 0.3  # wrong patches; those of them without a label
_BESIDE, _PATCH = 2000, (2, 12)  # pixels of the person, in reading order, between a patch and its label; half its sides
_LONGER = (0.02, 0.2)  # of the person's height: how much longer a garment could have been
_FLARE = 0.3  # columns per row by which a skirt widens, at most
_HIDDEN_BELOW = [_NUMBER[name] for name in ("background", "top", "bottom", "dress", "left_leg", "right_leg")]
# Strips beside a person: of 255, up to which deviation a column is padding; pixels off the person; least width.
_PLAIN, _MARGIN, _NARROWEST = 4.0, 5, 20
_SKIRTS = 0.4  # share of the wider old garments that are skirts


def see(rng: np.random.Generator, pair: PairArrays, half_body: float, least_worn: float) -> None:
    """Moves, scales and now and then crops the photo to half a body, in place, with everything that belongs to it.

    Args:
        half_body: share of such crops.
        least_worn: share of the canvas that the garment must still cover, else the photo stays as it is.
    """
    size_hw = pair.image.shape[:2]
    matrix = _view(rng, pair, half_body)
    worn = warp(pair.worn, matrix, size_hw, nearest=True)
    number = TRYON_SLOTS.index(pair.slot) + 1
    before, after = ((array == number).mean() for array in (pair.worn, worn))
    xy = apply_to_points(matrix, pair.joints[:, :2])
    inside = ((xy >= 0) & (xy < size_hw[::-1])).all(axis=1) & (pair.joints[:, 2] > 0)
    if after < min(least_worn, before) or inside.sum() < _FEWEST_JOINTS:
        return
    pair.worn = worn
    pair.image = warp(pair.image, matrix, size_hw, None)
    pair.labels = warp(pair.labels, matrix, size_hw, nearest=True)
    pair.joints[:, :2] = xy
    pair.joints[~inside] = 0


def _view(rng: np.random.Generator, pair: PairArrays, half_body: float) -> np.ndarray:
    """The map [2, 3] from the photo to the view."""
    h, w = pair.image.shape[:2]
    rows, columns = (np.flatnonzero(pair.labels.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return affine((1, 1), 0, (0, 0), (0, 0))
    top, bottom, middle = rows[0], rows[-1] + 1, (columns[0] + columns[-1] + 1) / 2
    degrees = float(np.clip(rng.normal(0, _DEGREES), -_MOST_DEGREES, _MOST_DEGREES)) if rng.random() < _TURNED else 0.0
    if rng.random() < half_body:
        low, high = _window(rng, pair.slot)
        span = (high - low) * (bottom - top)
        scale = min(_LARGEST_ZOOM, h * rng.uniform(*_CROP_FILLS) / span)
        source = (middle, top + (low + high) / 2 * (bottom - top))
        aside, up = _CROP_PLAY
        target = (w * (0.5 + rng.uniform(-aside, aside)), h * (0.5 + rng.uniform(-up, up)))
    else:
        scale = rng.uniform(*_FAR) if rng.random() < _FARTHER else rng.uniform(*_NEAR)
        source = (middle, (top + bottom) / 2)
        play = _PLAY + _PLAY_OF_ROOM * max(0.0, 1 - scale)
        target = (middle + w * rng.uniform(-play, play), h * (0.5 + rng.uniform(-0.5, 0.5) * play))
    return affine((scale, scale), degrees, source, target)


def _window(rng: np.random.Generator, slot: str) -> tuple[float, float]:
    """Which part of the body's height half a body is: from the head for most, from the waist for some bottoms."""
    worn = tryon_slot(slot)
    if not worn.on_torso and rng.random() < _FROM_WAIST:
        return rng.uniform(*_WAISTS), rng.uniform(*_FEET)
    return rng.uniform(*_HEADS), rng.uniform(*(_THIGHS if worn.on_legs else _HIPS))


def before(image: np.ndarray, labels: np.ndarray, background: np.ndarray) -> np.ndarray:
    """A person before another background: [H, W, 3], uint8.

    Args:
        image, background: [H, W, 3], uint8; labels: [H, W], uint8, 0 beside the person.
    """
    # Half a pixel less than the labels: their rim shows the old background too.
    inside = shrunk(labels > 0, square(0.5))
    cover = cv2.blur(np.where(inside, np.uint8(255), np.uint8(0)), (3, 3))
    return blend(image, background, cover)


def beside_person(rng: np.random.Generator, image: np.ndarray, labels: np.ndarray) -> np.ndarray | None:
    """A strip [H, w, 3] of a photo that shows nothing of the person and no padding; None when there is no wide one."""
    columns = np.flatnonzero(labels.any(axis=0))
    content = np.flatnonzero(image.std(axis=0).max(axis=1) > _PLAIN)
    if not len(columns) or not len(content):
        return None
    strips = [image[:, content[0] : columns[0] - _MARGIN], image[:, columns[-1] + _MARGIN : content[-1] + 1]]
    wide = [strip for strip in strips if strip.shape[1] >= _NARROWEST]
    return wide[int(rng.integers(len(wide)))] if wide else None


def mirror(pair: PairArrays) -> None:
    """Mirrors photo, labels, joints and garment in place; left and right change names."""
    width = pair.image.shape[1]
    pair.image, pair.worn, pair.garment = pair.image[:, ::-1], pair.worn[:, ::-1], pair.garment[:, ::-1]
    pair.labels = np.array(Parsing(pair.labels, SIDED_LABELS).flip().labels)
    pair.joints[:, 0] = np.where(pair.joints[:, 2] > 0, width - pair.joints[:, 0], 0)
    pair.joints = pair.joints[SWAP]


def shake_joints(rng: np.random.Generator, joints: np.ndarray, height: int, jitter: float, drop: float) -> np.ndarray:
    """Joints [18, 3] as an estimator finds them.

    Args:
        jitter: standard deviation as a share of the height; drop: share of joints that are missed.
    """
    shaken = joints.copy()
    shaken[:, :2] += rng.normal(0, jitter * height, (len(joints), 2))
    shaken[joints[:, 2] == 0] = 0
    missed = rng.random(len(joints)) < drop
    if (shaken[~missed, 2] > 0).sum() >= _FEWEST_JOINTS:
        shaken[missed] = 0
    return shaken


def shake_parsing(rng: np.random.Generator, labels: np.ndarray, waist: float) -> np.ndarray:
    """A parsing as a small network makes it: outlines off by a pixel or two, wrong patches, clothes confused.

    Args:
        labels: [H, W], uint8, of ``SIDED_LABELS``.
        waist: row at which a dress taken for two pieces falls apart.
    """
    h, w = labels.shape
    if rng.random() < _WARPED:
        cells = rng.normal(0, rng.uniform(*_OFF), (h // _OFF_CELL, w // _OFF_CELL, 2)).astype(np.float32)
        offsets = resized(cells, (h, w), "linear")
        labels = sampled(labels, offsets + _grid(h, w), cv2.INTER_NEAREST, cv2.BORDER_REPLICATE)
    else:
        labels = labels.copy()
    if rng.random() < _SWAPPED:
        top, outer = (labels == _NUMBER[name] for name in ("top", "outer"))
        labels[top], labels[outer] = _NUMBER["outer"], _NUMBER["top"]
    if rng.random() < _TORN_DRESS:
        dress, lower = labels == _NUMBER["dress"], np.arange(h)[:, None] > waist
        labels[dress & lower], labels[dress & ~lower] = _NUMBER["bottom"], _NUMBER["top"]
    elif rng.random() < _JOINED:
        labels[labels == _NUMBER["bottom"]] = _NUMBER["dress"]
    if rng.random() < _PATCHED:
        _wrong_patches(rng, labels)
    return labels


def _grid(h: int, w: int) -> np.ndarray:
    return np.stack(np.meshgrid(np.arange(w, dtype=np.float32), np.arange(h, dtype=np.float32)), -1)


def _wrong_patches(rng: np.random.Generator, labels: np.ndarray) -> None:
    """Gives a few small ellipses on the person, in place, a label that lies near by, or none."""
    y, x = np.nonzero(labels)
    if not len(y):
        return
    for place in rng.integers(len(y), size=int(rng.integers(1, 6))):
        other = int(np.clip(place + rng.integers(-_BESIDE, _BESIDE), 0, len(y) - 1))
        label = 0 if rng.random() < _NO_LABEL else int(labels[y[other], x[other]])
        half = tuple(int(v) for v in rng.uniform(*_PATCH, 2))
        cv2.ellipse(labels, (int(x[place]), int(y[place])), half, float(rng.uniform(0, 180)), 0, 360, label, -1)


def irregular_holes(rng: np.random.Generator, where: np.ndarray) -> np.ndarray:
    """Random strokes and blots on part of a region, within ``where``: [H, W], bool.

    Yang et al. 2020 (arXiv 2003.05863) punch such holes out of arms.
    """
    holes = np.zeros(where.shape, np.uint8)
    y, x = np.nonzero(where)
    for _ in range(int(rng.integers(1, 4)) if len(y) else 0):
        place = rng.integers(len(y), size=3)
        points = np.stack([x[place], y[place]], 1).astype(np.int32)
        thickness = int(rng.integers(3, int(0.06 * len(where) + 4)))
        if rng.random() < 0.5:
            cv2.polylines(holes, [points], False, 1, thickness)
        else:
            cv2.circle(holes, tuple(int(v) for v in points[0]), thickness, 1, -1)
    return holes.astype(bool) & where


def longer_garment(rng: np.random.Generator, labels: np.ndarray, worn: np.ndarray) -> np.ndarray:
    """What a longer garment would have hidden below the worn one's hem: [H, W], bool.

    In a pair the new garment always ends where the old one did. With this the systems learn to draw what a shorter one
    uncovers: the upper part of trousers and skirts, and what lies beside them.

    Args:
        labels: [H, W], uint8, of ``SIDED_LABELS``; worn: [H, W], bool, where the photo shows the garment.
    """
    rows, person = np.flatnonzero(worn.any(axis=1)), np.flatnonzero(labels.any(axis=1))
    if not len(rows):
        return np.zeros(labels.shape, bool)
    tall = person[-1] + 1 - person[0] if len(person) else len(labels)
    hem, below = rows[-1] + 1, int(rng.uniform(*_LONGER) * tall)
    band = np.zeros(labels.shape, bool)
    start = max(0, hem - below // 4)
    band[start : hem + below] = labels[start : hem + below] > 0
    return grown(band, row(int(rng.integers(1, 6)))) & np.isin(labels, _HIDDEN_BELOW)


def widen_garment(rng: np.random.Generator, labels: np.ndarray, slot: str) -> np.ndarray:
    """The parsing of somebody whose old garment stood out further from the body than the new one: [H, W], uint8.

    In a pair the outline of the person is that of the new garment: bare legs are never seen to come from wide trousers
    or long skirts.

    Args:
        labels: [H, W], uint8, of ``SIDED_LABELS``; slot: of the new garment, and taken to be the old one's.
    """
    worn = tryon_slot(slot)
    around = np.isin(labels, [_NUMBER[name] for name in worn.hung_over])
    if worn.on_legs and rng.random() < _SKIRTS:
        covered = _under_skirt(rng, around, slot)
    else:
        reach = int(rng.integers(1, max(2, len(labels) // (12 if worn.on_legs else 18))))
        covered = grown(around, disc(reach))
    return np.where(covered & (labels == 0), np.uint8(_NUMBER[slot]), labels)


def _under_skirt(rng: np.random.Generator, around: np.ndarray, slot: str) -> np.ndarray:
    """What a skirt down to the ankles hides of a body: [H, W], bool.

    Args:
        around: [H, W], bool, legs and clothes; of a dress the skirt begins half way down.
    """
    rows = np.flatnonzero(around.any(axis=1))
    hidden = np.zeros_like(around)
    if not len(rows):
        return hidden
    start = (rows[0] + rows[-1]) // 2 if tryon_slot(slot).on_torso else rows[0]
    rows = rows[rows >= start]
    flare, columns = rng.uniform(0.0, _FLARE) * (rows - start), np.arange(around.shape[1])
    left = np.minimum.accumulate(around[rows].argmax(axis=1) + flare) - flare
    right = np.maximum.accumulate(columns[-1] - around[rows, ::-1].argmax(axis=1) - flare) + flare
    hidden[rows] = (columns >= left[:, None]) & (columns <= right[:, None])
    return hidden
