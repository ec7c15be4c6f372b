"""Articles cut from the photo of somebody else who wears them, the same outfit in another size and pose."""

from dataclasses import dataclass, replace

import numpy as np

from vton.data.cloth import NO_ISLAND, ClothBuffers
from vton.studio.body.model import BodyModel
from vton.studio.figures.ensemble import Ensemble, cut_ensemble
from vton.studio.figures.figure import Figure, pose_figure
from vton.studio.figures.packshots import FILL, SIZE_HW
from vton.studio.photos.cameras import camera_of
from vton.studio.raster.camera import StudioCamera
from vton.studio.rendering.framing import pixels_per_metre
from vton.studio.rendering.picture import Prepared, prepare
from vton.studio.specs.labels import ARTICLE_ID
from vton.studio.specs.look import LookSpec, WearerSpec
from vton.studio.specs.outfit import SHOULDERS

LEAST_SHARE = 0.02
"""Of the picture: of articles that the photo shows less of there is no picture."""


@dataclass(frozen=True)
class WornSetUp:
    """An article in the photo of its wearer, without its look: alone in ``prepared``; mask_u8 [H, W] 0..255."""

    prepared: Prepared
    mask_u8: np.ndarray


def wearer_of(look: LookSpec) -> WearerSpec:
    """The other wearer of a look that has one."""
    assert look.wearer is not None, "only looks with another wearer are asked for them"
    return look.wearer


def wearer_figure(model: BodyModel, look: LookSpec) -> tuple[Ensemble, Figure]:
    """The outfit of a look as it is cut for its other wearer, and them in it, the arms in all sleeves."""
    wearer, outfit = wearer_of(look), look.outfit
    if outfit.wear and outfit.wear.front == SHOULDERS:
        outfit = replace(outfit, wear=replace(outfit.wear, front="open"))
    look = replace(look, person=wearer.person, outfit=outfit, poses=(wearer.pose,), views=(wearer.view,))
    scale = pixels_per_metre(wearer.view.framing, SIZE_HW[0])
    ensemble = cut_ensemble(model, look)
    return ensemble, pose_figure(ensemble, look, wearer.pose, wearer.view, scale)


def worn_camera(figure: Figure, slot: str, wearer: WearerSpec, size_hw: tuple[int, int] = SIZE_HW) -> StudioCamera:
    """The camera of the wearer's photo, aimed at an article, which fills `FILL` of the picture."""
    own = [s for s in figure.surfaces if s.material == slot]
    points = np.concatenate([s.vertices[np.unique(s.triangles)] for s in own])
    return _aimed(camera_of(figure, wearer.view).eye, points, size_hw)


def set_up_worn(figure: Figure, slot: str, wearer: WearerSpec) -> WornSetUp | None:
    """Cuts an article out of its wearer's photo; None if next to nothing of it can be seen."""
    camera = worn_camera(figure, slot, wearer)
    prepared = prepare(figure.surfaces, camera, SIZE_HW, [wearer.view.key_direction], floor=False)
    if (prepared.articles == ARTICLE_ID[slot]).mean() < LEAST_SHARE:
        return None
    alone = _alone(prepared, slot)
    return WornSetUp(alone, np.rint(255 * alone.alpha).astype(np.uint8))


def _aimed(eye: tuple[float, float, float], points: np.ndarray, size_hw: tuple[int, int]) -> StudioCamera:
    target, height_m = (points.min(0) + points.max(0)) / 2, 1.0
    for _ in range(3):
        camera = StudioCamera(eye, _place(target), height_m)
        places = camera.project(points, size_hw)[:, :2]
        low, high = places.min(0), places.max(0)
        right, up, _ = camera.axes()
        off = ((low + high) - size_hw[::-1]) / 2 * height_m / size_hw[0]
        target = target + right * off[0] - up * off[1]
        height_m *= float(max((high - low) / size_hw[::-1])) / FILL
    return StudioCamera(eye, _place(target), height_m)


def _place(point: np.ndarray) -> tuple[float, float, float]:
    x, y, z = map(float, point)
    return x, y, z


def _alone(prepared: Prepared, slot: str) -> Prepared:
    """What of a picture shows one article, lit as it was among the others."""
    # Its light has been gathered, so nothing asks for the cells' points any more.
    own, p = np.array([name == slot for name in prepared.materials]), prepared.points
    seen = own[p.surface]
    number = (np.cumsum(own) - 1).astype(np.int32)
    points = replace(
        p, pixel=p.pixel[seen], surface=number[p.surface[seen]], part=p.part[seen], cell=p.cell[seen],
        weight=p.weight[seen], back=p.back[seen], geometry=p.geometry[seen], positions=p.positions[seen],
        cell_point=np.zeros(0, np.int32),
    )  # fmt: skip
    height, width = prepared.size_hw
    covered = np.bincount(points.pixel, points.weight, height * width) / prepared.supersampling**2
    alpha = np.clip(covered, 0, 1).astype(np.float32).reshape(height, width)
    return replace(
        prepared, alpha=alpha, dressed=alpha, cloth=_cloth_of(prepared.cloth, ARTICLE_ID[slot]), points=points,
        materials=[slot] * int(own.sum()),
    )  # fmt: skip


def _cloth_of(cloth: ClothBuffers, article: int) -> ClothBuffers:
    own = cloth.of(article)
    return ClothBuffers(
        np.where(own, cloth.article, 0).astype(np.uint8), np.where(own, cloth.island, NO_ISLAND).astype(np.int8),
        np.where(own[..., None], cloth.place, 0).astype(np.float32), cloth.inside & own,
    )  # fmt: skip
