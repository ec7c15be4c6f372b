"""Try-on pairs of Clothing Co-Parsing: garments cut out of the very photos that show them, by the human parsing."""

from __future__ import annotations

import cv2
import numpy as np

from vton.conditioning.canvas import border_pixels, resize_u8, resized
from vton.conditioning.masks import closed, grown, holes, pieces, square
from vton.conditioning.person.sides import sided
from vton.data.formats.ccp_persons import CcpPersons
from vton.data.pairs.rows import PAIR_HW, GarmentRow, PairRow, PhotoRow, garment_rgba, shows_enough, worn_map
from vton.data.persons.rows import NO_LABEL, PersonRow
from vton.data.persons.skin_parts import UNKNOWN_SKIN, split_skin
from vton.schema import PARSER_LABELS, SIDED_LABELS, InputError, Parsing, Pose, tryon_slot
from vton.schema.slots import TRYON_SLOTS

_SOURCE_HW = (576, 432)
_SEEN_FROM = 0.4
"""Machine-made joints at this confidence and below do not count as visible."""
_PERSON_SHARE = 0.9
_LEAST = 0.03
_PIECE, _PIECES, _WHOLE = 0.04, 2, 0.93
_SOLID = 0.5  # of its convex hull
_ONE_GARMENT = 0.85
_IN_FRONT = ("hair", "left_arm", "right_arm", "bag", "accessory")
_LARGEST_HOLE = 0.12  # of the garment


def pair_rows(reader: CcpPersons, stem: str) -> list[PairRow]:
    """The pairs of one photo: up to one per slot.

    Raises:
        InputError: the photo cannot be read, or too few joints are seen in it.
    """
    person = reader.rows(stem, _SOURCE_HW)[0]
    person.keypoints[person.keypoints[:, 2] <= _SEEN_FROM] = 0
    try:
        pose = Pose(person.keypoints[:, :2], person.keypoints[:, 2], _SOURCE_HW)
    except InputError:
        raise InputError(f"Photo {stem} of '{reader.folder.name}' shows too few joints.") from None
    labels = split_skin(person.parsing, person.keypoints, sure_only=False)
    labels = np.where((labels == UNKNOWN_SKIN) | (labels == NO_LABEL), 0, labels).astype(np.uint8)
    labels = sided(Parsing(labels, PARSER_LABELS), pose).labels
    photo = _framed(person, labels)
    pairs = []
    for slot in TRYON_SLOTS:
        if shows_enough(photo.worn, slot, _LEAST) and _is_one_garment(reader, stem, slot):
            rgba = cut_out_worn(person.photo, labels, slot)
            if rgba is not None:
                pairs.append(PairRow(photo, GarmentRow(f"{stem}.{slot}", rgba), slot))
    return pairs


def _is_one_garment(reader: CcpPersons, stem: str, slot: str) -> bool:
    """Whether one label of the data set's own makes up nearly all of the slot: a shirt below a sweater is two."""
    raw = reader.raw_labels(stem)
    if raw is None:
        return False
    counts = np.bincount(raw[reader.table[raw] == PARSER_LABELS.index(slot)])
    return counts.max(initial=0) >= _ONE_GARMENT * max(1, counts.sum())


def _framed(person: PersonRow, labels: np.ndarray) -> PhotoRow:
    """The person, 0.9 of the canvas high and in its middle, as inference frames them."""
    (h, w), (x0, y0, x1, y1) = PAIR_HW, (int(v) for v in person.content)
    box = person.box - np.tile([x0, y0], 2)
    scale = _PERSON_SHARE * min(h / (box[3] - box[1]), w / (box[2] - box[0]))
    image = person.photo[y0:y1, x0:x1]
    size = round((y1 - y0) * scale), round((x1 - x0) * scale)
    factor = np.array([size[1] / (x1 - x0), size[0] / (y1 - y0)])
    shift = np.rint(np.array([w, h]) / 2 - factor * (box[:2] + box[2:]) / 2).astype(int)
    canvas = np.empty((h, w, 3), np.uint8)
    canvas[:] = np.median(border_pixels(image), axis=0).astype(np.uint8)
    small = resized(labels[y0:y1, x0:x1], size, "labels")
    parsing = np.zeros(PAIR_HW, np.uint8)
    for target, source in ((canvas, resize_u8(image, size)), (parsing, small)):
        _paste(target, source, shift)
    joints = np.array(person.keypoints, np.float32)
    seen = joints[:, 2] > 0
    joints[seen, :2] = (joints[seen, :2] - (x0, y0)) * factor + shift
    joints[~((joints[:, :2] >= 0) & (joints[:, :2] <= (w, h))).all(axis=1)] = 0
    return PhotoRow(person.key, person.held_out, canvas, parsing, joints, worn_map(parsing))


def _paste(target: np.ndarray, source: np.ndarray, shift: np.ndarray) -> None:
    """Lays ``source`` on ``target`` in place, its corner at x, y = ``shift``; what juts out is cut off."""
    low = np.maximum(shift, 0)
    high = np.minimum(shift + source.shape[1::-1], target.shape[1::-1])
    (a, b), (c, d) = low - shift, high - shift
    target[low[1] : high[1], low[0] : high[0]] = source[b:d, a:c]


def cut_out_worn(image_u8: np.ndarray, labels: np.ndarray, slot: str) -> np.ndarray | None:
    """The garment of that slot, alone on the article canvas; what hangs in front of it is painted over.

    Args:
        image_u8: [h, w, 3]; labels: [h, w], uint8, index into ``SIDED_LABELS``.

    Returns:
        [256, 192, 4], uint8; None when the garment is torn into pieces.
    """
    seen = labels == SIDED_LABELS.index(slot)
    # Thin lines of wrong labels are closed, and holes that something in front has made.
    whole = seen | closed(seen, square(2))
    in_front = np.isin(labels, [SIDED_LABELS.index(name) for name in _IN_FRONT])
    found = pieces(seen | ((whole | holes(whole, most=_LARGEST_HOLE * whole.sum())) & in_front))
    if not len(found):
        return None
    areas, total = found.areas, found.areas.sum()
    large = areas >= _PIECE * total
    mask = found.where(large)
    least = tryon_slot(slot).largest_piece
    torn = large.sum() > _PIECES or mask.sum() < _WHOLE * total or areas.max() < least * total
    if torn or mask.sum() < _SOLID * _hull_area(mask):
        return None
    hidden = mask & ~seen
    if hidden.any():
        wide = grown(hidden, square(1))
        image_u8 = cv2.inpaint(image_u8, wide.astype(np.uint8), 5, cv2.INPAINT_TELEA)
    return garment_rgba(np.dstack([image_u8, np.where(mask, 255, 0).astype(np.uint8)]), slot)


def _hull_area(mask: np.ndarray) -> float:
    points = np.argwhere(mask)[:, ::-1].astype(np.int32)
    return cv2.contourArea(cv2.convexHull(points))
