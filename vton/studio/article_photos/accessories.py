"""Shoes, hats and bags put on the plane z = 0 as a view asks for."""

import numpy as np

from vton.studio.accessories.bags import HANDLE, SHAPES, STRAP_PLACE_M, build_bag
from vton.studio.accessories.hats import build_hat
from vton.studio.accessories.shapes import PartMesh, join, ribbon
from vton.studio.body.shape import BodyShape
from vton.studio.figures.ensemble import head_of
from vton.studio.garments.field import smooth_step
from vton.studio.geometry.rotations import euler
from vton.studio.specs.outfit import ArticleSpec
from vton.studio.specs.photo import ArticleViewSpec

STANDING = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])
"""What was up comes towards the camera, what was in front looks to the lower edge of the picture."""

TOES_UP = np.array([[-1.0, 0, 0], [0, 0, 1], [0, 1, 0]])
SHOE_GAP_M = 0.055
FLAT_BEANIE, FLAT_BAG = 0.3, 0.7
"""What is left of the depth of a beanie or bag that lies on its back."""

LOOSE_STRAP_PLACE_M = STRAP_PLACE_M + 1
"""Points of a loose strap are not those of a worn one: where it begins on the wearer's is anywhere."""

STRAP_M, STRAP_WIDTH_M = 0.34, 0.016
"""How far the strap of a crossbody bag reaches above it."""


def put_shoes(left: PartMesh, view: ArticleViewSpec) -> PartMesh:
    """One shoe or a pair, toes up in the picture or to the side; ``left``: the left one."""
    rng = np.random.default_rng([view.seed, 4])
    left = _on_floor(left)
    if view.arrangement == "one":
        return _centred(left.moved(TOES_UP, (0, 0, 0)))
    pair = []
    for shoe, side in ((left, 1), (left.mirrored(), -1)):
        toes = TOES_UP @ euler(y=float(rng.normal(0, 5)) + 4 * side)
        pair.append(shoe.moved(toes, (-side * (SHOE_GAP_M + rng.uniform(0, 0.012)), rng.normal(0, 0.012), 0)))
    return _centred(join(pair))


def put_hat(article: ArticleSpec, shape: BodyShape, view: ArticleViewSpec) -> PartMesh:
    """A hat that stands on its edge; a beanie lies on its back."""
    hat = build_hat(article, head_of(shape)).mesh
    if article.type == "beanie" and view.arrangement == "front":
        lying = hat.moved(np.diag([1.0, 1.0, FLAT_BEANIE]), (0, 0, 0))
        return _on_plane(_centred(lying))
    return _on_plane(_centred(hat.moved(STANDING, (0, 0, 0))))


def put_bag(article: ArticleSpec, view: ArticleViewSpec) -> PartMesh:
    """A bag that lies on its back, its strap up in the picture or fallen down over it."""
    bag = build_bag(article)
    bag = _on_plane(bag.moved(np.diag([1.0, 1.0, FLAT_BAG]), (0, 0, 0)))
    if article.type == "crossbody":
        bag = join([bag, _strap(bag, view)])
    elif view.arrangement == "strap_down":
        bag = _handles_down(bag, -SHAPES[article.type].handle)
    return _centred(bag)


def _handles_down(bag: PartMesh, rim: float) -> PartMesh:
    handles = np.zeros(len(bag.vertices), bool)
    handles[bag.triangles[bag.part == HANDLE]] = True
    body = np.zeros(len(bag.vertices), bool)
    body[bag.triangles[bag.part != HANDLE]] = True
    vertices = bag.vertices.copy()
    above = vertices[:, 1] - rim
    fallen = handles & ~body & (above > 0)
    front = float(vertices[body, 2].max()) + 0.004
    vertices[fallen, 1] = (rim - 0.9 * above)[fallen]
    vertices[fallen, 2] += ((front - vertices[:, 2].mean()) * smooth_step(above / 0.03))[fallen]
    return PartMesh(vertices.astype(np.float32), bag.triangles, bag.part, bag.uv, bag.place)


def _strap(bag: PartMesh, view: ArticleViewSpec) -> PartMesh:
    """A strap between the upper corners: an arch above the bag, or thrown in a loop around it."""
    rng = np.random.default_rng([view.seed, 5])
    low, high = bag.vertices.min(0), bag.vertices.max(0)
    half, top, middle = 0.96 * high[0], high[1] - 0.012, 0.5 * (low[2] + high[2])
    turn = np.linspace(np.pi, 0, 60)
    if view.arrangement == "strap_up":
        wide = half * (1 + 0.25 * np.sin(turn) * rng.uniform(0, 1))
        x, y = wide * np.cos(turn), top + STRAP_M * np.sin(turn) ** 0.8
    else:
        turn = np.linspace(0.72 * np.pi, 2.28 * np.pi, 90)
        ease = 0.05 + 0.02 * np.sin(3 * turn + rng.uniform(0, 6))
        centre = 0.5 * (low[1] + high[1])
        x = (half + ease) * np.cos(turn) * 1.12
        y = centre + (0.5 * (high[1] - low[1]) + ease) * np.sin(turn) * 1.12
    z = np.interp(np.linspace(0, 1, len(x)), [0, 0.12, 0.88, 1], [middle, 0.004, 0.004, middle])
    path = np.stack([x, y, z], -1)
    path[0, :2], path[-1, :2] = (-half, top), (half, top)
    across = np.gradient(path, axis=0)[:, [1, 0, 2]] * [1, -1, 0]
    across /= np.linalg.norm(across, axis=1, keepdims=True) + 1e-9
    strap = ribbon(path, across, STRAP_WIDTH_M, HANDLE)
    return strap.with_places(np.column_stack([strap.uv, np.full(len(strap.uv), LOOSE_STRAP_PLACE_M)]))


def _on_floor(shoe: PartMesh) -> PartMesh:
    """Its sole on y = 0, its middle on x = 0."""
    low, high = shoe.vertices.min(0), shoe.vertices.max(0)
    return shoe.moved(np.eye(3), (-(low[0] + high[0]) / 2, -low[1], -(low[2] + high[2]) / 2))


def _on_plane(mesh: PartMesh) -> PartMesh:
    return mesh.moved(np.eye(3), (0, 0, 0.001 - float(mesh.vertices[:, 2].min())))


def _centred(mesh: PartMesh) -> PartMesh:
    middle = (mesh.vertices.min(0) + mesh.vertices.max(0)) / 2
    return mesh.moved(np.eye(3), (-middle[0], -middle[1], 0))
