"""Garments in the rest pose: from an article's cut and a body to a mesh with atlas, skin weights and borders.

``ArticleSpec.cut`` per kind; everything has a default (``cutting.py``), what is not named here is the painter's.

tops, outers, dresses (metres unless said):
  ease 0.003..0.015 distance to the skin everywhere; chest_ease 0..0.05, waist_ease 0..0.06, hem_ease 0..0.06 added to
  the torso's outline; straight 0..1 (0 follows the waist, 1 falls from the bust); sleeve 0 none..1.02 (share of
  shoulder to wrist), sleeve_ease 0..0.06, cuff_ease 0..0.05; neck_shape crew|v|square|boat, neck_width 0.02..0.11
  (half), neck_depth 0..0.14, neck_depth_back 0..0.05; armhole -0.03..0.02 (sleeveless, + is wider over the shoulder),
  strap 0.004..0.02 (half width; a cami or slip); hem 0 (waist line)..1 (hip line)..1.6, or hem_leg 1 (crotch)..0
  (knee)..-1 (ankle), hem_curve 0..0.06 (higher at the sides), flare 0..0.35 (metres wider per metre below the waist),
  taper 0.85..1 (narrower per 0.4 m below the hips); open 0..0.06 (outer: half of the gap), collar
  none|shirt|lapel|hood|turtle|rib|stand, button_height 0..0.4 (lapel: 0 at the waist, each 1 is 0.25 m lower),
  lapel_width 0.05..0.1; tuck (top in the bottom), belt, gather (elastic hem), rib_hem, rib_cuff 0..0.07 (heights),
  puff 0..0.016, quilt 0.05..0.1.
pants: ease; hip_ease 0..0.02; rise -0.1 (above the waist line)..0.7 (low); knee_radius 0.045..0.12, hem_radius
  0.038..0.13 (of a body of medium hips); leg -0.02..0.08 (hem over the ankle) or thigh 0 (knee)..0.8 (shorts);
  rib_cuff.
skirts: ease; hip_ease; rise; flare; taper; hem_leg; pleats 0 or 12..28; ruffle 0..0.3; slit 0..0.3; waistband.
"""

from dataclasses import dataclass, replace

import numpy as np

from vton.studio.body.measures import Measures
from vton.studio.body.model import BodyModel
from vton.studio.body.shape import BodyShape
from vton.studio.garments.atlas import Atlas, lay_out
from vton.studio.garments.cutting import Pattern, draft
from vton.studio.garments.field import CELL_M, garment_field, smooth_step
from vton.studio.garments.tailoring import tailor
from vton.studio.garments.wear import Worn, drawn_in, fastened, fold, worn_as, worn_front, worn_pattern
from vton.studio.geometry.closest import PointGrid
from vton.studio.geometry.isosurface import surface_nets
from vton.studio.geometry.mesh import Mesh, compact, edges, smooth
from vton.studio.specs.outfit import SHOULDERS, ArticleSpec, WearSpec

BONES_PER_VERTEX = 8
ELASTIC = 0.16
"""How much shorter an elastic hem is than the cloth above it."""


@dataclass
class Garment:
    """A garment around the rest body, before it is draped.

    article, pattern: what it was made from; mesh: rest pose, uv in 0..1 of the atlas; atlas: its islands, borders and
    seams for the painter (``atlas.marks``: where waist, sleeves ... are); bones, weights [V, 8]: skin weights; attach
    [V] f32 0..1: pull to where the body carries it; stretch [E] f32: rest length over mesh length of
    ``mesh.edges(triangles)``, above 1 in ruffles; limb [V] i8: 0 torso or skirt, 1 left, 2 right sleeve or leg.

    worn: how (cloth that is tucked in or rolled up is left out of the mesh); start [V, 3] f32: rest pose as it is worn,
    which draping begins with; fastened [P, 2] i32: pairs of vertices that buttons or a zip hold together.
    """

    article: ArticleSpec
    pattern: Pattern
    mesh: Mesh
    atlas: Atlas
    bones: np.ndarray
    weights: np.ndarray
    attach: np.ndarray
    stretch: np.ndarray
    limb: np.ndarray
    worn: Worn
    start: np.ndarray
    fastened: np.ndarray

    @property
    def kind(self) -> str:
        """ "top", "outer", "pants", "skirt" or "dress"."""
        return self.pattern.kind

    @property
    def over_shoulders(self) -> bool:
        """Whether the arms are not in its sleeves."""
        return self.worn.front == SHOULDERS


def build_garment(
    article: ArticleSpec,
    shape: BodyShape,
    layered: bool = False,
    wear: WearSpec | None = None,
    waist_y: float | None = None,
) -> Garment:
    """Cut a garment for a body.

    Args:
        layered: it is worn under an outer, so it is slimmer (the atlas is the same).
        wear: how it is worn, if not as it is cut (the atlas is the same).
        waist_y: upper edge of the trousers or skirt that a top may be tucked into, metres.

    Raises:
        InputError: nobody knows how to make the article's type.
    """
    m = shape.measures
    pattern = worn_pattern(draft(article, m, layered), wear)
    skin = shape.model.regions.body
    values, origin = garment_field(shape.vertices[skin], shape.normals[skin], m, pattern)
    vertices, triangles = surface_nets(values, origin, CELL_M)
    surface = tailor((smooth(vertices, triangles, 2), triangles), m, pattern)
    worn = worn_as(article, wear, pattern, waist_y)
    (vertices, triangles), folded = fold(surface, m, pattern, worn)
    standard = shape.model.standard().measures
    atlas = lay_out(vertices, triangles, m, pattern, standard, draft(article, standard, layered))
    if folded.any():
        vertices, triangles, atlas = _without(vertices, triangles, atlas, folded)
    bones, weights = _skin_weights(vertices, triangles, shape, pattern)
    pairs = edges(triangles)
    stretch = _stretch(vertices, pairs, pattern) * drawn_in(vertices[pairs].mean(1), m, pattern, worn)
    limb = np.zeros(len(vertices), np.int8)
    limb[triangles[atlas.island > 0].ravel()] = np.repeat(atlas.island[atlas.island > 0], 3)
    attach = _attachment(vertices, m, pattern)
    if pattern.pleats:
        vertices = _pleated(vertices, pattern)
    mesh = Mesh(vertices, triangles, atlas.uv, atlas.uv_triangles)
    start, sewn = worn_front(vertices, m, pattern, worn), fastened(vertices, triangles, m, pattern, worn)
    return Garment(article, pattern, mesh, atlas, bones, weights, attach, stretch, limb, worn, start, sewn)


def _without(
    vertices: np.ndarray, triangles: np.ndarray, atlas: Atlas, folded: np.ndarray
) -> tuple[np.ndarray, np.ndarray, Atlas]:
    """Mesh and atlas without folded triangles [T]; the borders and seams of the whole garment stay for the painter."""
    uv = atlas.uv[atlas.uv_triangles[~folded].ravel()]
    corners = np.arange(len(uv), dtype=np.int32).reshape(-1, 3)
    vertices, kept, _ = compact(vertices, triangles[~folded])
    return vertices, kept, replace(atlas, uv=uv, uv_triangles=corners, island=atlas.island[~folded])


def _skin_weights(
    vertices: np.ndarray, triangles: np.ndarray, shape: BodyShape, p: Pattern
) -> tuple[np.ndarray, np.ndarray]:
    """Those of the nearest skin, evened out; below the hips of skirts a blend of both legs and the pelvis."""
    model, m = shape.model, shape.measures
    carrier = model.regions.body & ~model.regions.head & ~model.regions.foot
    if p.kind in ("pants", "skirt"):
        carrier &= ~model.regions.arm
    numbers = np.flatnonzero(carrier)
    grid = PointGrid(shape.vertices[numbers], 0.03)
    nearest = grid.nearest(vertices, 0.06)
    far = nearest < 0
    nearest[far] = grid.nearest(vertices[far], 0.6)
    skin = numbers[nearest]
    dense = np.zeros((len(vertices), len(model.bones)), np.float32)
    np.add.at(dense, (np.arange(len(vertices))[:, None], model.weight_bones[skin]), model.weights[skin])
    if p.kind != "pants":
        dense = _hang_from_hips(dense, vertices, model, m)
    used = np.flatnonzero(dense.max(0) > 1e-4)
    even = smooth(dense[:, used], triangles, 10, 0.6)
    strongest = np.argsort(-even, 1)[:, :BONES_PER_VERTEX]
    weights = np.take_along_axis(even, strongest, 1)
    return used[strongest].astype(np.int32), (weights / weights.sum(1, keepdims=True)).astype(np.float32)


def _hang_from_hips(dense: np.ndarray, vertices: np.ndarray, model: BodyModel, m: Measures) -> np.ndarray:
    below = np.clip((m.high_hip_y - vertices[:, 1]) / 0.12, 0, 1)
    left = smooth_step((vertices[:, 0] + 0.12) / 0.24)
    hanging = np.zeros_like(dense)
    hanging[:, model.bone_index["root"]] = 0.3
    for side, share in (("L", left), ("R", 1 - left)):
        for bone in ("upperleg01.", "upperleg02."):
            hanging[:, model.bone_index[bone + side]] = 0.35 * share
    return dense * (1 - below[:, None]) + hanging * below[:, None]


def _attachment(vertices: np.ndarray, m: Measures, p: Pattern) -> np.ndarray:
    x, y = np.abs(vertices[:, 0]), vertices[:, 1]
    if p.kind in ("pants", "skirt"):
        return np.where(y > p.top_y - 0.03, 0.6, 0).astype(np.float32)
    attach = np.where((y > m.shoulder[1] + 0.02) & (x < 0.13), 0.04, 0.0)
    if p.strap > 0:
        attach[y > m.bust_y + 0.03] = 0.4
    if p.kind == "dress" and p.belt:
        attach[np.abs(y - m.waist_y) < 0.02] = 0.4
    if p.rib_cuff and p.sleeve > 0.02:
        along, _ = m.along_arm(vertices)
        attach[(along > p.sleeve - 0.045) & (x > m.shoulder[0] + 0.05)] = 0.2
    return attach.astype(np.float32)


def _stretch(vertices: np.ndarray, pairs: np.ndarray, p: Pattern) -> np.ndarray:
    """Per edge: more cloth around the hem of ruffled skirts, less in elastic hems."""
    step = np.abs(vertices[pairs[:, 0]] - vertices[pairs[:, 1]])
    across = 1 - step[:, 1] / (np.linalg.norm(step, axis=1) + 1e-9)
    middle = vertices[pairs].mean(1)
    stretch = np.ones(len(pairs), np.float32)
    if p.ruffle:
        below = np.clip((p.top_y - middle[:, 1]) / (p.top_y - p.hem_y), 0, 1)
        stretch += p.ruffle * below * across
    if p.gather and p.rib_hem:
        stretch -= ELASTIC * across * (middle[:, 1] < p.hem_y + p.rib_hem)
    return stretch


def _pleated(vertices: np.ndarray, p: Pattern) -> np.ndarray:
    turn = np.arctan2(vertices[:, 0], vertices[:, 2]) / (2 * np.pi)
    below = np.clip((p.top_y - 0.03 - vertices[:, 1]) / 0.12, 0, 1)
    zigzag = np.abs((turn * p.pleats) % 1 - 0.5) * 2 - 0.5
    flat = vertices[:, [0, 2]]
    out = flat / np.linalg.norm(flat, axis=1, keepdims=True)
    pleated = vertices.copy()
    pleated[:, [0, 2]] += out * (0.024 * zigzag * below)[:, None]
    return pleated
