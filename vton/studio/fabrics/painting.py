"""Cloth textures: pattern, weave, folds, wear, details and prints of a garment, painted on its atlas."""

import math
import zlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike

from vton.schema import InputError
from vton.studio.fabrics.atlas_sheet import Sheet, Strip
from vton.studio.fabrics.details import finish
from vton.studio.fabrics.patterns import PATTERNS, Canvas, canvas_of, noise, over
from vton.studio.fabrics.pen import Ink, Pen
from vton.studio.fabrics.prints import print_chest
from vton.studio.fabrics.weaves import WEAVES, weave_maps
from vton.studio.garments.atlas import ATLAS_M, BORDERS
from vton.studio.garments.building import Garment
from vton.studio.raster.appearance import Material
from vton.studio.specs.form import Colour
from vton.studio.specs.outfit import ArticleSpec, FabricSpec

PALETTE: dict[str, Colour] = {
    name: (red / 255, green / 255, blue / 255)
    for name, (red, green, blue) in {
        "black": (28, 27, 30), "offblack": (40, 40, 44), "charcoal": (66, 67, 71), "grey": (128, 128, 130),
        "lightgrey": (188, 188, 186), "white": (242, 241, 238), "cream": (236, 228, 210), "beige": (214, 196, 168),
        "camel": (188, 148, 102), "tan": (168, 128, 88), "brown": (98, 68, 50), "darkbrown": (62, 44, 36),
        "navy": (34, 42, 72), "blue": (52, 86, 150), "sky": (158, 188, 220), "denim": (74, 98, 138),
        "lightdenim": (136, 162, 192), "darkdenim": (42, 54, 82), "teal": (38, 96, 100), "green": (52, 94, 66),
        "olive": (98, 98, 62), "sage": (158, 170, 142), "khaki": (160, 146, 112), "forest": (36, 62, 50),
        "red": (172, 36, 42), "burgundy": (98, 28, 42), "rust": (168, 82, 48), "orange": (222, 124, 58),
        "mustard": (206, 160, 62), "yellow": (238, 212, 110), "pink": (226, 164, 176), "dustypink": (206, 160, 156),
        "hotpink": (208, 70, 122), "lilac": (184, 168, 206), "purple": (94, 62, 116), "mint": (176, 216, 196),
        "coral": (232, 124, 106),
    }.items()
}  # fmt: skip
"""Dyes by name, sRGB 0..1."""

NEUTRALS = (
    "black", "offblack", "charcoal", "grey", "lightgrey", "white", "cream", "beige", "camel", "navy", "brown", "khaki",
    "olive",
)  # fmt: skip
"""Names of PALETTE that go with everything."""

STRIP_M = 0.14
"""How far from a border its strip reaches: ribs and waistbands are narrower."""

SLEEVES_U = 1.85
"""Right of this (metres) the atlas of tops, outers and dresses holds the sleeves."""

RISING = ("block", "ombre")
"""Patterns that change with the height."""

STRAIGHT_TYPES = ("puffer", "gilet", "legging")
"""Types without creases in the cloth."""


def linear(colour: ArrayLike) -> np.ndarray:
    """Linear RGB [3] f32 of an sRGB colour."""
    c = np.asarray(colour, np.float32)
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4).astype(np.float32)


def dye(colour: Colour) -> np.ndarray:
    """Albedo [3] f32 of cloth of an sRGB colour: no cloth is perfectly black or white."""
    return 0.018 + 0.86 * linear(colour)


@dataclass(frozen=True)
class ClothTexture:
    """albedo: [S, S, 3] f32 linear; bump: [S, S] f32 metres; row 0 is v = 1."""

    albedo: np.ndarray
    bump: np.ndarray


class GarmentPainter:
    """Paints one garment in any number of fabrics; what no colour changes is worked out once.

    Args:
        garment: as built around a body.
        article: type and cut; its fabric is not looked at.
        atlas_px: side of the texture, a power of two.
    """

    def __init__(self, garment: Garment, article: ArticleSpec, atlas_px: int = 512) -> None:
        self.garment, self.article = garment, article
        self.canvas = canvas_of(atlas_px, ATLAS_M)
        atlas = garment.atlas
        self.borders = {
            name: self._strip(atlas.border_uv[atlas.border_kind == number])
            for number, name in enumerate(BORDERS)
            if (atlas.border_kind == number).any()
        }
        self.seams = self._strip(atlas.seam_uv) if len(atlas.seam_uv) else None
        self.creases = None if article.type in STRAIGHT_TYPES else _creases(garment, self.canvas, article.seed)

    def paint(self, fabric: FabricSpec) -> ClothTexture:
        """The texture of the garment in a fabric.

        Raises:
            InputError: there is no such pattern or weave.
        """
        if fabric.pattern not in PATTERNS:
            raise InputError(f"No pattern {fabric.pattern!r}; there are {', '.join(PATTERNS)}.")
        if fabric.weave not in WEAVES:
            raise InputError(f"No weave {fabric.weave!r}; there are {', '.join(WEAVES)}.")
        colours = np.stack([dye(c) for c in fabric.colours])
        rng = np.random.default_rng([fabric.seed, 1])
        albedo = PATTERNS[fabric.pattern](self.canvas, rng, colours, fabric.scale)
        if fabric.pattern in RISING and self.garment.kind in ("top", "outer", "dress"):
            self._match_sleeves(albedo)
        factor, relief = weave_maps(fabric.weave, self.canvas.size, ATLAS_M, fabric.seed)
        albedo *= factor[..., None]
        height = relief.copy()
        if self.creases is not None:
            height += WEAVES[fabric.weave].folds * self.creases
        sheet = Sheet(
            pen=Pen(self.canvas, albedo, height),
            canvas=self.canvas,
            marks=self.garment.atlas.marks,
            kind=self.garment.kind,
            type=self.article.type,
            cut=self.article.cut,
            borders=self.borders,
            seams=self.seams,
            colour=colours[0],
            second=colours[1],
            weave=fabric.weave,
            rng=np.random.default_rng([fabric.seed, 2]),
        )
        if self.garment.kind == "pants":
            _wear(sheet, fabric)
        finish(sheet)
        if fabric.graphic and self.garment.kind in ("top", "dress"):
            _print(sheet, colours)
        return ClothTexture(np.clip(albedo, 0.008, 0.9, out=albedo), height)

    def _match_sleeves(self, albedo: np.ndarray) -> None:
        """Gives sleeves, which lie beside the torso, the colour of the shoulders."""
        marks, canvas = self.garment.atlas.marks, self.canvas
        row = int(np.argmin(np.abs(canvas.v[:, 0] - marks.shoulder_v)))
        column = int(np.argmin(np.abs(canvas.u[0] - marks.centre_u)))
        albedo[:, canvas.u[0] > SLEEVES_U] = albedo[row, column]

    def _strip(self, edges_uv: np.ndarray) -> Strip:
        """Texels within STRIP_M of edges [N, 2, 2] given in uv."""
        size = self.canvas.size
        away = np.full((size, size), 255, np.uint8)
        ends = np.stack([edges_uv[..., 0] * size - 0.5, size - edges_uv[..., 1] * size - 0.5], -1)
        lines = np.round(ends * 16).astype(np.int32).reshape(-1, 2, 1, 2)
        cv2.polylines(away, list(lines), False, 0, 1, cv2.LINE_8, 4)
        distance = cv2.distanceTransform(away, cv2.DIST_L2, 3).ravel() * self.canvas.texel
        near = np.flatnonzero(distance < STRIP_M)
        return Strip(near, distance[near])


def cloth_material(fabric: FabricSpec, texture: ClothTexture) -> Material:
    """The material of painted cloth."""
    weave = WEAVES[fabric.weave]
    return Material(
        "cloth",
        albedo=texture.albedo,
        bump=texture.bump,
        spec=weave.spec,
        rough=weave.rough,
        sheen=weave.sheen,
        translucency=weave.translucency,
    )


def _bell(x: np.ndarray, centre: float, width: float) -> np.ndarray:
    return np.exp(-(((x - centre) / width) ** 2))


def _ridges(rng: np.random.Generator, canvas: Canvas, along: float, across: float, angle: float) -> np.ndarray:
    """[S, S] f32 of crests so many metres long and apart, turned by an angle; about 0..1."""
    half = canvas_of(canvas.size // 2, canvas.size * canvas.texel)
    c, s = math.cos(angle), math.sin(angle)
    u, v = half.u * c + half.v * s, half.v * c - half.u * s
    total = np.zeros((half.size, half.size), np.float32)
    grid = cv2.resize(
        np.pad(rng.standard_normal((48, 48)).astype(np.float32), ((0, 1), (0, 1)), mode="wrap"), None, fx=8, fy=8,
        interpolation=cv2.INTER_CUBIC,
    )  # fmt: skip
    for octave in range(2):
        x, y = (u * (8 * 2**octave / along)) % 384, (v * (8 * 2**octave / across)) % 384
        value = cv2.remap(grid, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR)
        total += 0.5**octave * (1 - np.sqrt(value * value + 0.02))
    return cv2.resize(total, (canvas.size, canvas.size), interpolation=cv2.INTER_LINEAR)


def _creases(garment: Garment, canvas: Canvas, seed: int) -> np.ndarray:
    """[S, S] f32 creases where a body bends its clothes; 1 is ``Weave.folds`` high."""
    rng = np.random.default_rng([seed, zlib.crc32(b"creases")])
    marks, u, v = garment.atlas.marks, canvas.u, canvas.v
    if garment.kind == "skirt":
        return 0.35 * _ridges(rng, canvas, 0.5, 0.05, math.pi / 2) * np.clip((marks.top_v - v) / 0.3, 0, 1)
    one, other = (
        _ridges(rng, canvas, 0.16, 0.05, sign * (0.25 if garment.kind == "pants" else 0.5)) for sign in (1, -1)
    )
    total = np.zeros((canvas.size, canvas.size), np.float32)
    if garment.kind == "pants":
        bottom = 0.9 if marks.hem_v < marks.knee_v - 0.2 else 0.2
        where = 0.8 * _bell(v, marks.knee_v + 0.02, 0.10) + bottom * _bell(v, marks.hem_v + 0.03, 0.09) + 0.18
        for centre, side in zip(marks.leg_u, (1, -1), strict=True):
            crotch = 1.1 * _bell(v, marks.crotch_v - 0.02, 0.10) * _bell(u, centre - side * 0.14, 0.12)
            mine = np.abs(u - centre) < 0.55
            total += mine * (0.5 * where * (one + other) + crotch * (one if side > 0 else other))
        return total
    torso = u < SLEEVES_U
    waist = 0.6 * _bell(v, marks.waist_v, 0.12) + 0.15
    for ridges, side in ((one, 1), (other, -1)):
        armpit = 0.9 * _bell(u, marks.centre_u + side * 0.16, 0.10) * _bell(v, marks.shoulder_v - 0.16, 0.10)
        total += torso * ((u - marks.centre_u) * side > 0) * ridges * (waist + armpit)
    if garment.kind == "dress":
        hang = _ridges(rng, canvas, 0.5, 0.05, math.pi / 2)
        total += 0.3 * torso * hang * np.clip((marks.waist_v - v) / 0.3, 0, 1)
    if marks.sleeve > 0.02:
        rings = _ridges(rng, canvas, 0.14, 0.045, 0.1)
        for start in marks.sleeve_v:
            along = v - start
            bends = 1.1 * _bell(along, marks.elbow, 0.09) + 0.6 * _bell(along, marks.sleeve - 0.05, 0.07)
            bends += 0.4 * _bell(along, 0.05, 0.08) + 0.2
            total += ~torso * (along > -0.05) * (along < 0.95) * rings * bends
    return total


def _wear(sheet: Sheet, fabric: FabricSpec) -> None:
    """Washed-out thighs and knees, and rips, of jeans."""
    marks, canvas, rng = sheet.marks, sheet.canvas, sheet.rng
    if fabric.fade > 0:
        worn = np.zeros((canvas.size, canvas.size), np.float32)
        for centre in marks.leg_u:
            for height, reach in ((marks.knee_v + 0.22, 0.16), (marks.knee_v - 0.02, 0.09)):
                worn += _bell(canvas.u, centre, 0.055) * _bell(canvas.v, height, reach)
        worn *= 0.75 + 0.25 * noise(rng, canvas.size, 40, 2)
        over(sheet.pen.albedo, np.array([0.42, 0.50, 0.60]), np.clip(worn, 0, 1) * 0.5 * fabric.fade)
    if fabric.ripped:
        for centre in marks.leg_u:
            for _ in range(3):
                height = marks.knee_v + rng.uniform(-0.08, 0.22)
                for k in range(5):
                    ends = centre + np.array([-0.04, 0.04]) + rng.normal(0, 0.006, 2)
                    thread = [(ends[0], height + 0.006 * k), (ends[1], height + 0.006 * k)]
                    sheet.pen.line(thread, 0.004, Ink((0.70, 0.72, 0.74), 0.8))


def _print(sheet: Sheet, colours: np.ndarray) -> None:
    """A print in three colours that stand out from the cloth."""
    names = ("white", "cream", "black", "red", "mustard", "navy", "teal", "coral", "sage", "sky", "rust", "lilac")
    cloth = sheet.colour.mean()
    inks = [dye(PALETTE[n]) for n in names]
    inks = [ink for ink in [colours[1], colours[2], *inks] if abs(float(ink.mean()) - cloth) > 0.10]
    order = sheet.rng.permutation(len(inks))
    marks = sheet.marks
    middle = max(marks.bust_v + 0.015, marks.hem_v + 0.62 * (marks.neck_v - marks.hem_v))
    # cloth that an elastic hem holds up sags over it, and the print with it
    height = middle + (0.025 if sheet.cut.get("gather") else 0.0)
    print_chest(sheet.pen, sheet.rng, marks.centre_u, height, [inks[k] for k in order[:3]])
