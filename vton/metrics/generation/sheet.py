"""Contact sheets of held-out samples: articles, pose, true photo and drawn pictures, none picked."""

from collections.abc import Sequence

import cv2
import numpy as np

from vton.conditioning.canvas import resized
from vton.data.outfits.evaluation_data import EvaluationData, EvaluationPhoto
from vton.provenance import made_png
from vton.schema import COCO18_LIMBS, SLOTS, Article, DigitalSourceType, Outfit, Pose, SizeHW

CELL_HW = (256, 192)
GAP = 6  # pixels


def draw_limbs(pose: Pose, size_hw: SizeHW) -> np.ndarray:
    """Limbs of ``pose`` in rainbow colours on white, [H,W,3]; joints that are missing are left out."""
    pose = pose.fit(size_hw)
    canvas = np.full((*size_hw, 3), 255, np.uint8)
    for i, (a, b) in enumerate(COCO18_LIMBS):
        if pose.present[a] and pose.present[b]:
            hue = np.array([[[180 * i // len(COCO18_LIMBS), 255, 200]]], np.uint8)
            colour = tuple(int(v) for v in cv2.cvtColor(hue, cv2.COLOR_HSV2RGB)[0, 0])
            start, end = ([int(round(float(v))) for v in pose.keypoints_xy[joint]] for joint in (a, b))
            cv2.line(canvas, start, end, colour, 3, cv2.LINE_AA)
    return canvas


def article_grid(outfit: Outfit) -> np.ndarray:
    """The six slots in two rows of three, [256, 288, 3]; empty slots are light grey."""
    h, w = CELL_HW[0] // 2, CELL_HW[1] // 2
    cells = [_article_cell(article, (h, w)) for article in outfit]
    half = len(SLOTS) // 2
    return np.vstack([np.hstack(cells[:half]), np.hstack(cells[half:])])


def _article_cell(article: Article | None, size_hw: SizeHW) -> np.ndarray:
    if article is None:
        return np.full((*size_hw, 3), 238, np.uint8)
    on_white = np.where(article.mask_u8[..., None] > 0, article.image_u8, 255).astype(np.uint8)
    return resized(on_white, size_hw, "mean")


def _cell(image_u8: np.ndarray) -> np.ndarray:
    if image_u8.shape[:2] == CELL_HW:
        return image_u8
    grows = image_u8.shape[0] < CELL_HW[0]
    return resized(image_u8, CELL_HW, "cubic" if grows else "mean")


def sample_row(photo: EvaluationPhoto, drawn: Sequence[np.ndarray]) -> np.ndarray:
    """Articles | pose | true photo | drawn pictures: [256, W, 3], uint8.

    Args:
        drawn: [H, W, 3] each, uint8, of any size.
    """
    cells = [article_grid(photo.outfit), draw_limbs(photo.pose, CELL_HW), _cell(photo.image_u8)]
    return np.hstack(cells + [_cell(image) for image in drawn])


def tile(cells: Sequence[np.ndarray], columns: int) -> np.ndarray:
    """Equal cells in rows of ``columns`` on white, with a gap.

    Args:
        cells: [h, w, 3] each, uint8, one at least.

    Returns:
        [H, W, 3], uint8.
    """
    h, w = cells[0].shape[:2]
    rows = -(-len(cells) // columns)
    sheet = np.full((rows * (h + GAP) + GAP, columns * (w + GAP) + GAP, 3), 255, np.uint8)
    for i, cell in enumerate(cells):
        y, x = GAP + i // columns * (h + GAP), GAP + i % columns * (w + GAP)
        sheet[y : y + h, x : x + w] = cell
    return sheet


def held_out_sheet(
    pipeline, photos: Sequence[EvaluationPhoto], psi: float, seed: int = 0, rows: int = 12
) -> np.ndarray:
    """``rows`` held-out photos, the first of every outfit before the second of any, drawn with two seeds each.

    Returns:
        [H, W, 3], uint8.
    """
    turns = [sum(other.key == photo.key for other in photos[:i]) for i, photo in enumerate(photos)]
    chosen = [photos[i] for i in np.argsort(turns, kind="stable")][:rows]
    made = []
    for i, photo in enumerate(chosen):
        wear = photo.wear if pipeline.takes_wear else None
        drawn = pipeline(photo.outfit, photo.pose, seed=seed + 2 * i, count=2, psi=psi, scale=1, wear=wear)
        made.append(sample_row(photo, [g.image_u8 for g in drawn]))
    return tile(made, columns=2 if len(made) > 1 else 1)


def seed_sheet(pipeline, psi: float, seed: int = 0, count: int = 24) -> np.ndarray:
    """``count`` consecutive seeds of an unconditional system, eight in a row: [H, W, 3], uint8."""
    return tile([_cell(g.image_u8) for g in pipeline(seed=seed, count=count, psi=psi)], columns=8)


def sheet_png(pipeline, data: EvaluationData, psi: float, seed: int = 0) -> bytes:
    """The sheet of either system, as PNG with its marks."""
    if pipeline.record.slots:
        sheet = held_out_sheet(pipeline, data.held_out_photos(), psi, seed)
    else:
        sheet = seed_sheet(pipeline, psi, seed)
    return made_png(sheet, DigitalSourceType.COMPOSITE)
