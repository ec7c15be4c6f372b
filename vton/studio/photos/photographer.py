"""The photographer: specs in, photos and packshots with their labels out; geometry once, then every look of it."""

import os
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from vton.data.cloth import ClothBuffers
from vton.studio.accessories.props import prop_material
from vton.studio.article_photos.taking import ArticleSetUp, develop, set_up_all
from vton.studio.body.baking import load_body_model
from vton.studio.fabrics.painting import GarmentPainter
from vton.studio.figures.ensemble import Ensemble, cut_ensemble
from vton.studio.figures.figure import Figure, pose_figure
from vton.studio.figures.packshots import VIEW, Mannequin, packshot_surfaces, prepare_packshot
from vton.studio.figures.worn_scarf import scarf_material
from vton.studio.geometry.mesh import edges
from vton.studio.likeness.assets import Assets
from vton.studio.likeness.painted_skin import SkinPainter
from vton.studio.photos.cameras import camera_of, joints_of
from vton.studio.photos.materials import accessory_material, cloth_materials, person_materials
from vton.studio.photos.quality import chest_faults, cloth_faults, joint_faults, picture_faults
from vton.studio.photos.records import Packshot, Photo, RejectedOutfit, RenderedLook
from vton.studio.photos.worn import WornSetUp, set_up_worn, wearer_figure, wearer_of
from vton.studio.raster.appearance import Material
from vton.studio.raster.camera import StudioCamera
from vton.studio.raster.correspondence import correspondences
from vton.studio.rendering.framing import pixels_per_metre, shown_share
from vton.studio.rendering.picture import Prepared, prepare, shade, to_u8
from vton.studio.sets.seats import seat_material
from vton.studio.specs.labels import ARTICLE_ID
from vton.studio.specs.look import LookSpec
from vton.studio.specs.photo import ViewSpec

ATLAS_PX = {256: 512, 512: 1024, 1024: 2048}
PACKSHOT_ATLAS_PX = 1024


@dataclass
class _Shot:
    """A photo without its look."""

    prepared: Prepared
    coco18: np.ndarray
    mpii16: np.ndarray
    places: dict[str, np.ndarray] = field(default_factory=dict)


@dataclass
class _ArticleShot:
    """A packshot and the article's other photos, by kind, without their look.

    painter: of garments; worn: cut from the photo of another wearer, or None.
    """

    prepared: Prepared
    painter: GarmentPainter | None
    photos: dict[str, ArticleSetUp]
    worn: WornSetUp | None


class Photographer:
    """Renders looks. Loading it takes seconds; keep one per process.

    Args:
        assets: folder of photographs that persons are made of, or None for persons that are painted.

    Attributes:
        seconds: CPU seconds spent on each step so far.

    Raises:
        InputError: an asset is missing or is not the expected one.
    """

    def __init__(self, assets: str | os.PathLike | None = None) -> None:
        self.model = load_body_model()
        self.assets = Assets(assets, self.model) if assets else None
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self._mannequins: dict[str, Mannequin] = {}
        self._skin: dict[int, SkinPainter] = {}

    def shoot(self, looks: Sequence[LookSpec], size_hw: tuple[int, int], packshots: bool = True) -> list[RenderedLook]:
        """Renders looks that share their geometry: body, hair style, cuts, poses and cameras are those of the first.

        Args:
            size_hw: of the photos, 4:3.
            packshots: whether to make them too.

        Raises:
            RejectedOutfit: a photo is not good enough.
            InputError: a spec names something that there is not.
        """
        first = looks[0]
        with self._timed("garments"):
            ensemble = cut_ensemble(self.model, first)
        shots = [self._shot(ensemble, first, i, size_hw) for i in range(len(first.poses))]
        articles = self._article_shots(first, size_hw) if packshots else {}
        with self._timed("correspondence"):
            if articles:
                for kind, pictures in _cloth_by_kind(articles).items():
                    for shot in shots:
                        shot.places[kind] = correspondences(shot.prepared.cloth, pictures)
        with self._timed("texture set-up"):
            painters = {g.article.slot: GarmentPainter(g, g.article, _atlas_px(size_hw)) for g in ensemble.garments}
        return [self._render(look, shots, articles, painters, size_hw) for look in looks]

    def materials(
        self, look: LookSpec, painters: dict[str, GarmentPainter], size_hw: tuple[int, int]
    ) -> dict[str, Material]:
        """Materials of all surfaces of a look's figure; ``painters`` of its garments by slot."""
        skin = self._skin_painter(_atlas_px(size_hw))
        materials = cloth_materials(look, painters) | person_materials(look, skin, self.assets)
        for article in look.outfit.articles:
            if article.slot not in painters:
                materials[article.slot] = accessory_material(article)
        things = [pose.held for pose in look.poses if pose.held]
        materials |= {held.kind: prop_material(held) for held in things}
        if look.outfit.wear and look.outfit.wear.scarf is not None:
            materials["scarf"] = scarf_material(look.outfit.wear.scarf, look.outfit.articles[0].fabric.seed)
        return materials | {"seat": seat_material(look.poses[0].seed)}

    def _shot(self, ensemble: Ensemble, look: LookSpec, number: int, size_hw: tuple[int, int]) -> _Shot:
        pose, view = look.poses[number], look.views[number]
        with self._timed("drape"):
            scale = pixels_per_metre(view.framing, size_hw[0])
            figure = pose_figure(ensemble, look, pose, view, scale, self.assets)
        self._check_cloth(ensemble, figure)
        camera = camera_of(figure, view)
        with self._timed("prepare photo"):
            prepared = prepare(figure.surfaces, camera, size_hw, [view.key_direction], scene=view.scene)
        with self._timed("joints"):
            coco18, mpii16 = joints_of(figure, camera, size_hw)
        types = [a.type for a in look.outfit.articles]
        faults = picture_faults(prepared.labels, prepared.backs, types, shown_share(view.framing))
        faults += _chest_faults(figure, camera, prepared)
        faults += joint_faults(coco18[:, :2], size_hw, view.framing)
        if faults:
            raise RejectedOutfit(faults[0])
        return _Shot(prepared, coco18, mpii16)

    def _check_cloth(self, ensemble: Ensemble, figure: Figure) -> None:
        garments = {garment.article.slot: garment for garment in ensemble.garments}
        for drape in figure.drapes:
            garment = garments[drape.slot]
            pairs, swell = edges(drape.mesh.triangles), garment.pattern.puff
            faults = cloth_faults(garment.mesh.vertices, drape.mesh.vertices, pairs, swell)
            if faults:
                raise RejectedOutfit(faults[0])

    def _article_shots(self, look: LookSpec, size_hw: tuple[int, int]) -> dict[str, _ArticleShot]:
        mannequin = self._mannequin(look.person.body.gender)
        worn = self._worn(look)
        shots = {}
        for article in look.outfit.articles:
            with self._timed("packshot geometry"):
                surfaces, garment = packshot_surfaces(mannequin, article)
            with self._timed("prepare packshot"):
                prepared = prepare_packshot(surfaces)
            with self._timed("texture set-up"):
                painter = GarmentPainter(garment, article, PACKSHOT_ATLAS_PX) if garment else None
            with self._timed("prepare article photos"):
                views = [v for v in look.article_views if v.slot == article.slot]
                photos = set_up_all(mannequin, article, garment, views)
            shots[article.slot] = _ArticleShot(prepared, painter, photos, worn.get(article.slot))
        return shots

    def _worn(self, look: LookSpec) -> dict[str, WornSetUp]:
        """The articles on another wearer, by slot: none without one, or if the cloth does not fit them."""
        if look.wearer is None:
            return {}
        with self._timed("drape other wearer"):
            ensemble, figure = wearer_figure(self.model, look)
        try:
            self._check_cloth(ensemble, figure)
        except RejectedOutfit:
            return {}
        with self._timed("prepare worn articles"):
            found = {a.slot: set_up_worn(figure, a.slot, look.wearer) for a in look.outfit.articles}
        return {slot: worn for slot, worn in found.items() if worn}

    def _mannequin(self, gender: str) -> Mannequin:
        if gender not in self._mannequins:
            self._mannequins[gender] = Mannequin(self.model, gender)
        return self._mannequins[gender]

    def _skin_painter(self, atlas_px: int) -> SkinPainter:
        if atlas_px not in self._skin:
            self._skin[atlas_px] = SkinPainter(self.model, atlas_px)
        return self._skin[atlas_px]

    def _render(
        self,
        look: LookSpec,
        shots: Sequence[_Shot],
        articles: dict[str, _ArticleShot],
        painters: dict[str, GarmentPainter],
        size_hw: tuple[int, int],
    ) -> RenderedLook:
        with self._timed("paint"):
            materials = self.materials(look, painters, size_hw)
        with self._timed("shade photo"):
            photos = tuple(_photo(s, materials, view) for s, view in zip(shots, look.views, strict=True))
        packshots, others = {}, {}
        for slot, shot in articles.items():
            with self._timed("paint packshot"):
                material = cloth_materials(look, {slot: shot.painter})[slot] if shot.painter else materials[slot]
            with self._timed("shade packshot"):
                image_u8 = to_u8(shade(shot.prepared, {slot: material}, VIEW))
            packshots[slot] = Packshot(image_u8, _share_u8(shot.prepared.alpha), shot.prepared.cloth)
            with self._timed("shade article photos"):
                others[slot] = {
                    view.kind: Packshot(develop(taken, {slot: material}, view), taken.mask_u8, taken.prepared.cloth)
                    for view in look.article_views
                    if view.slot == slot and (taken := shot.photos[view.kind])
                }
                if worn := shot.worn:
                    image_u8 = to_u8(shade(worn.prepared, {slot: material}, wearer_of(look).view))
                    others[slot]["worn"] = Packshot(image_u8, worn.mask_u8, worn.prepared.cloth)
        return RenderedLook(look, photos, packshots, others)

    @contextmanager
    def _timed(self, step: str) -> Iterator[None]:
        start = time.process_time()
        yield
        self.seconds[step] += time.process_time() - start


def _cloth_by_kind(articles: Mapping[str, _ArticleShot]) -> dict[str, dict[int, ClothBuffers]]:
    """What the articles' pictures of each kind show of them, by number of the slot."""
    kinds: dict[str, dict[int, ClothBuffers]] = {"body": {}}
    for slot, shot in articles.items():
        kinds["body"][ARTICLE_ID[slot]] = shot.prepared.cloth
        for kind, taken in (shot.photos | ({"worn": shot.worn} if shot.worn else {})).items():
            kinds.setdefault(kind, {})[ARTICLE_ID[slot]] = taken.prepared.cloth
    return kinds


def _chest_faults(figure: Figure, camera: StudioCamera, prepared: Prepared) -> list[str]:
    posed = figure.posed
    chest = posed.shape.model.areolae
    places = camera.project(posed.vertices[chest], prepared.labels.shape)[:, :2]
    forwards = ((np.asarray(camera.eye) - posed.vertices[chest]) * posed.normals[chest]).sum(1) > 0
    return chest_faults(prepared.labels, places, forwards)


def _photo(shot: _Shot, materials: dict[str, Material], view: ViewSpec) -> Photo:
    prepared = shot.prepared
    image_u8 = to_u8(shade(prepared, materials, view))
    silhouette = _share_u8(prepared.dressed)
    return Photo(
        image_u8, prepared.labels, prepared.articles, silhouette, shot.coco18, shot.mpii16, prepared.cloth, shot.places
    )


def _share_u8(share: np.ndarray) -> np.ndarray:
    return np.rint(255 * np.clip(share, 0, 1)).astype(np.uint8)


def _size(size_hw: tuple[int, int]) -> int:
    return min((s for s in ATLAS_PX if s >= size_hw[0]), default=1024)


def _atlas_px(size_hw: tuple[int, int]) -> int:
    return ATLAS_PX[_size(size_hw)]
