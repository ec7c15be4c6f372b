"""Places and things for composites: real photos with their garment painted over, drawn rooms, shadows, odd objects."""

from __future__ import annotations

import cv2
import numpy as np

from vton.conditioning.canvas import resize_u8, resized


def random_view(photo_u8: np.ndarray, side: int, rng: np.random.Generator, least: float = 0.5) -> np.ndarray:
    """A square part of a photo, at least this share of its short side, turned and mirrored: [side, side, 3]."""
    h, w = photo_u8.shape[:2]
    part = max(8, int(min(h, w) * rng.uniform(least, 1.0)))
    y, x = int(rng.integers(h - part + 1)), int(rng.integers(w - part + 1))
    view = np.rot90(photo_u8[y:y + part, x:x + part], int(rng.integers(4)))
    return resize_u8(np.ascontiguousarray(view[:, ::-1] if rng.random() < 0.5 else view), (side, side))


def drawn_backdrop(side: int, rng: np.random.Generator) -> np.ndarray:
    """A plain or coarsely patterned surface with grain; white and light ones are as common as all others."""
    colour = rng.uniform(215, 255) * np.ones(3) if rng.random() < 0.5 else rng.uniform(20, 250, 3)
    image = np.broadcast_to(colour, (side, side, 3)).astype(np.float32).copy()
    if rng.random() < 0.4:  # boards, tiles, stripes
        y, x = np.mgrid[:side, :side].astype(np.float32) / side
        angle, period = rng.uniform(0, np.pi), rng.uniform(0.05, 0.4)
        wave = np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / period)
        sharp = np.tanh(wave * rng.uniform(0.5, 8))
        image += sharp[..., None] * rng.uniform(-25, 25, 3)
    image += smooth_noise(side, rng, rng.uniform(0.01, 0.2))[..., None] * np.float32(rng.uniform(0, 18))
    image += rng.standard_normal((side, side, 1), np.float32) * np.float32(rng.uniform(0.5, 7))
    return np.clip(image, 0, 255).astype(np.uint8)


def drawing(side: int, rng: np.random.Generator) -> np.ndarray:
    """Strokes and coloured shapes on paper, as of a child or a chart; nothing to wear."""
    image = np.full((side, side, 3), rng.uniform(225, 255), np.uint8)
    for _ in range(int(rng.integers(3, 14))):
        colour = tuple(int(v) for v in rng.integers(0, 230, 3))
        points = (rng.uniform(0.05, 0.95, (int(rng.integers(2, 7)), 2)) * side).astype(np.int32)
        width = int(rng.integers(1, 6))
        if rng.random() < 0.3:
            axes = tuple(int(v) for v in rng.integers(3, side // 3, 2))
            filled = -1 if rng.random() < 0.4 else width
            cv2.ellipse(image, tuple(int(v) for v in points[0]), axes, 0, 0, 360, colour, filled, cv2.LINE_AA)
        elif rng.random() < 0.2:
            cv2.fillPoly(image, [points], colour, cv2.LINE_AA)
        else:
            cv2.polylines(image, [points], bool(rng.random() < 0.3), colour, width, cv2.LINE_AA)
    return image


def landscape(side: int, rng: np.random.Generator) -> np.ndarray:
    """Sky, and one to four ridges or a plain below it."""
    rows = np.linspace(0, 1, side, dtype=np.float32)[:, None, None]
    image = rng.uniform(90, 255, 3) * (1 - rows) + rng.uniform(90, 255, 3) * rows + np.zeros((side, side, 3))
    image += np.clip(smooth_noise(side, rng, 0.3), 0, None)[..., None] * rng.uniform(0, 40)  # clouds
    horizon, rough = rng.uniform(0.2, 0.7), rng.uniform(0, 0.12)
    for depth in np.linspace(0, 1, int(rng.integers(1, 5)), endpoint=False):
        ridge = smooth_noise(side, rng, rng.uniform(0.05, 0.5))[0] * rough * side
        ground = np.arange(side)[:, None] > (horizon + depth * (1 - horizon)) * side + ridge[None]
        colour = rng.uniform(20, 200, 3) * (0.6 + 0.4 * depth)
        texture = smooth_noise(side, rng, rng.uniform(0.01, 0.1))[..., None] * rng.uniform(0, 30)
        image = np.where(ground[..., None], colour + texture, image)
    return np.clip(image, 0, 255).astype(np.uint8)


def smooth_noise(side: int, rng: np.random.Generator, scale: float) -> np.ndarray:
    """[side, side] float32, about unit variance; ``scale`` is the size of its features as share of the side."""
    cells = int(np.clip(round(1 / scale), 2, side))
    noise = rng.standard_normal((cells, cells), np.float32)
    if cells <= side // 8:  # smooth enough to be made small: cubic where it shows, linear for the rest of the way
        noise = resized(noise, (side // 4, side // 4), "cubic")
        return resized(noise, (side, side), "linear")
    return resized(noise, (side, side), "cubic")


def odd_object(
    side: int, rng: np.random.Generator, texture_u8: np.ndarray, size: float
) -> tuple[np.ndarray, np.ndarray]:
    """A thing that is no garment: a smooth or angular outline filled with a texture or one colour.

    Args:
        texture_u8: [side, side, 3]; size: radius as share of the side.

    Returns:
        Colours [side, side, 3] uint8 and cover [side, side] float32, 0..1.
    """
    around, stretch, turn = size * side, rng.uniform(0.3, 1.0), rng.uniform(0, np.pi)
    centre = (rng.uniform(0.1, 0.9, 2) if size < 0.25 else rng.uniform(0.35, 0.65, 2)) * side
    cover = np.zeros((side, side), np.uint8)
    if rng.random() < 0.5:
        angles = np.sort(rng.uniform(0, 2 * np.pi, int(rng.integers(3, 9))))
        radius = around * rng.uniform(0.6, 1.3, (len(angles), 1))
        points = np.stack([np.cos(angles), np.sin(angles) * stretch], 1) * radius
        points = points @ np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) + centre
        if rng.random() < 0.4:
            points = cv2.boxPoints(cv2.minAreaRect(points.astype(np.float32)))
        cv2.fillPoly(cover, [points.astype(np.int32)], 255, cv2.LINE_AA)
    else:
        middle, axes = tuple(int(v) for v in centre), (int(around) + 1, int(around * stretch) + 1)
        cv2.ellipse(cover, middle, axes, np.rad2deg(turn), 0, 360, 255, -1, cv2.LINE_AA)
    colours = texture_u8 if rng.random() < 0.5 else np.broadcast_to(rng.integers(10, 245, 3), texture_u8.shape)
    shade = 1 + 0.25 * smooth_noise(side, rng, 0.4)[..., None]
    return np.clip(colours * shade, 0, 255).astype(np.uint8), cover.astype(np.float32) / 255


def draw_hanger(image_u8: np.ndarray, cover: np.ndarray, rng: np.random.Generator) -> None:
    """Draws the hook and the bar of a hanger where the top of the garment will be; changes ``image_u8``."""
    rows = np.flatnonzero((cover > 0.5).any(1))
    if len(rows) == 0:
        return
    side, top = len(cover), int(rows[0])
    shoulder = min(side - 1, top + int(0.05 * (rows[-1] - top)) + 1)
    columns = np.flatnonzero(cover[shoulder] > 0.5)
    if len(columns) == 0:
        return
    x, colour = int(columns.mean()), tuple(int(v) for v in rng.integers(10, 200, 3))
    width, height = int(rng.integers(1, 4)), int(side * rng.uniform(0.04, 0.12))
    cv2.line(image_u8, (x, top + 3), (x, top - height), colour, width, cv2.LINE_AA)
    cv2.ellipse(image_u8, (x, top - height), (height // 3 + 1, height // 3 + 1), 0, 90, 360, colour, width, cv2.LINE_AA)
    span = int((columns[-1] - columns[0]) * rng.uniform(0.3, 0.6))
    bar = np.array([[x - span, top + height], [x, top - 1], [x + span, top + height]], np.int32)
    cv2.polylines(image_u8, [bar], False, colour, width + 2, cv2.LINE_AA)


def cast_shadow(backdrop: np.ndarray, cover: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Darkens the backdrop beside and close around the garment: [S, S, 3] float32."""
    side = len(cover)
    dy, dx = rng.uniform(-0.05, 0.05, 2) * side
    moved = cv2.warpAffine(cover, np.array([[1, 0, dx], [0, 1, dy]], np.float32), (side, side))
    soft = cv2.GaussianBlur(moved, (0, 0), side * rng.uniform(0.006, 0.05)) * np.float32(rng.uniform(0, 0.6))
    if rng.random() < 0.5:
        close = cv2.GaussianBlur(cover, (0, 0), side * 0.008) * np.float32(rng.uniform(0, 0.4))
        soft = 1 - (1 - soft) * (1 - close)
    return backdrop * (1 - soft)[..., None]
