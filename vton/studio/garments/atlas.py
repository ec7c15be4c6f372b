"""Texture coordinates in metres of cloth, by islands, and the borders and seams that the painter follows.

The metres are those of the article on the standard body (`grading`): a point of the cloth has the same coordinates on
everyone who wears it, on the mannequin and on a flat lay, so that one pattern is painted for all of them.
"""

from dataclasses import dataclass

import numpy as np

from vton.studio.body.measures import Measures
from vton.studio.garments.cutting import Pattern
from vton.studio.garments.field import smooth_step
from vton.studio.garments.grading import Grading
from vton.studio.garments.tailoring import before_shoulders, sleeve_seam
from vton.studio.geometry.mesh import directed_edges, edge_keys

ATLAS_M = 2.56
"""Side of every garment's texture in metres: uv 0..1 is 2.56 m of cloth, both ways; v grows upwards."""

BORDERS = ("hem", "neck", "cuff", "opening", "waist")
"""Names of the borders, by number."""

HEM, NECK, CUFF, OPENING, WAIST = range(5)

CUT_WITHIN = 0.25
"""How far from an island's end, as a share of its half width, an edge at which coordinates jump lies at most."""

ELBOW_M = 0.06
"""Before and after the elbow, a sleeve's length passes from the upper arm's direction to the forearm's."""

COLLAR = 3
"""Number of the island of collars, lapels and hoods."""

COLLAR_U, COLLAR_V = 0.1, 2.25
"""Corner of the atlas' strip for collars, lapels and hoods: u runs along the edge (up to 1.7 m), v across (0.25 m)."""


@dataclass(frozen=True)
class AtlasMarks:
    """Where things are in the atlas, metres (u to the garment's left as worn = viewer's right, v up).

    Island 0 (torso of tops, outers, dresses; skirts) is centred on ``centre_u`` with v = height over the floor, so all
    ``*_v`` heights are those of the standard body; ``side_u``: from centre_u to a side seam; the back's middle is at
    centre_u +- 2 side_u. Sleeves (islands 1 left, 2 right) are centred on ``sleeve_u``, v = ``sleeve_v[island - 1]`` +
    metres along the arm (shoulder 0, ``elbow``, hem at ``sleeve``; 0 = sleeveless). Legs of pants (islands 1 left, 2
    right) are centred (front crease) on ``leg_u[island - 1]``, u = leg_u +- angle * ``leg_radius``, outwards + on the
    left and - on the right leg; v = height.

    neck_v: base of the neck; shoulder_v: shoulder joints; bust_v, waist_v, hip_v, crotch_v, knee_v: body lines; top_v:
    upper edge of pants and skirts (waistband from there down); hem_v: lower edge; button_v: top button of a lapel;
    open_u: half width of an outer's front gap at the waist.
    """

    neck_v: float
    shoulder_v: float
    bust_v: float
    waist_v: float
    hip_v: float
    crotch_v: float
    knee_v: float
    top_v: float
    hem_v: float
    button_v: float
    open_u: float
    side_u: float
    sleeve: float
    elbow: float
    centre_u: float = 0.95
    sleeve_u: float = 2.2
    sleeve_v: tuple[float, float] = (0.1, 1.2)
    leg_u: tuple[float, float] = (0.55, 1.65)
    leg_radius: float = 0.115
    sleeve_radius: float = 0.058


@dataclass(frozen=True)
class Atlas:
    """uv [3T, 2] f32 (one per corner), island [T] i8, and edges' uv: border_uv [B, 2, 2], border_kind [B], seam_uv."""

    uv: np.ndarray
    uv_triangles: np.ndarray
    island: np.ndarray
    border_uv: np.ndarray
    border_kind: np.ndarray
    seam_uv: np.ndarray
    marks: AtlasMarks


def lay_out(
    vertices: np.ndarray, triangles: np.ndarray, m: Measures, p: Pattern, standard: Measures, standard_p: Pattern
) -> Atlas:
    """The atlas of a tailored garment.

    Args:
        vertices, triangles: [V, 3], [T, 3].
        m, p: the body it was cut for, and the pattern.
        standard, standard_p: the standard body, and the same article's pattern on that.
    """
    arc = _torso_arc(standard)
    marks = _marks(standard, standard_p, side_u=float(np.interp(np.pi / 2, *arc)))
    grading = Grading(m, p, standard, standard_p)
    corners = vertices[triangles].astype(np.float64)
    centres = corners.mean(1)
    island = np.zeros(len(triangles), np.int8)
    metres = np.zeros((len(triangles), 3, 2))
    if p.kind == "pants":
        island[:] = np.where(centres[:, 0] >= 0, 1, 2)
    elif p.sleeve > 0.02 and p.kind != "skirt":
        on_sleeve = sleeve_seam(centres, m, p) > 0
        island[on_sleeve] = np.where(centres[on_sleeve, 0] > 0, 1, 2)
    torso = island == 0
    metres[torso] = _torso_uv(corners[torso], grading, marks, arc)
    for number in (1, 2):
        side = _leg_uv if p.kind == "pants" else _sleeve_uv
        chosen = island == number
        if chosen.any():
            metres[chosen] = side(corners[chosen], grading, marks, number)
    uv = (metres / ATLAS_M).astype(np.float32).reshape(-1, 2)
    uv_triangles = np.arange(3 * len(triangles), dtype=np.int32).reshape(-1, 3)
    borders, border_uv, seam_uv, cut_uv, cut_island = _edges(triangles, uv, uv_triangles, island)
    seam_uv = np.concatenate([seam_uv, _straightened(cut_uv, cut_island, marks, p)])
    kinds = _border_kinds(vertices[borders].astype(np.float64), m, p)
    return Atlas(uv, uv_triangles, island, border_uv, kinds, seam_uv, marks)


def _marks(m: Measures, p: Pattern, side_u: float) -> AtlasMarks:
    return AtlasMarks(
        neck_v=float(m.neck[1]), shoulder_v=float(m.shoulder[1]), bust_v=float(m.bust_y), waist_v=float(m.waist_y),
        hip_v=float(m.high_hip_y), crotch_v=float(m.crotch_y), knee_v=float(m.knee[1]), top_v=float(p.top_y),
        hem_v=float(p.hem_y), button_v=float(p.button_y), open_u=float(p.open), side_u=side_u,
        sleeve=float(p.sleeve), elbow=float(m.arm_lengths[1]),
    )  # fmt: skip


def _unwrap(angle: np.ndarray) -> np.ndarray:
    """Angles [T, 3] of triangles' corners without jumps of a turn inside a triangle."""
    first = angle[:, :1]
    return first + (angle - first + np.pi) % (2 * np.pi) - np.pi


def _torso_arc(m: Measures) -> tuple[np.ndarray, np.ndarray]:
    """Arc lengths from the front's middle by angle, on the ellipse of the chest."""
    wide = float(m.half_width(m.bust_y)) + 0.02
    deep = float(m.front(m.bust_y) - m.back(m.bust_y)) / 2 + 0.02
    angle = np.linspace(-1.5 * np.pi, 1.5 * np.pi, 721)
    speed = np.hypot(wide * np.cos(angle), deep * np.sin(angle))
    length = np.concatenate([[0], np.cumsum((speed[1:] + speed[:-1]) / 2 * np.diff(angle))])
    return angle, length - length[360]


def _torso_uv(
    corners: np.ndarray, grading: Grading, marks: AtlasMarks, arc: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Around the body by angle; on the shoulders straight up, front and back each for itself, as they are cut."""
    angle, height = grading.torso(corners)
    angle = _unwrap(angle)
    around = np.interp(angle, *arc)
    share, across, rise = grading.yoke(corners)
    in_front = before_shoulders(corners.mean(1), grading.own)[:, None] > 0
    flat = np.where(in_front, across, 2 * marks.side_u * np.where(angle[:, :1] >= 0, 1, -1) - across)
    return np.stack([marks.centre_u + around + share * (flat - around), height + share * rise], -1)


def _leg_uv(corners: np.ndarray, grading: Grading, marks: AtlasMarks, number: int) -> np.ndarray:
    sign = 1 if number == 1 else -1
    angle, height = grading.leg(corners * [sign, 1, 1])
    return np.stack([marks.leg_u[number - 1] + sign * _unwrap(angle) * marks.leg_radius, height], -1)


def _sleeve_uv(corners: np.ndarray, grading: Grading, marks: AtlasMarks, number: int) -> np.ndarray:
    m = grading.own
    points = corners.reshape(-1, 3) * [1 if number == 1 else -1, 1, 1]
    along = _along_sleeve(points, m)
    axis = (m.wrist - m.shoulder) / np.linalg.norm(m.wrist - m.shoulder)
    foot = np.stack([np.interp(along, m.arm_lengths, m.arm_points[:, i]) for i in range(3)], 1)
    away = points - foot
    away = away - (away @ axis)[:, None] * axis
    front = np.array([0, 0, 1.0]) - axis * axis[2]
    front /= np.linalg.norm(front)
    up = np.cross(axis, front)
    up *= np.sign(up[1])
    angle = _unwrap(np.arctan2(away @ up, away @ front).reshape(-1, 3))
    v = marks.sleeve_v[number - 1] + grading.sleeve(along.reshape(-1, 3))
    return np.stack([marks.sleeve_u + angle * marks.sleeve_radius, v], -1)


def _along_sleeve(points: np.ndarray, m: Measures) -> np.ndarray:
    """Metres along the left arm of points [N, 3]; no jump on the inside of the elbow, no halt on its outside."""
    shoulder, elbow, wrist = m.arm_points[:3]
    upper, lower = ((b - a) / np.linalg.norm(b - a) for a, b in ((shoulder, elbow), (elbow, wrist)))
    past = (points - elbow) @ (upper + lower) / np.linalg.norm(upper + lower)
    share = smooth_step(past / (2 * ELBOW_M) + 0.5)
    first, second = (points - shoulder) @ upper, m.arm_lengths[1] + (points - elbow) @ lower
    return first * (1 - share) + second * share


def _edges(
    triangles: np.ndarray, uv: np.ndarray, uv_triangles: np.ndarray, island: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Borders [B, 2] and their uv [B, 2, 2]; the uv [S, 2, 2] of both sides of seams between islands; and the uv
    [C, 2, 2] of both sides of cuts, where the coordinates of an island end, with its number [C]."""
    sides, corners = directed_edges(triangles), directed_edges(uv_triangles)
    owner = np.tile(island, 3)
    keys = edge_keys(sides)
    order = np.argsort(keys, kind="stable")
    same = keys[order][1:] == keys[order][:-1]
    first, second = order[:-1][same], order[1:][same]
    alone = np.ones(len(keys), bool)
    alone[first] = alone[second] = False
    seam = owner[first] != owner[second]
    cut = ~seam & (np.abs(uv[corners[first, 0]] - uv[corners[second, 1]]).sum(1) > 1e-3)
    seams, cuts = (np.concatenate([first[chosen], second[chosen]]) for chosen in (seam, cut))
    return sides[alone], uv[corners[alone]], uv[corners[seams]], uv[corners[cuts]], owner[cuts]


def _straightened(cut_uv: np.ndarray, island: np.ndarray, marks: AtlasMarks, p: Pattern) -> np.ndarray:
    """The uv of cuts [C, 2, 2] laid on the straight lines that their triangles straddle, half a turn from the middle.

    What ends elsewhere, as in the bend of an elbow, is no seam.
    """
    legs = p.kind == "pants"
    middle = np.array([marks.centre_u, *(marks.leg_u if legs else (marks.sleeve_u,) * 2)])[island]
    half = np.array([2 * marks.side_u, *(np.pi * (marks.leg_radius if legs else marks.sleeve_radius),) * 2])[island]
    off = cut_uv[..., 0].mean(1) * ATLAS_M - middle
    straight = cut_uv.copy()
    straight[..., 0] = ((middle + np.sign(off) * half) / ATLAS_M)[:, None]
    return straight[np.abs(np.abs(off) - half) < CUT_WITHIN * half]


def _border_kinds(ends: np.ndarray, m: Measures, p: Pattern) -> np.ndarray:
    """Which border each edge, ends [B, 2, 3], belongs to."""
    middle = ends.mean(1)
    x, y, z = np.abs(middle[:, 0]), middle[:, 1], middle[:, 2]
    kind = np.full(len(ends), HEM, np.int8)
    if p.kind in ("pants", "skirt"):
        kind[y > p.top_y - 0.06] = WAIST
        return kind
    kind[(y > m.shoulder[1] - 0.12) & (x < 0.16)] = NECK
    if p.strap > 0:
        kind[y > m.bust_y - 0.02] = NECK
    if p.sleeve > 0.02:
        along, away = m.along_arm(middle.astype(np.float32))
        kind[(along > p.sleeve - 0.02) & (x > 0.8 * m.half_width(m.bust_y)) & (away < 0.14) & (y > p.hem_y + 0.03)] = (
            CUFF
        )
    elif p.strap == 0:
        kind[(x > m.shoulder[0] - 0.08) & (y > m.shoulder[1] - 0.2)] = CUFF
    if p.kind == "outer":
        step = ends[:, 1] - ends[:, 0]
        upright = np.abs(step[:, 1]) > 0.6 * np.linalg.norm(step, axis=1)
        kind[(z > m.neck[2]) & (x < 0.13) & (y > p.hem_y + 0.015) & (y < m.shoulder[1] + 0.03) & upright] = OPENING
    return kind
