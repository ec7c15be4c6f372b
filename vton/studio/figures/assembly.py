"""A person in an outfit as surfaces of a scene: cut once for a body, then dressed and set up in any pose."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vton.studio.accessories.bags import Collider, build_bag, crossbody, hang_from_grip
from vton.studio.accessories.foot import FootFit
from vton.studio.accessories.hats import HAT_TYPES, Hat, HeadFit, build_glasses, build_hat
from vton.studio.accessories.shapes import PartMesh, join
from vton.studio.accessories.shoes import Shoe, build_shoe, heel_of
from vton.studio.body.model import BodyModel, BodyShape, PosedBody
from vton.studio.cloth.drape import DrapedGarment, covered_skin, dress
from vton.studio.figures.holding import held_thing, hold
from vton.studio.garments.atlas import COLLAR
from vton.studio.garments.building import Garment, build_garment
from vton.studio.geometry.mesh import Mesh, vertex_normals
from vton.studio.geometry.rotations import unit
from vton.studio.hair.ribbons import HairGeometry, grow
from vton.studio.likeness.assets import Assets
from vton.studio.likeness.painted_skin import eye_surfaces
from vton.studio.poses.solver import pose_rotations
from vton.studio.poses.stance_table import STANCES
from vton.studio.rendering.framing import Landmarks, eye_of
from vton.studio.rendering.rendering import Surface
from vton.studio.sets.seats import seat_under
from vton.studio.specs.labels import ARTICLE_ID, BAG, BG, GLASSES, HAIR, HAT, HELD, LABEL, SHOES
from vton.studio.specs.looks import ArticleSpec, LookSpec, OutfitSpec, PoseSpec, ViewSpec

GARMENT_SLOTS = ("top", "outer", "bottom", "dress")
OUTER_CLEARANCE_M, LOOSE_CLEARANCE_M = 0.035, 0.015
LOOSE_EASE_M = 0.028
SHIN_M = 0.45
"""How far above the ankle a boot may reach."""

HAT_LINE_DM = 7.75
"""Height of a hat's edge on the template."""

FLOOR_MARGIN_M, FLOOR_STEP_M = 0.30, 0.016
"""The patch of floor around the feet that hems can lie on."""

INSIDE_M = 0.003
"""How far beneath the skin the mesh lies that casts the body's shadow."""


@dataclass
class Ensemble:
    """An outfit cut for a body, before any pose."""

    shape: BodyShape
    outfit: OutfitSpec
    garments: list[Garment]
    shoe: Shoe | None
    hat: Hat | None
    glasses: PartMesh | None
    bag: PartMesh | None

    @property
    def heel_m(self) -> float:
        """Height of the shoes' heels."""
        return heel_of(self.outfit.article("shoes"))


def cut_ensemble(model: BodyModel, look: LookSpec) -> Ensemble:
    """Builds everything that is worn, around the resting body."""
    outfit = look.outfit
    shape = model.shape(look.person.body)
    layered = outfit.article("outer") is not None
    garments = [
        build_garment(a, shape, layered and a.slot in ("top", "dress"))
        for a in outfit.articles
        if a.slot in GARMENT_SLOTS
    ]
    shoes, extra = outfit.article("shoes"), outfit.article("accessory")
    hat = build_hat(extra, head_of(shape)) if extra and extra.type in HAT_TYPES else None
    glasses = None
    if outfit.glasses is not None:
        left, right = (shape.vertices[np.unique(model.eye_triangles[s])].mean(0) for s in ("left", "right"))
        glasses = build_glasses(outfit.glasses, left, right)
    return Ensemble(
        shape,
        outfit,
        garments,
        fitted_shoe(shoes, shape) if shoes else None,
        hat,
        glasses,
        build_bag(extra) if extra and hat is None else None,
    )


def fitted_shoe(article: ArticleSpec, shape: BodyShape) -> Shoe:
    """The left shoe of an article, made for a body."""
    return build_shoe(article, foot_of(shape, heel_of(article)))


def foot_of(shape: BodyShape, heel_m: float) -> FootFit:
    """The left foot of a body on a heel."""
    regions, ankle = shape.model.regions, shape.joints["foot.L"]
    vertices = shape.vertices
    chosen = (regions.leg | regions.foot) & (vertices[:, 0] > 0) & (vertices[:, 1] < ankle[1] + SHIN_M)
    triangles = shape.model.triangles
    triangles = triangles[chosen[triangles].all(1)]
    points = np.concatenate([vertices[chosen], vertices[triangles].mean(1)])
    normals = np.concatenate([shape.normals[chosen], shape.normals[triangles].mean(1)])
    return FootFit.of(points, normals, ankle, shape.joints["toe3-1.L"], heel_m)


def head_of(shape: BodyShape) -> HeadFit:
    """The skull of a body above the line where hats sit."""
    model = shape.model
    return HeadFit.of(shape.vertices[model.regions.head & (model.template[:, 1] > HAT_LINE_DM)])


@dataclass
class Figure:
    """A dressed person in a pose, standing on y = 0.

    surfaces: of the scene, with material names "skin", "eye", "hair", "glasses", "seat", the slots and kinds of held
    things.
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
    rotations = pose_rotations(model, shape, pose, ensemble.heel_m, _clearance(outfit))
    if pose.held:
        rotations = hold(model, shape, rotations, pose.held, view)
    posed = model.pose(shape, rotations)
    shoes = _worn_shoes(ensemble, posed)
    floor = shoes.vertices[:, 1].min() if shoes else posed.surface.vertices[:, 1].min()
    lift = (0.0, -float(floor), 0.0)
    posed = posed.moved(lift)
    if shoes:
        shoes = shoes.moved(np.eye(3), lift)
    seat = seat_under(posed, pose.seed) if STANCES[pose.name].seat else None
    drapes = dress(posed, ensemble.garments, _ground(posed, shoes), seat and (seat.points, seat.normals))
    surfaces = _skin_surfaces(posed, drapes, shoes)
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
    if ensemble.bag:
        surfaces.append(part_surface(_worn_bag(ensemble, posed, drapes, pose), BAG, "accessory"))
    if pose.held and (thing := held_thing(posed, pose.held)):
        surfaces.append(part_surface(thing, HELD, pose.held.kind))
    colliders = [(posed.surface.vertices, posed.surface.normals)]
    colliders += [(d.mesh.vertices, d.normals) for d in drapes]
    if assets and (mesh := assets.hair(look, posed, colliders)):
        return Figure(posed, drapes, [*surfaces, mesh])
    eye = eye_of(Landmarks.of(shape, posed.transforms), view)
    hair = grow(model, shape, posed, look.person.hair, colliders, pixels_per_metre, hat_plane, eye=eye)
    surfaces += _hair_surfaces(hair)
    return Figure(posed, drapes, surfaces)


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


def _worn_shoes(ensemble: Ensemble, posed: PosedBody) -> PartMesh | None:
    if ensemble.shoe is None:
        return None
    pair = [ensemble.shoe.worn(s, posed.transform(f"foot.{s}"), posed.transform(f"lowerleg02.{s}")) for s in "LR"]
    return join(pair)


def part_surface(mesh: PartMesh, label: int, material: str) -> Surface:
    """An accessory; ``material`` is its slot, "glasses", "seat" or the kind of a thing that is held."""
    return Surface(
        mesh.vertices,
        vertex_normals(mesh.vertices, mesh.triangles),
        mesh.triangles,
        uv=mesh.uv,
        uv_triangles=mesh.triangles,
        place=mesh.place,
        label=label,
        article=ARTICLE_ID.get(material, 0),
        material=material,
        part=mesh.part,
    )


def _skin_surfaces(posed: PosedBody, drapes: Sequence[DrapedGarment], shoes: PartMesh | None) -> list[Surface]:
    skin, worn = posed.surface, list(drapes)
    if shoes:
        mesh = Mesh(shoes.vertices, shoes.triangles)
        worn.append(DrapedGarment("shoes", "shoes", "", mesh, mesh.normals(), np.ones(len(mesh.vertices), np.float32)))
    depth = covered_skin(posed, worn)
    depth[posed.shape.model.surface_fingers] = 0  # they are so thin that they would be turned inside out
    vertices = skin.vertices - depth[:, None] * skin.normals
    shown = ~skin.toes if shoes else np.ones(len(skin.triangles), bool)
    surfaces = [
        Surface(
            vertices, skin.normals, skin.triangles[shown], skin.uv, skin.uv_triangles[shown],
            label=skin.labels[shown], material="skin", casts_shadow=False,
        ),
        _body_shadow(posed, shoes is not None),
    ]  # fmt: skip
    return surfaces + eye_surfaces(posed.shape.model, posed, "eye")


def _body_shadow(posed: PosedBody, shod: bool) -> Surface:
    """The coarse body, a little inside the skin, which casts shadows in its place."""
    model = posed.shape.model
    inside = (posed.vertices - INSIDE_M * posed.normals).astype(np.float32)
    triangles = model.triangles
    if shod:
        triangles = triangles[~model.regions.foot[triangles].all(1)]
    return Surface(inside, posed.normals, triangles, drawn=False)


def cloth_surfaces(drape: DrapedGarment) -> list[Surface]:
    """A garment and its trims."""
    label, article = LABEL[drape.kind], ARTICLE_ID[drape.slot]
    mesh = drape.mesh
    surfaces = [
        Surface(
            mesh.vertices, drape.normals, mesh.triangles, mesh.uv, mesh.uv_triangles, cavity=drape.cavity, label=label,
            article=article, island=drape.island, material=drape.slot,
        )
    ]  # fmt: skip
    for trim in drape.trims:
        surfaces.append(
            Surface(
                trim.vertices, trim.normals(), trim.triangles, trim.uv, trim.uv_triangles, label=label,
                article=article, island=COLLAR, material=drape.slot,
            )
        )  # fmt: skip
    return surfaces


def _hair_surfaces(hair: HairGeometry | None) -> list[Surface]:
    if hair is None or not len(hair.triangles):
        return []
    surfaces = [
        Surface(
            hair.vertices, hair.normals, hair.triangles, tangents=hair.tangents, shade=hair.shade, label=HAIR,
            material="hair", casts_shadow=False,
        )
    ]  # fmt: skip
    if len(hair.occluder_triangles):
        blocker = np.ascontiguousarray(hair.occluder_vertices, np.float32)
        normals = vertex_normals(blocker, hair.occluder_triangles)
        surfaces.append(Surface(blocker, normals, hair.occluder_triangles, drawn=False))
    return surfaces


ARM_BONES = ("upperarm01", "upperarm02", "lowerarm01", "lowerarm02", "wrist")


def _worn_bag(ensemble: Ensemble, posed: PosedBody, drapes: Sequence[DrapedGarment], pose: PoseSpec) -> PartMesh:
    bag, article = ensemble.bag, ensemble.outfit.article("accessory")
    points = np.concatenate([posed.surface.vertices] + [d.mesh.vertices for d in drapes])
    normals = np.concatenate([posed.surface.normals] + [d.normals for d in drapes])
    root = posed.transform("root")
    heading = float(np.degrees(np.arctan2(root[0, 2], root[2, 2])))
    if article.type == "crossbody":
        return _across_the_body(ensemble, posed, points, normals)
    left, right = (_grip(posed, s) for s in "LR")
    if pose.name == "elbow-bag":
        side = "R" if pose.mirror else "L"
        forearm = posed.joint(f"wrist.{side}") - posed.joint(f"lowerarm01.{side}")
        grip = posed.joint(f"lowerarm01.{side}") + 0.45 * forearm
        near = np.linalg.norm(points - grip, axis=1) < 0.09
        grip = grip + [0, max(0.0, float((points[near, 1] - grip[1]).max(initial=0.03))), 0]
        yaw = float(np.degrees(np.arctan2(forearm[0], forearm[2])))
    elif pose.name == "hands-front":
        return _before_the_legs(posed, (left + right) / 2, bag, heading, points, normals)
    else:
        side = "L" if left[1] < right[1] else "R"
        grip = left if side == "L" else right
        yaw = heading + (68 if side == "L" else -68)
    away = root[:3, :3] @ np.array([1.0 if side == "L" else -1.0, 0, 0])
    away = away * [1, 0, 1] / np.linalg.norm(away * [1, 0, 1])
    free = np.linalg.norm(points - grip, axis=1) > 0.12
    free &= _distance_to_arm(posed, points, side) > 0.09
    return hang_from_grip(bag, grip, yaw, away, Collider(points[free], normals[free]))


def _before_the_legs(
    posed: PosedBody, grip: np.ndarray, bag: PartMesh, heading: float, points: np.ndarray, normals: np.ndarray
) -> PartMesh:
    """The bag hung from both hands; ``heading``: degrees of the body's front."""
    ahead = posed.transform("root")[:3, :3] @ np.array([0.0, 0.0, 1.0]) * [1, 0, 1]
    off_hands = np.minimum(_distance_to_arm(posed, points, "L"), _distance_to_arm(posed, points, "R")) > 0.07
    return hang_from_grip(bag, grip, heading, unit(ahead), Collider(points[off_hands], normals[off_hands]))


def _grip(posed: PosedBody, side: str) -> np.ndarray:
    """Where a closed hand holds a handle."""
    knuckle, middle = posed.joint(f"finger3-1.{side}"), posed.joint(f"finger3-2.{side}")
    return 0.35 * knuckle + 0.65 * middle - np.array([0, 0.004, 0])


def _distance_to_arm(posed: PosedBody, points: np.ndarray, side: str) -> np.ndarray:
    """Distance of points [N,3] from the axis of an arm and its hand, metres."""
    joints = [posed.joint(f"{bone}.{side}") for bone in ARM_BONES] + [posed.joint(f"finger3-3.{side}")]
    nearest = np.full(len(points), np.inf)
    for start, end in zip(joints, joints[1:], strict=False):
        step = end - start
        share = np.clip((points - start) @ step / (step @ step + 1e-12), 0, 1)
        nearest = np.minimum(nearest, np.linalg.norm(points - start - share[:, None] * step, axis=1))
    return nearest


def _across_the_body(ensemble: Ensemble, posed: PosedBody, points: np.ndarray, normals: np.ndarray) -> PartMesh:
    m, article = ensemble.shape.measures, ensemble.outfit.article("accessory")
    side = 1 if article.seed % 2 else -1
    over = np.array([-side * 0.085, m.shoulder[1] + 0.06, m.shoulder[2] - 0.01])
    shoulder = posed.point("spine01", over)
    hip_y = m.high_hip_y + 0.03
    hip = posed.point("root", np.array([side * (m.half_width(hip_y) * 0.88), hip_y, m.front(hip_y) * 0.6]))
    off_arms = np.minimum(_distance_to_arm(posed, points, "L"), _distance_to_arm(posed, points, "R"))
    trunk = (off_arms > 0.075) & (points[:, 1] < posed.joint("neck01")[1] + 0.03)
    return crossbody(ensemble.bag, shoulder, hip, Collider(points, normals), points[trunk])
