"""Garments on a hanger: flat cloth that hangs from its shoulders, straps or waistband and falls into upright folds."""

import numpy as np

from vton.studio.accessories.shapes import PartMesh
from vton.studio.article_photos.flattening import FlatCloth
from vton.studio.article_photos.hangers import HANGERS, clip_hanger, shoulder_hanger
from vton.studio.article_photos.laying import FlatGarment, Sheets, open_front, sheets_of, swing
from vton.studio.article_photos.wrinkles import vertical_folds, waves
from vton.studio.cloth.drape import BEND
from vton.studio.garments.field import smooth_step
from vton.studio.specs.photo import ArticleViewSpec

SLOPE = 0.36
"""Of a hanger's arms: their drop per metre."""

HALF_WIDTH_M = 0.205
WALL_M = 0.012
"""How far the back of what hangs is from the wall."""

FOLD_M = (0.07, 0.2)
"""Width of upright folds."""


def hang(item: FlatGarment, view: ArticleViewSpec) -> tuple[np.ndarray, PartMesh]:
    """Hangs a garment before the plane z = 0: vertices [V, 3] f32, and the hanger."""
    garment, sheets = item.garment, sheets_of(item)
    sheets.thickness *= 1.6
    if garment.kind == "outer":
        open_front(item, sheets, view.gap)
    for limb in item.limbs:
        swing(sheets, limb, view.limb_deg[0 if limb.side == 1 else 1])
        if garment.kind == "pants":
            sheets.lift += sheets.thickness * limb.share * (limb.side == 1)
        else:
            sheets.lift += 1.1 * sheets.thickness * limb.share * smooth_step(limb.along / 0.12)
    if garment.kind in ("pants", "skirt"):
        vertices = _fall(item, sheets, view, float(sheets.xy[:, 1].max()), 1.0)
        return vertices, _clips(view, vertices)
    thick = HANGERS[view.hanger].thick + 0.002
    top, (tip_x, tip_y) = _rail(item, sheets, thick)
    outside = np.maximum(np.abs(sheets.xy[:, 0]) - tip_x, 0)
    near = smooth_step((sheets.xy[:, 1] - tip_y + 0.25) / 0.2)
    sheets.xy[:, 1] -= (view.sag * near * outside * (1 - np.exp(-outside / 0.04))).astype(np.float32)
    vertices = _fall(item, sheets, view, top, 0.5)
    z = _make_room(vertices, item.flat, top, thick)
    return vertices, shoulder_hanger(view.hanger, np.array([0, top, z]), np.array([tip_x, tip_y, z]))


def _make_room(vertices: np.ndarray, flat: FlatCloth, top: float, thick: float) -> float:
    """Moves both sheets apart where a hanger of radius ``thick`` runs between them; the z of the hanger."""
    middle = float(np.median(vertices[np.abs(flat.facing) < 0.3, 2]))
    line = top - SLOPE * np.abs(vertices[:, 0])
    near = np.exp(-(((vertices[:, 1] - line) / 0.04) ** 2))
    least = thick * near * np.clip(np.abs(flat.facing) / 0.15, 0, 1)
    upper = flat.facing >= 0
    vertices[:, 2] = np.where(
        upper, np.maximum(vertices[:, 2], middle + least), np.minimum(vertices[:, 2], middle - least)
    )
    return middle


def _rail(item: FlatGarment, sheets: Sheets, thick: float) -> tuple[float, tuple[float, float]]:
    """Height of the middle of a hanger of radius ``thick`` under the garment's shoulders, and its left tip's place."""
    torso = item.garment.limb == 0
    x, y = np.abs(sheets.xy[torso, 0]), sheets.xy[torso, 1]
    bins = np.minimum((x / 0.01).astype(int), 40)
    top = np.full(41, -np.inf)
    np.maximum.at(top, bins, y)
    at = (np.arange(41) + 0.5) * 0.01
    seam = min((abs(limb.top[0]) for limb in item.limbs), default=HALF_WIDTH_M)
    widest = min(HALF_WIDTH_M, seam, float(x[y > y.max() - 0.12].max()))
    carried = (np.arange(41) >= int(np.argmax(top))) & (at < widest) & np.isfinite(top)
    middle = float((top[carried] + SLOPE * at[carried]).min()) - thick - 0.004
    return middle, (widest - 0.01, middle - SLOPE * (widest - 0.01))


def _fall(item: FlatGarment, sheets: Sheets, view: ArticleViewSpec, top: float, narrowing: float) -> np.ndarray:
    """Vertices [V, 3]: below ``top`` gravity gathers the cloth into upright folds and narrows it a little."""
    garment, flat = item.garment, item.flat
    rng = np.random.default_rng([view.seed, 3])
    xy = sheets.xy.astype(np.float64)
    down = np.clip((top - xy[:, 1]) / 0.55, 0, 1)
    soft = 1 - BEND.get(garment.article.fabric.weave, BEND["cotton"]) / max(BEND.values())
    depth = (0.004 + 0.006 * soft) * view.wrinkles * smooth_step(down * 1.3)
    upper = np.clip(flat.facing, 0, 1)
    folds = vertical_folds(xy, rng, FOLD_M)
    small = waves(xy, rng, (0.05, 0.14))
    z = sheets.thickness * (1 + flat.facing) + sheets.lift + depth * folds
    z += 0.0016 * view.wrinkles * small * (0.3 + 0.7 * upper)
    belly = 0.02 * np.sin(np.pi * np.clip(down, 0, 1)) * upper
    xy[:, 0] *= 1 - 0.06 * soft * view.wrinkles * narrowing * smooth_step(down)
    xy[:, 0] += 0.0025 * view.wrinkles * waves(xy, rng, (0.12, 0.3)) * down
    z += belly
    return np.column_stack([xy, z - z.min() + WALL_M]).astype(np.float32)


def _clips(view: ArticleViewSpec, vertices: np.ndarray) -> PartMesh:
    """A bar over the waistband, held by two clips."""
    y = vertices[:, 1]
    band = y > y.max() - 0.05
    half = float(np.abs(vertices[band, 0]).max())
    grip_x = half * (0.72 + 0.2 * ((view.seed >> 4) % 5) / 4)
    grips = []
    for x in (-grip_x, grip_x):
        near = band & (np.abs(vertices[:, 0] - x) < 0.03)
        near = near if near.any() else band
        grips.append(np.array([x, float(y[near].max()) - 0.03, float(vertices[near, 2].max())]))
    middle = np.array([0.0, max(g[1] for g in grips) + 0.05, float(np.median(vertices[band, 2]))])
    return clip_hanger(view.hanger, middle, max(half * 0.95, grip_x + 0.02), (grips[0], grips[1]))
