"""What a tailor adds to tops, outers and dresses: edges, plackets, buttons, zips, pockets, belts, quilting."""

import numpy as np

from vton.studio.fabrics.atlas_sheet import BRASS, IVORY, STEEL, Sheet
from vton.studio.fabrics.lower_details import paint_pants, paint_skirt
from vton.studio.fabrics.pen import Ink
from vton.studio.garments.atlas import COLLAR_V

TO_THE_HEM = 5.0
"""A placket longer than this (metres) runs to the hem."""


def finish(sheet: Sheet) -> None:
    """All details of a garment."""
    sheet.row(sheet.seams, 0.0, 0.0036, Ink(dim=0.62, relief=-0.0007))
    if sheet.contrast_seams:
        sheet.stitch(sheet.seams, 0.008)
    if sheet.kind == "pants":
        paint_pants(sheet)
    elif sheet.kind == "skirt":
        paint_skirt(sheet)
    else:
        _torso(sheet)


def _torso(sheet: Sheet) -> None:
    marks, cut, pen = sheet.marks, sheet.cut, sheet.pen
    for side in (-1, 1):
        u = marks.centre_u + side * marks.side_u
        pen.line([(u, marks.hem_v - 0.05), (u, marks.shoulder_v - 0.14)], 0.003, Ink(dim=0.65, relief=-0.0008))
    _edges(sheet)
    if cut.get("placket"):
        _placket(sheet)
    if sheet.kind == "outer":
        _front(sheet)
        if cut.get("pockets") and not cut.get("chest_pockets"):
            _hip_pockets(sheet)
    elif cut.get("zip"):
        _closed_zip(sheet)
    if cut.get("pocket"):
        _chest_pocket(sheet)
    if cut.get("chest_pockets"):
        _flap_pockets(sheet)
    if cut.get("yoke"):
        u, v = marks.centre_u, marks.shoulder_v - 0.05
        pen.line([(u - 0.25, v), (u + 0.25, v)], 0.004, Ink(dim=0.7, relief=-0.001))
        pen.line([(u - 0.25, v + 0.006), (u + 0.25, v + 0.006)], 0.002, Ink(sheet.stitching, 0.8))
    if cut.get("kangaroo"):
        _kangaroo(sheet)
    if cut.get("collar") == "hood":
        for side in (-1, 1):
            u, v = marks.centre_u + side * 0.035, marks.neck_v - 0.04
            pen.line([(u, v), (u + side * 0.005, v - 0.16 - 0.01 * side)], 0.005, Ink(sheet.colour * 0.4 + 0.12))
    if cut.get("collar") in ("turtle", "rib"):
        _ribbed_collar(sheet)
    if cut.get("belt"):
        _belt(sheet)
    if cut.get("quilt"):
        _quilting(sheet)


def _button_colour(sheet: Sheet) -> np.ndarray:
    if sheet.contrast_seams:
        return BRASS
    if sheet.rng.random() < 0.3 or sheet.kind == "outer":
        return sheet.colour * 0.25 + 0.006
    return IVORY if sheet.colour.mean() < 0.55 else IVORY * 0.62


def _edges(sheet: Sheet) -> None:
    cut = sheet.cut
    if cut.get("rib_hem"):
        sheet.rib("hem", cut["rib_hem"])
    elif cut.get("waistband"):
        sheet.stitch("hem", cut["waistband"])
        sheet.stitch("hem", 0.004)
    else:
        sheet.stitch("hem", 0.02)
    if cut.get("rib_cuff"):
        sheet.rib("cuff", cut["rib_cuff"])
    elif cut.get("cuff"):
        sheet.row("cuff", cut["cuff"], 0.004, Ink(dim=0.55))
        sheet.band("cuff", cut["cuff"], Ink(relief=0.0012))
    else:
        sheet.stitch("cuff", 0.02 if sheet.marks.sleeve > 0.02 else 0.008)
    if cut.get("collar", "none") == "none" and sheet.kind != "outer":
        if cut.get("strap"):
            sheet.stitch("neck", 0.006)
        else:
            sheet.rib("neck", 0.018, 0.9)


def _placket(sheet: Sheet) -> None:
    marks, pen, u = sheet.marks, sheet.pen, sheet.marks.centre_u
    whole = sheet.cut["placket"] > TO_THE_HEM
    bottom = marks.hem_v - 0.03 if whole else marks.neck_v - sheet.cut["placket"]
    top = marks.neck_v + 0.02
    pen.rectangle(u - 0.016, bottom, u + 0.016, top, Ink(relief=0.001))
    for side in (-1, 1):
        pen.line([(u + side * 0.016, bottom), (u + side * 0.016, top)], 0.0024, Ink(dim=0.5))
    count = max(1, int(sheet.cut.get("buttons", 3)))
    colour = _button_colour(sheet)
    step = (marks.neck_v - 0.05 - bottom) / max(1.0, count - 0.5)
    for k in range(count):
        sheet.button(u, marks.neck_v - 0.03 - k * step, 0.0054, colour)


def _front(sheet: Sheet) -> None:
    """Zip, band or buttons along the opening of an outer."""
    cut, marks = sheet.cut, sheet.marks
    if cut.get("zip"):
        teeth = STEEL * 1.2 if sheet.colour.mean() < 0.2 else STEEL * 0.7
        sheet.band("opening", 0.008, Ink(teeth, 0.9))
        sheet.stitch("opening", 0.022)
    elif cut.get("band"):
        sheet.rib("opening", cut["band"])
        sheet.rib("neck", cut["band"])
    else:
        sheet.stitch("opening", 0.03 if cut.get("stitch") else 0.012, 0.5)
    count = int(cut.get("buttons", 0) or 0)
    if not count:
        return
    lapel = cut.get("collar") == "lapel"
    top = min(marks.button_v, marks.waist_v + 0.08) if lapel else marks.neck_v - (0.17 if cut.get("band") else 0.05)
    bottom = max(marks.hem_v + 0.1, marks.waist_v - 0.14) if lapel else marks.hem_v + 0.06
    radius, colour = (0.0105 if lapel else 0.0075), _button_colour(sheet)
    u = marks.centre_u + marks.open_u + (0.015 if cut.get("band") else 0.022)
    for k in range(count):
        sheet.button(u, top + (bottom - top) * k / max(1, count - 1), radius, colour)


def _hip_pockets(sheet: Sheet) -> None:
    marks, pen = sheet.marks, sheet.pen
    v = max(marks.hem_v + 0.09, marks.waist_v - 0.13)
    for side in (-1, 1):
        u = marks.centre_u + side * 0.135
        if sheet.cut.get("collar") == "lapel" and not sheet.cut.get("zip"):
            pen.rectangle(u - 0.06, v - 0.045, u + 0.06, v, Ink(relief=0.0022))
            flap = [(u - 0.06, v), (u + 0.06, v), (u + 0.06, v - 0.045), (u - 0.06, v - 0.045), (u - 0.06, v)]
            pen.line(flap, 0.0028, Ink(dim=0.45))
        else:
            pen.line([(u - side * 0.03, v + 0.07), (u + side * 0.02, v - 0.05)], 0.006, Ink(dim=0.4, relief=-0.001))


def _chest_pocket(sheet: Sheet) -> None:
    u, v, pen = sheet.marks.centre_u, sheet.marks.shoulder_v, sheet.pen
    shape = [
        (u + 0.05, v - 0.05),
        (u + 0.05, v - 0.15),
        (u + 0.095, v - 0.165),
        (u + 0.14, v - 0.15),
        (u + 0.14, v - 0.05),
    ]
    pen.polygon(shape, Ink(relief=0.001))
    pen.line([*shape, shape[0]], 0.0022, Ink(dim=0.55))


def _flap_pockets(sheet: Sheet) -> None:
    v, pen, thread = sheet.marks.shoulder_v, sheet.pen, Ink(sheet.stitching, 0.8)
    for side in (-1, 1):
        u = sheet.marks.centre_u + side * 0.10
        flap = [
            (u - 0.045, v - 0.06),
            (u + 0.045, v - 0.06),
            (u + 0.045, v - 0.10),
            (u, v - 0.115),
            (u - 0.045, v - 0.10),
        ]
        pen.polygon(flap, Ink(relief=0.0016))
        pen.line([*flap, flap[0]], 0.002, thread)
        pen.disc(u, v - 0.10, 0.006, Ink(BRASS))
        for inner in (-1, 1):
            ends = [(u + inner * 0.03, v - 0.12), (u + inner * 0.022, sheet.marks.hem_v)]
            pen.line(ends, 0.0025, Ink(sheet.stitching, 0.7))


def _kangaroo(sheet: Sheet) -> None:
    u, low = sheet.marks.centre_u, sheet.marks.hem_v + 0.05
    half = [(0.15, low), (0.15, low + 0.06), (0.10, low + 0.17)]
    shape = [(u + x, v) for x, v in half] + [(u - x, v) for x, v in reversed(half)]
    sheet.pen.polygon(shape, Ink(relief=0.0016))
    sheet.pen.line([*shape, shape[0]], 0.005, Ink(dim=0.42, relief=-0.001))


def _closed_zip(sheet: Sheet) -> None:
    u, low, high = sheet.marks.centre_u, sheet.marks.hem_v, sheet.marks.neck_v
    sheet.pen.rectangle(u - 0.006, low, u + 0.006, high + 0.02, Ink(STEEL))
    for side in (-1, 1):
        sheet.pen.line([(u + side * 0.012, low), (u + side * 0.012, high)], 0.003, Ink(dim=0.45))


def _ribbed_collar(sheet: Sheet) -> None:
    rows = sheet.canvas.v[:, 0] > COLLAR_V - 0.02
    ridge = np.abs(np.sin(np.pi * sheet.canvas.u / sheet.rib_period))
    sheet.pen.albedo[rows] *= (0.72 + 0.2 * ridge)[..., None]
    sheet.pen.height[rows] = 0.0014 * ridge


def _belt(sheet: Sheet) -> None:
    u, v, pen = sheet.marks.centre_u, sheet.marks.waist_v, sheet.pen
    leather = sheet.rng.random() < 0.55
    hides = np.array([(0.40, 0.22, 0.10), (0.013, 0.012, 0.014), (0.12, 0.06, 0.032), (0.05, 0.026, 0.018)])
    colour = hides[int(sheet.rng.integers(4))] if leather else sheet.colour * 0.7
    reach = 2 * sheet.marks.side_u + 0.02
    pen.rectangle(u - reach, v - 0.018, u + reach, v + 0.018, Ink(colour, relief=0.003))
    for edge in (-0.018, 0.018):
        pen.line([(u - reach, v + edge), (u + reach, v + edge)], 0.003, Ink(dim=0.4))
    if leather:
        pen.rectangle(u - 0.022, v - 0.022, u + 0.022, v + 0.022, Ink(BRASS * 1.2, relief=0.001))
        pen.rectangle(u - 0.014, v - 0.013, u + 0.014, v + 0.013, Ink(colour))


def _quilting(sheet: Sheet) -> None:
    phase = (sheet.canvas.v / sheet.cut["quilt"] + 0.5) % 1.0 - 0.5
    seam = np.exp(-((phase / 0.05) ** 2)).astype(np.float32)
    sheet.pen.albedo *= (1 - 0.45 * seam)[..., None]
    puckers = np.sin(sheet.canvas.u * 2 * np.pi / 0.028 + 3 * np.sin(sheet.canvas.u * 31))
    sheet.pen.height += 0.0010 * np.exp(-((phase / 0.16) ** 2)) * puckers
