"""What hands hold that is no article of the outfit: a phone and a paper cup."""

import numpy as np

from vton.studio.accessories.shapes import PartMesh, facing_out, join, loft, rounded
from vton.studio.fabrics.painting import linear
from vton.studio.raster.appearance import Material
from vton.studio.specs.form import Colour
from vton.studio.specs.photo import HeldSpec

PHONE_M = (0.0735, 0.150, 0.0095)
"""Width, height and thickness."""

CASE, GLASS, RIM = 0, 1, 2
"""Part numbers of a phone: case, camera and screen, and rings around the lenses."""

CUP_HEIGHT_M, CUP_RADIUS_M = 0.112, 0.041
"""The radius is that where a hand holds it."""

PAPER, SLEEVE, LID = 0, 1, 2
"""Part numbers of a cup."""

CASES: tuple[tuple[Colour, Colour], ...] = (
    ((0.06, 0.06, 0.07), (0.03, 0.03, 0.03)), ((0.10, 0.12, 0.18), (0.03, 0.03, 0.03)),
    ((0.88, 0.88, 0.86), (0.04, 0.04, 0.05)), ((0.78, 0.62, 0.62), (0.04, 0.04, 0.05)),
    ((0.36, 0.45, 0.38), (0.03, 0.03, 0.03)), ((0.70, 0.16, 0.16), (0.03, 0.03, 0.03)),
    ((0.62, 0.66, 0.74), (0.04, 0.04, 0.05)), ((0.52, 0.38, 0.26), (0.03, 0.03, 0.03)),
)  # fmt: skip
"""sRGB of phones' cases and glass."""

CUPS: tuple[tuple[Colour, Colour], ...] = (
    ((0.93, 0.92, 0.90), (0.66, 0.50, 0.34)), ((0.93, 0.92, 0.90), (0.25, 0.20, 0.17)),
    ((0.70, 0.54, 0.38), (0.70, 0.54, 0.38)), ((0.12, 0.12, 0.12), (0.66, 0.50, 0.34)),
    ((0.85, 0.86, 0.84), (0.16, 0.30, 0.24)), ((0.30, 0.44, 0.52), (0.30, 0.44, 0.52)),
)  # fmt: skip
"""sRGB of cups and of the sleeve around them."""

LID_COLOURS = ((0.94, 0.94, 0.93), (0.10, 0.10, 0.10))


def build_phone() -> PartMesh:
    """A phone around the origin: its back looks to +z, its top is +y."""
    width, height, deep = PHONE_M
    body = _slab(width, height, -deep / 2, deep / 2, 0.0028, CASE)
    screen = _slab(width - 0.005, height - 0.005, -deep / 2 - 0.0004, -deep / 2 + 0.001, 0.0002, GLASS)
    at = np.array([-width / 2 + 0.020, height / 2 - 0.022])
    plate = _slab(0.032, 0.036, deep / 2 - 0.001, deep / 2 + 0.0016, 0.0008, CASE, at)
    lenses = [
        _lens(at + offset, deep / 2 + 0.0016) for offset in (np.array([-0.006, 0.008]), np.array([-0.006, -0.008]))
    ]
    return join([body, screen, plate, *(part for pair in lenses for part in pair)])


def build_cup() -> PartMesh:
    """A paper cup with lid and sleeve around the origin, upright."""
    half = CUP_HEIGHT_M / 2
    cup = [(-half, 0.72), (-half, 0.76), (half - 0.004, 1.1)]
    sleeve = [(-0.5 * half, 0.85), (-0.5 * half, 0.88), (0.5 * half, 1.02), (0.5 * half, 0.99)]
    lid = [(half - 0.006, 1.08), (half - 0.006, 1.14), (half, 1.14), (half + 0.001, 1.08), (half + 0.009, 1.02),
           (half + 0.010, 0.96), (half + 0.006, 0.90), (half + 0.006, 0.01)]  # fmt: skip
    return join([_turned(cup, PAPER, closed_below=True), _turned(sleeve, SLEEVE), _turned(lid, LID)])


def prop_material(held: HeldSpec) -> Material:
    """The material of what is held."""
    first, second = (linear(colour) for colour in held.colours)
    if held.kind == "phone":
        colours = np.stack([first, second, 0.4 * first]).astype(np.float32)
        return Material("hard", colours, spec=np.array([0.6, 2.0, 1.5], np.float32), rough=0.3, translucency=0.02)
    lid = linear(LID_COLOURS[int(sum(held.colours[0]) < 1)])
    colours = np.stack([first, second, lid]).astype(np.float32)
    return Material("hard", colours, spec=np.array([0.25, 0.05, 0.5], np.float32), rough=0.5, inside=0.4)


def _slab(
    width: float, height: float, back: float, front: float, edge: float, part: int, at: np.ndarray | None = None
) -> PartMesh:
    """A plate with round corners and edges between z of ``back`` and ``front``, in the middle or ``at`` [2]."""
    angle = np.linspace(0, 2 * np.pi, 56, endpoint=False)
    x, y = rounded(angle, 7.0)
    middle = np.zeros(2) if at is None else at
    rows = []
    for z, inset in ((back, None), (back, edge), (back + edge, 0.0), (front - edge, 0.0), (front, edge), (front, None)):
        scale = (0.0, 0.0) if inset is None else (width / 2 - inset, height / 2 - inset)
        rows.append(np.stack([middle[0] + x * scale[0], middle[1] + y * scale[1], np.full_like(x, z)], -1))
    return facing_out(loft(np.stack(rows), closed=True, part=part))


def _lens(at: np.ndarray, front: float) -> tuple[PartMesh, PartMesh]:
    return (
        _slab(0.0140, 0.0140, front - 0.001, front + 0.0012, 0.0004, RIM, at),
        _slab(0.0105, 0.0105, front, front + 0.0015, 0.0002, GLASS, at),
    )


def _turned(profile: list[tuple[float, float]], part: int, closed_below: bool = False) -> PartMesh:
    """A body of revolution through (height in metres, share of the cup's radius)."""
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    steps = ([(profile[0][0], 0.01)] if closed_below else []) + profile
    rows = [
        np.stack([r * CUP_RADIUS_M * np.sin(angle), np.full_like(angle, y), r * CUP_RADIUS_M * np.cos(angle)], -1)
        for y, r in steps
    ]
    return facing_out(loft(np.stack(rows), closed=True, part=part))
