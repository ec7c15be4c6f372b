"""What a tailor adds to pants and skirts: waistbands, flies, pockets, creases, stripes, hems."""

from collections.abc import Callable

from vton.studio.fabrics.atlas_sheet import BRASS, Sheet
from vton.studio.fabrics.pen import Ink


def _leg_lines(sheet: Sheet, side: int) -> tuple[Callable[[float], float], float, float]:
    """u of an angle around a leg (0 front, outwards +), upper edge, lower edge."""
    marks = sheet.marks
    centre = marks.leg_u[0 if side > 0 else 1]
    return (lambda angle: centre + side * angle * marks.leg_radius), marks.top_v, marks.hem_v


def paint_pants(sheet: Sheet) -> None:
    cut = sheet.cut
    for side in (1, -1):
        _leg(sheet, side)
        if cut.get("pockets"):
            _front_pocket(sheet, side)
        if cut.get("cargo"):
            _cargo_pocket(sheet, side)
    if cut.get("fly"):
        u, top, _ = _leg_lines(sheet, 1)
        line = [(u(-1.12), top - 0.03), (u(-1.12), top - 0.13), (u(-1.45), top - 0.17)]
        sheet.pen.line(line, 0.0025, Ink(sheet.stitching, 0.8) if sheet.contrast_seams else Ink(dim=0.5))
    _waistband(sheet)
    if cut.get("rib_cuff"):
        sheet.rib("hem", cut["rib_cuff"])
    else:
        sheet.stitch("hem", 0.022)


def _leg(sheet: Sheet, side: int) -> None:
    u, top, hem = _leg_lines(sheet, side)
    pen, cut = sheet.pen, sheet.cut
    pen.line([(u(1.57), hem - 0.05), (u(1.57), top)], 0.003, Ink(dim=0.52, relief=-0.001))
    if sheet.contrast_seams:
        pen.line([(u(1.62), hem - 0.05), (u(1.62), top)], 0.002, Ink(sheet.stitching, 0.7))
    if cut.get("crease"):
        pen.line([(u(0), hem - 0.05), (u(0), top - 0.15)], 0.004, Ink(dim=0.8, relief=0.0025))
    if cut.get("side_stripe"):
        pen.line([(u(1.57), hem - 0.1), (u(1.57), top)], 0.028, Ink(sheet.second))
    if cut.get("drawcord"):
        cord = [(u(-1.3), top - 0.03), (u(-1.25), top - 0.16)]
        pen.line(cord, 0.006, Ink(sheet.colour * 0.4 + 0.12))


def _front_pocket(sheet: Sheet, side: int) -> None:
    u, top, _ = _leg_lines(sheet, side)
    if sheet.cut.get("stitch"):
        curve = [(u(0.25), top - 0.035), (u(0.35), top - 0.075), (u(0.8), top - 0.105), (u(1.57), top - 0.115)]
        sheet.pen.line([(a, b - 0.004) for a, b in curve], 0.0045, Ink(dim=0.5, relief=-0.001))
        sheet.pen.line(curve, 0.0025, Ink(sheet.stitching, 0.85))
    else:
        sheet.pen.line([(u(0.75), top - 0.035), (u(1.45), top - 0.19)], 0.004, Ink(dim=0.42, relief=-0.001))


def _cargo_pocket(sheet: Sheet, side: int) -> None:
    u, v = _leg_lines(sheet, side)[0](1.35), sheet.marks.knee_v + 0.2
    box = [(u - 0.075, v), (u + 0.075, v), (u + 0.075, v - 0.17), (u - 0.075, v - 0.17), (u - 0.075, v)]
    sheet.pen.polygon(box[:4], Ink(relief=0.002))
    sheet.pen.line(box, 0.003, Ink(dim=0.48))
    sheet.pen.line([(u - 0.075, v - 0.05), (u + 0.075, v - 0.05)], 0.003, Ink(dim=0.48))


def _waistband(sheet: Sheet) -> None:
    width, pen = sheet.cut.get("waistband", 0.036), sheet.pen
    if sheet.type in ("jogger", "legging"):
        sheet.rib("waist", width)
        return
    sheet.row("waist", width, 0.0044, Ink(dim=0.5))
    sheet.band("waist", width, Ink(relief=0.0012))
    if sheet.contrast_seams:
        sheet.stitch("waist", width - 0.005)
        sheet.stitch("waist", 0.004)
    for side in (1, -1):
        u, top, _ = _leg_lines(sheet, side)
        for angle in (0.35, 1.3):
            pen.rectangle(u(angle) - 0.005, top - width, u(angle) + 0.005, top + 0.02, Ink(dim=0.72, relief=0.002))
    u, top, _ = _leg_lines(sheet, 1)
    pen.disc(u(-1.3), top - 0.016, 0.008, Ink(BRASS if sheet.contrast_seams else sheet.colour * 0.3, relief=0.001))


def paint_skirt(sheet: Sheet) -> None:
    marks, pen, width = sheet.marks, sheet.pen, sheet.cut.get("waistband", 0.035)
    for side in (-1, 1):
        u = marks.centre_u + side * marks.side_u
        pen.line([(u, marks.hem_v - 0.05), (u, marks.top_v)], 0.003, Ink(dim=0.7, relief=-0.0008))
    sheet.row("waist", width, 0.0044, Ink(dim=0.52))
    sheet.band("waist", width, Ink(relief=0.001))
    sheet.stitch("hem", 0.02)
    if sheet.weave == "denim":
        count = int((marks.top_v - marks.hem_v) / 0.06)
        for k in range(count):
            pen.disc(marks.centre_u, marks.top_v - 0.016 - 0.06 * k, 0.0075, Ink(BRASS, relief=0.001))
