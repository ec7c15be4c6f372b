"""A dressed person in a pose: everything worn, put in place as surfaces of a picture."""

from dataclasses import dataclass

import numpy as np

from vton.studio.accessories.shapes import PartMesh, join
from vton.studio.body.shape import PosedBody
from vton.studio.cloth.drape import DrapedGarment, drape_outfit
from vton.studio.figures.ensemble import Ensemble
from vton.studio.figures.holding import held_thing, hold
from vton.studio.figures.surfaces import cloth_surfaces, hair_surfaces, part_surface, skin_surfaces
from vton.studio.figures.worn_bag import worn_bag
from vton.studio.figures.worn_scarf import worn_scarf
from vton.studio.garments.field import garment_outline
from vton.studio.geometry.mesh import vertex_normals
from vton.studio.hair.ribbons import grow
from vton.studio.likeness.assets import Assets
from vton.studio.poses.solver import pose_rotations
from vton.studio.poses.stance_table import STANCES
from vton.studio.rendering.framing import Landmarks, eye_of
from vton.studio.rendering.surface import Surface
from vton.studio.sets.seats import seat_under
from vton.studio.specs.labels import BAG, BG, GLASSES, HAT, HELD, SCARF, SHOES
from vton.studio.specs.look import LookSpec
from vton.studio.specs.outfit import OutfitSpec
from vton.studio.specs.photo import PoseSpec, ViewSpec

OUTER_CLEARANCE_M, LOOSE_CLEARANCE_M = 0.035, 0.015
LOOSE_EASE_M = 0.028

BELLY = "belly"
"""Of `poses.places.PLACES`."""

FLOOR_MARGIN_M, FLOOR_STEP_M = 0.30, 0.016
"""The patch of floor around the feet that hems can lie on."""


@dataclass
class Figure:
    """A dressed person in a pose, standing on y = 0.

    surfaces: of the scene, with material names "skin", "eye", "hair", "glasses", "scarf", "seat", the slots and kinds
    of held things.
    """

    posed: PosedBody
    drapes: list[DrapedGarment]
    surfaces: list[Surface]


def pose_figure(
    ensemble: Ensemble,
    look: LookSpec,
    pose: PoseSpec,
    view: ViewSpec,
    pixels_per_metre: float,
    assets: Assets | None = None,
) -> Figure:
    """Dresses the body in a pose and sets up its surfaces, and what it sits on.

    Args:
        view: hair is made to be seen from there.
        pixels_per_metre: of the photo; decides how fine the hair is.
        assets: where hair that is a mesh comes from.
    """
    shape, outfit = ensemble.shape, ensemble.outfit
    model = shape.model
    posed, shoes = _on_the_floor(ensemble, pose, view)
    seat = seat_under(posed, pose.seed) if STANCES[pose.name].seat else None
    drapes = drape_outfit(posed, ensemble.garments, _ground(posed, shoes), seat and (seat.points, seat.normals))
    surfaces = skin_surfaces(posed, drapes, shoes)
    if seat:
        surfaces.append(part_surface(seat.mesh, BG, "seat"))
    surfaces += [s for drape in drapes for s in cloth_surfaces(drape)]
    if shoes:
        surfaces.append(part_surface(shoes, SHOES, "shoes"))
    head = posed.transform("head")
    hat_plane = None
    if ensemble.hat:
        worn = ensemble.hat.mesh.moved(head[:3, :3], head[:3, 3])
        surfaces.append(part_surface(worn, HAT, "accessory"))
        hat_plane = (posed.point("head", ensemble.hat.edge_point), head[:3, :3] @ ensemble.hat.edge_normal)
    if ensemble.glasses:
        worn = ensemble.glasses.moved(head[:3, :3], head[:3, 3])
        surfaces.append(part_surface(worn, GLASSES, "glasses"))
    bag = worn_bag(ensemble, posed, drapes, pose) if ensemble.bag else None
    if bag:
        surfaces.append(part_surface(bag, BAG, "accessory"))
    if pose.held and (thing := held_thing(posed, pose.held)):
        surfaces.append(part_surface(thing, HELD, pose.held.kind))
    colliders = [(posed.surface.vertices, posed.surface.normals)]
    colliders += [(d.mesh.vertices, d.normals) for d in drapes]
    if outfit.wear and outfit.wear.scarf is not None:
        scarf = worn_scarf(posed, drapes, outfit.wear.scarf, bag)
        surfaces.append(part_surface(scarf, SCARF, "scarf"))
        colliders.append(_outside(surfaces[-1], posed.joint("neck01")))
    if assets and (mesh := assets.hair(look, posed, colliders)):
        hair = [mesh]
    else:
        eye = eye_of(Landmarks.of(shape, posed.transforms), view)
        strands = grow(model, shape, posed, look.person.hair, colliders, pixels_per_metre, hat_plane, eye=eye)
        hair = hair_surfaces(strands)
    return Figure(posed, drapes, [*surfaces, *hair])


def _on_the_floor(ensemble: Ensemble, pose: PoseSpec, view: ViewSpec) -> tuple[PosedBody, PartMesh | None]:
    """The body in its pose and the shoes, of which the lowest point is at height 0."""
    model, shape = ensemble.shape.model, ensemble.shape
    clearance = _clearance(ensemble.outfit)
    if BELLY in (STANCES[pose.name].left.reach, STANCES[pose.name].right.reach):
        clearance = max(clearance, _before_belly(ensemble))
    rotations = pose_rotations(model, shape, pose, ensemble.heel_m, clearance)
    if pose.held:
        rotations = hold(model, shape, rotations, pose.held, view)
    posed = model.pose(shape, rotations)
    shoes = _worn_shoes(ensemble, posed)
    floor = shoes.vertices[:, 1].min() if shoes else posed.surface.vertices[:, 1].min()
    lift = (0.0, -float(floor), 0.0)
    return posed.moved(lift), shoes.moved(np.eye(3), lift) if shoes else None


def _outside(scarf: Surface, neck: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Points and normals [N, 3] of the scarf's side that looks away from the neck: hair falls over it."""
    away = ((scarf.vertices - neck) * [1, 0, 1] * scarf.normals).sum(1) > 0
    return scarf.vertices[away], scarf.normals[away]


def _ground(posed: PosedBody, shoes: PartMesh | None) -> tuple[np.ndarray, np.ndarray]:
    """Points and normals [N,3] that long garments end on: the shoes, and the floor around them."""
    feet = shoes.vertices if shoes else posed.surface.vertices[posed.surface.vertices[:, 1] < 0.1]
    low, high = feet.min(0) - FLOOR_MARGIN_M, feet.max(0) + FLOOR_MARGIN_M
    x, z = np.meshgrid(np.arange(low[0], high[0], FLOOR_STEP_M), np.arange(low[2], high[2], FLOOR_STEP_M))
    floor = np.stack([x.ravel(), np.zeros(x.size), z.ravel()], 1).astype(np.float32)
    up = np.broadcast_to(np.array([0, 1, 0], np.float32), floor.shape)
    if not shoes:
        return floor, up
    normals = vertex_normals(shoes.vertices, shoes.triangles)
    return np.concatenate([shoes.vertices, floor]), np.concatenate([normals, up])


def _clearance(outfit: OutfitSpec) -> float:
    if outfit.article("outer"):
        return OUTER_CLEARANCE_M
    loose = any(float(a.cut.get("chest_ease", 0.0)) > LOOSE_EASE_M for a in outfit.articles)
    return LOOSE_CLEARANCE_M if loose else 0.0


def _before_belly(ensemble: Ensemble) -> float:
    """How far tops and dresses hang off the belly: hands are laid on cloth, not under it."""
    m = ensemble.shape.measures
    heights = np.linspace(m.waist_y - 0.2, m.waist_y, 21)
    shown = [g.pattern for g in ensemble.garments if g.kind in ("top", "dress")]
    return max((float((garment_outline(heights, m, p)[1] - m.front(heights))[10]) for p in shown), default=0.0)


def _worn_shoes(ensemble: Ensemble, posed: PosedBody) -> PartMesh | None:
    if ensemble.shoe is None:
        return None
    pair = [ensemble.shoe.worn(s, posed.transform(f"foot.{s}"), posed.transform(f"lowerleg02.{s}")) for s in "LR"]
    return join(pair)
