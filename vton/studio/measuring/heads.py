"""Head crops of the studio's persons as a 1024x768 photo shows them, without drawing the rest of the photo."""

from dataclasses import replace

import numpy as np

from vton.studio.fabrics.painting import GarmentPainter
from vton.studio.figures.ensemble import cut_ensemble
from vton.studio.figures.figure import pose_figure
from vton.studio.photos.cameras import camera_of
from vton.studio.photos.photographer import Photographer
from vton.studio.raster.camera import StudioCamera
from vton.studio.rendering.framing import PICTURE_M
from vton.studio.rendering.picture import prepare, shade, to_u8
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.look import LookSpec

PHOTO_PX = 1024
"""Height of the photo that the crops are of."""

CROP_PX = 192
WINDOW_PX = 528
"""What is drawn around a crop: large enough to be sampled as finely as the photo, not finer."""

SLOTS = ("top", "outer", "dress", "accessory")
BELOW_EYES_M = 0.02
"""Where the middle of a crop lies."""

ATLAS_PX = 1024
"""Side of the garments' textures."""


def render_heads(
    photographer: Photographer, seed: int, index: int, looks: int = 1
) -> list[tuple[LookSpec, np.ndarray]]:
    """The head of person ``index`` of a run in several looks: specs and crops [192, 192, 3] u8.

    What is worn below the waist is left out; the quality gate is not asked.
    """
    drawn = sample_looks(seed, index, 1, looks)
    drawn = photographer.assets.cast(drawn) if photographer.assets else drawn
    first = _upper_half(drawn[0])
    ensemble = cut_ensemble(photographer.model, first)
    painters = {g.article.slot: GarmentPainter(g, g.article, ATLAS_PX) for g in ensemble.garments}
    figure = pose_figure(ensemble, first, first.poses[0], first.views[0], PHOTO_PX / PICTURE_M, photographer.assets)
    whole = camera_of(figure, first.views[0])
    eyes = np.mean([figure.posed.joint(f"eye.{side}") for side in "LR"], 0)
    target = (float(eyes[0]), float(eyes[1]) - BELOW_EYES_M, float(eyes[2]))
    camera = StudioCamera(whole.eye, target, whole.height_m * WINDOW_PX / PHOTO_PX)
    prepared = prepare(figure.surfaces, camera, (WINDOW_PX, WINDOW_PX), [first.views[0].key_direction], floor=False)
    start = (WINDOW_PX - CROP_PX) // 2
    middle = slice(start, start + CROP_PX)
    pictures = []
    for look in drawn:
        upper = _upper_half(look)
        materials = photographer.materials(upper, painters, (PHOTO_PX, PHOTO_PX * 3 // 4))
        image = to_u8(shade(prepared, materials, upper.views[0]))
        pictures.append((look, image[middle, middle]))
    return pictures


def _upper_half(look: LookSpec) -> LookSpec:
    articles = tuple(a for a in look.outfit.articles if a.slot in SLOTS)
    return replace(look, outfit=replace(look.outfit, articles=articles))
