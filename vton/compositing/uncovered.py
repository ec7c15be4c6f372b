"""What the old garment hid and the new one leaves free: layers between the photo and the new garment."""

from __future__ import annotations

import cv2
import numpy as np

from vton.compositing.layers import Layer
from vton.conditioning.agnostic import TELLING_SKIN, erased_region, taken_off
from vton.conditioning.body_envelope import BodyPart, bare_parts, body_unit, hand_region, hips_line, throat, waist_line
from vton.conditioning.masks import distance_to, grown, highest, nearest_colours, row, shrunk, soft, square
from vton.conditioning.value_range import to_u8
from vton.models.tryon_output import TryOnOutput
from vton.schema import Person

_UPPER = ("top", "outer")
_LOWER = ("bottom", "dress")
_SKIN = (*TELLING_SKIN, "left_leg", "right_leg")
_SHADOW = 3  # canvas pixels below the old hem that lie in its shadow
_LEAST_SEEN = 12  # canvas pixels of a lower garment that are enough to go on with, in a column
_LEAST_SKIN = 250  # canvas pixels of a part's skin that are enough to go on with; less may be a sock
_TAPER = 0.3  # of the body unit: above an old hem a lower garment is as narrow as what hides it
_BESIDE = 0.2  # of the body unit: so far beside a trouser leg no bare leg shows
_NEXT, _RIM = square(1), square(2)
_HEM = 4  # canvas pixels by which limbs go on within sleeves and legs, whose hems are slanted
_TONE = 50  # of 255: how far drawn skin may be from the skin that the photo shows
_DARKEST, _LIGHTEST = 0.7, 1.25  # of that skin's brightness
_KNOWN = 6.0  # canvas pixels around drawn skin for which it tells light and shade
_EDGE, _ROUND = 0.8, 0.09  # how bright limbs are at their edges, and in parts of the body unit from where on fully
_SOFT = 5  # canvas pixels over which colours are mixed


def uncovered(canvas: Person, output: TryOnOutput, slot: str, worn: np.ndarray) -> list[Layer]:
    """Background, skin and lower garment where the old garment was, to be laid over the photo in this order.

    The background's nearest colours are spread. Bare limbs have the colour of the skin that the photo shows, and the
    light and shade that the network drew; a limb in the middle of which the new garment is ends within it, and beside
    trousers no leg shows. Beneath an old outer garment the body is as the network drew it. A lower garment is mirrored
    at the old hem.

    Args:
        canvas: the person on the canvas; output: of the network, for this person alone.
        worn: [h, w], bool, where the new garment is.
    """
    parsing, pose = canvas.parsing, canvas.pose
    unit = body_unit(pose, parsing.silhouette())
    skin, background = parsing.mask(*_SKIN), parsing.mask("background")
    old = taken_off(parsing, pose, slot)
    sure = ~(skin | background) | shrunk(old, _RIM)  # of its margin a part suffices
    gone = old & sure & erased_region(parsing, pose, slot)
    drawn = to_u8(output.result)[0]
    parts = bare_parts(pose, unit, pose.size_hw)
    torso, legs, arms = shown = [part._replace(cover=part.cover * _free(part, worn)) for part in parts]
    arms.cover[background & hand_region(pose, unit, pose.size_hw)] = 0  # the photo shows where the hands end
    if slot in _LOWER:
        hidden = _above_hem(worn, hips_line(pose, unit), unit)
        legs.cover[hidden] = 0
        hidden = grown(hidden & parsing.mask(*legs.labels), _RIM)
        gone |= hidden & (skin | background)
    lower = parsing.mask(*_LOWER) & ~gone
    if slot in _UPPER and lower.any():
        legs.cover[: np.flatnonzero(lower.any(axis=1))[0]] = 0  # it goes on above
    neckline = parts[0].cover * throat(pose, unit, pose.size_hw)
    np.maximum(torso.cover, neckline, out=torso.cover)
    tells = gone & ~grown(worn, _RIM)
    bare = _bare_skin(canvas, drawn, shown, gone, tells if slot != "outer" else None)
    layers = [Layer(_behind(canvas, background & ~gone, drawn), soft(gone) * (gone | background)), bare]
    if slot in _UPPER:
        layers.append(_lower_garment(canvas, lower, gone, round(waist_line(pose, unit)), _sides(parts, worn), unit))
    around = grown(gone, _NEXT)
    return [layers[0], *(Layer(layer.colours, layer.cover * around) for layer in layers[1:])]


def _bare_skin(
    canvas: Person, drawn: np.ndarray, shown: list[BodyPart], gone: np.ndarray, tells: np.ndarray | None
) -> Layer:
    """The skin that the photo shows and goes on showing, and that of parts of the body.

    Args:
        drawn: [H, W, 3], uint8, by the network; shown: what shows of each part of the body.
        gone: [H, W], bool, what the photo no longer shows.
        tells: [H, W], bool, where what is drawn tells light and shade; None to take it as it is.
    """
    unit = body_unit(canvas.pose, canvas.parsing.silhouette())
    skin, bare = canvas.parsing.mask(*_SKIN), np.maximum.reduce([part.cover for part in shown])
    colours = drawn.astype(np.float32)
    if tells is not None:
        depth = distance_to(~((bare > 0.5) | skin))
        shade = _EDGE + (1 - _EDGE) * np.sqrt(np.clip(depth / (_ROUND * unit), 0, 1))
        for part in shown:
            there = (part.cover > 0) & (part.cover >= bare)
            tone = _tone(canvas, part.labels, gone)
            if tone is not None:
                light = shade * _light(drawn, tone, tells & (part.cover > 0.5))
                colours[there] = (light[..., None] * tone)[there]
    skin &= ~gone
    colours[skin] = canvas.image_u8[skin]
    inner = shrunk(skin, _NEXT)
    if inner.any():
        beside = (soft(skin) > 0) & ~skin & (bare == 0)
        colours[beside] = nearest_colours(canvas.image_u8, inner)[0][beside]
    return Layer(colours, np.maximum(bare, soft(skin)))


def _lower_garment(
    canvas: Person, seen: np.ndarray, gone: np.ndarray, top: int, sides: tuple[np.ndarray, np.ndarray], unit: float
) -> Layer:
    """What is seen of a lower garment [H, W], bool, gone on with where something is gone; else see `_mirrored`."""
    rows, columns, *sources = _mirrored(seen, gone, top, sides, unit)
    colours, cover = canvas.image_u8.astype(np.float32), seen.copy()
    colours[rows, columns], cover[rows, columns] = canvas.image_u8[tuple(sources)], True
    return Layer(colours, soft(cover))


def _behind(canvas: Person, background: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The nearest colours of the background [H, W], bool, well off the person; those drawn where there is none."""
    known = shrunk(background, _RIM)
    colours = nearest_colours(canvas.image_u8, known)[0] if known.any() else drawn
    return cv2.blur(colours, (_SOFT, _SOFT)).astype(np.float32)


def _free(part: BodyPart, worn: np.ndarray) -> np.ndarray:
    """Where the new garment is not in the middle of a part, so that what it leaves beside is skin: [H, W], bool."""
    if not part.middle.any():
        return np.ones_like(worn)
    free = grown(part.middle & ~worn, square(_HEM))
    return nearest_colours(free.astype(np.uint8), part.middle)[0] > 0


def _above_hem(worn: np.ndarray, top: float, unit: float) -> np.ndarray:
    """Where a trouser leg or a skirt hides legs, even beside it: from the row ``top`` on down to its hem, [H, W], bool.

    Args:
        worn: [H, W], bool, where the new garment is.
    """
    height = len(worn)
    rows = np.arange(height)[:, None]
    hem = np.where(worn & (rows > top), rows, 0).max(axis=0).astype(np.float32)
    hem = highest(hem[None], row(round(_BESIDE * unit)))[0]
    return (rows > top) & (rows < hem - _HEM)


def _tone(canvas: Person, labels: tuple[str, ...], gone: np.ndarray) -> np.ndarray | None:
    """The median colour of the skin of these labels, or of any outside tights, that the photo shows: [3], 0..255."""
    for names, least in ((labels, _LEAST_SKIN), (TELLING_SKIN, 1)):
        seen = canvas.image_u8[canvas.parsing.mask(*names) & ~gone]
        if len(seen) >= least:
            return np.maximum(np.median(seen, axis=0), 1)
    return None


def _light(drawn: np.ndarray, tone: np.ndarray, believed: np.ndarray) -> np.ndarray:
    """How bright skin of that tone is everywhere: [H, W], 1 where nothing tells.

    Args:
        drawn: [H, W, 3], uint8, by the network; ``believed`` [H, W], bool, where it has about that tone.
    """
    good = believed & (np.abs(drawn - tone).max(axis=2) < _TONE)
    if not good.any():
        return np.ones(good.shape)
    nearest, distance = nearest_colours(drawn, good)
    light = cv2.blur(nearest.mean(axis=2) / tone.mean(), (_SOFT, _SOFT)).clip(_DARKEST, _LIGHTEST)
    return 1 + (light - 1) * np.clip(2 - distance / _KNOWN, 0, 1)


def _sides(parts: list[BodyPart], worn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First and last column of the new garment, in rows where it does not hide the body those of the body: [H] each.

    Args:
        parts: see `bare_parts`; worn: [H, W], bool, where the new garment is.
    """
    torso, legs, arms = (part.cover > 0.5 for part in parts)
    over, body = worn & (distance_to(torso) < distance_to(arms)), torso | legs
    hides = over.sum(axis=1) > 0.5 * body.sum(axis=1)
    there = np.where(hides[:, None], over, body)
    return there.argmax(axis=1), there.shape[1] - 1 - there[:, ::-1].argmax(axis=1)


def _mirrored(
    seen: np.ndarray, hidden: np.ndarray, top: int, sides: tuple[np.ndarray, np.ndarray], unit: float
) -> tuple[np.ndarray, ...]:
    """Hidden pixels above seen ones, and the pixels that they mirror.

    Args:
        seen, hidden: [H, W], bool.
        top: the row up to which they may reach.
        sides: see `_sides`; the outline of what is seen goes on towards them.
        unit: of the body, see `body_unit`.

    Returns:
        Rows and columns of the pixels, and of those that they mirror, [K] each.
    """
    height, width = seen.shape
    lengths = np.zeros((height + 1, width), int)
    for y in range(height - 1, -1, -1):
        lengths[y] = np.where(seen[y], lengths[y + 1] + 1, 0)
    borders = seen[1:] & hidden[:-1]
    bordered = borders.any(axis=0)
    first = np.where(bordered, borders.argmax(axis=0) + 1, top)
    length = np.where(bordered, lengths[first, np.arange(width)] - _SHADOW, 0)
    known = np.flatnonzero(length >= max(_LEAST_SEEN, length.max() // 2))
    if not len(known):
        return tuple(np.zeros((4, 0), int))
    # Above the gap between the legs there is little or nothing to mirror: such columns are like the nearest other.
    source = known[np.abs(np.arange(width)[:, None] - known).argmin(axis=1)]
    edge = first[source]
    outer = np.flatnonzero(length > 0)[[0, -1]]
    left, right = (_onward(first[x], x, side, unit) for x, side in zip(outer, sides, strict=True))
    left, right = np.maximum(left, outer[0]), np.minimum(right, outer[1])
    across = (np.arange(width) >= left[:, None]) & (np.arange(width) <= right[:, None])
    rows, columns = np.nonzero(hidden & across & (np.arange(height)[:, None] > top))
    edge, length = edge[columns], length[source[columns]]
    step = edge - 1 - rows
    near = step < 2 * length  # a mirror longer than what is seen turns back, once
    step = np.where(step < 0, -1 - step, np.minimum(step, 2 * length - 1 - step))  # beside what is seen: its own row
    rows_there = np.minimum(edge + _SHADOW + step, height - 1)
    return rows[near], columns[near], rows_there[near], source[columns][near]


def _onward(edge: int, outermost: int, side: np.ndarray, unit: float) -> np.ndarray:
    """The outline above an edge, from its outermost column straight to ``side`` over `_TAPER`, then along it: [H]."""
    taper = max(_TAPER * unit, 1)
    above = edge - np.arange(len(side))
    inner = np.where(above > taper, side, side[max(edge - round(taper), 0)])
    return outermost + np.clip(above / taper, 0, 1) * (inner - outermost)
