"""The flow of every parser: a glance finds the main person, a closer look the labels, the pose tells the sides."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from vton.conditioning.canvas import extent, resized
from vton.conditioning.person.sides import sided
from vton.conditioning.photos.guided_filter import guided_filter
from vton.conditioning.pose.body_envelope import body_unit
from vton.readers.base import NO_PERSON, check_photo
from vton.readers.parser.regions import main_piece, settled, undivided
from vton.readers.photo_network import View, first_views
from vton.schema import PARSER_LABELS, InputError, Parsing, Pose, SizeHW

# Room around what is looked at again, in parts of the longer side of its box.
_PADDING = 0.12  # around a person found by the first look
_AROUND_JOINTS, _AROUND_FEW_JOINTS = 0.35, 1.0  # around joints: few of them say little of where the body ends
_FEW_JOINTS = 10  # of 18: fewer are few
_LEAST_GAIN = 1.15  # in scale: below it a closer look shows nothing new
_GLANCED = 0.4  # of the canvas: a smaller person is looked for once more before the closer look
_NECK, _HIPS, _KNEES = 1, [8, 11], [9, 12]
_TO_KNEES = 1.7  # from the neck, in distances from neck to hips
_WHOLE, _HEAD = 3.7, 0.85  # a body, and its part above the neck, over the distance from neck to hips
_CUT = 0.12  # of a body: with less of it below the photo's edge the usual views are as good
_LEAST_PERSON = 0.0  # logit
_LEAST_SHARE = 0.002  # of the canvas
_DRESS, *_INSTEAD_OF_DRESS = (PARSER_LABELS.index(name) for name in ("dress", "bottom", "top"))
_REACH, _FLAT = 0.012, 1e-4  # of the guided filter that lays the parts' borders on the photo's edges


class ParsingNetwork(Protocol):
    """A network with its canvas.

    Attributes:
        size_hw: of the canvas; glance_hw: of the one that is enough to find somebody on.
        map_stride: canvas pixels per cell of its maps.
    """

    size_hw: SizeHW
    glance_hw: SizeHW
    map_stride: int

    def __call__(self, views: list[View]) -> tuple[np.ndarray, np.ndarray]:
        """Logits of `PARSER_LABELS` [N, 14, h, w] and the logit that a person is there [N, 1], float32."""
        ...


class PersonParser:
    """Parts of the main person, as a network tells them apart."""

    def __init__(self, network: ParsingNetwork) -> None:
        self._network = network

    def parse(self, image_u8: np.ndarray, pose: Pose | None = None) -> Parsing:
        """Labels every pixel; what is not the main person is background.

        Args:
            image_u8: [H, W, 3] or [H, W], uint8.
            pose: of the main person, in the photo's pixels; names the person, and left and right.

        Returns:
            [H, W] in ``PARSER_LABELS``, with a pose in ``SIDED_LABELS``.

        Raises:
            InputError: nobody there.
        """
        image = check_photo(image_u8)
        joints = None if pose is None else pose.resized(image.shape[:2]).keypoints_xy[pose.present]
        view, logits, person = self._glance(image, joints)
        top, bottom, left, right = extent(person)
        cells = np.array([[left, top], [right, bottom]])
        corners = np.clip(view.to_photo(cells * self._network.map_stride), 0, image.shape[1::-1])
        closer = View.around(image, (*corners[0], *corners[1]), _PADDING, self._network.size_hw)
        if closer.transform.scale >= _LEAST_GAIN * view.transform.scale:
            (again,), _ = self._network([closer])
            piece = main_piece(again.argmax(axis=0) > 0, self._cells(closer, joints))
            if piece is not None:
                view, logits, person = closer, again, piece
        further = None if pose is None else _whole_body(image, pose, self._network.size_hw)
        if further is not None and joints is not None:
            (again,), _ = self._network([further])
            piece = main_piece(again.argmax(axis=0) > 0, self._cells(further, joints))
            if piece is not None and self._covered(further, piece, joints) >= self._covered(view, person, joints):
                view, logits, person = further, again, piece
        for garment in _INSTEAD_OF_DRESS:
            logits = undivided(logits, _DRESS, garment)
        parsing = Parsing(_labels(settled(logits, person), view, image.shape[:2]), PARSER_LABELS)
        return parsing if pose is None else sided(parsing, pose.resized(image.shape[:2]))

    def _glance(self, image_u8: np.ndarray, joints: np.ndarray | None) -> tuple[View, np.ndarray, np.ndarray]:
        """The main person at a glance, or where that shows too little, on the whole canvas; see `_main_of`.

        Raises:
            InputError: nobody there.
        """
        network = self._network
        for canvas_hw in dict.fromkeys((network.glance_hw, network.size_hw)):
            found = self._main_of(self._first_views(image_u8, joints, canvas_hw), joints)
            if found is not None and np.ptp(np.flatnonzero(found[2].any(axis=1))) > _GLANCED * len(found[2]):
                break
        if found is None:
            raise InputError(NO_PERSON)
        return found

    def _first_views(self, image_u8: np.ndarray, joints: np.ndarray | None, canvas_hw: SizeHW) -> list[View]:
        """Where the joints are, with much around them; the whole photo when there are none."""
        if joints is None:
            return first_views(image_u8, canvas_hw)
        padding = _AROUND_JOINTS if len(joints) >= _FEW_JOINTS else _AROUND_FEW_JOINTS
        box = (*joints.min(axis=0), *joints.max(axis=0))
        return [View.around(image_u8, box, padding, canvas_hw)]

    def _main_of(self, views: list[View], joints: np.ndarray | None) -> tuple[View, np.ndarray, np.ndarray] | None:
        """The view that shows most of the main person, its logits [C, h, w] and where the person is [h, w]."""
        maps, pooled = self._network(views)
        best, most = None, 0.0
        for view, logits, present in zip(views, maps, pooled[:, 0], strict=True):
            if present < _LEAST_PERSON and joints is None:
                continue
            person = main_piece(logits.argmax(axis=0) > 0, self._cells(view, joints))
            if person is None or person.mean() < _LEAST_SHARE:
                continue
            size = person.sum() / view.transform.scale**2
            if size > most:
                best, most = (view, logits, person), size
        return best

    def _covered(self, view: View, person: np.ndarray, joints: np.ndarray) -> float:
        """The share of the joints that the person [h, w] covers."""
        at = (view.to_canvas(joints) // self._network.map_stride).astype(int)
        inside = ((at >= 0) & (at < person.shape[::-1])).all(axis=1)
        return float(person[at[inside, 1], at[inside, 0]].sum() / len(at))

    def _cells(self, view: View, joints: np.ndarray | None) -> np.ndarray | None:
        """Those of the joints, [K, 2] in photo pixels, that the view shows, in cells of its maps."""
        if joints is None:
            return None
        on_canvas = view.to_canvas(joints)
        inside = ((on_canvas >= 0) & (on_canvas < view.canvas_u8.shape[1::-1])).all(axis=1)
        return on_canvas[inside] / self._network.map_stride


def _whole_body(image_u8: np.ndarray, pose: Pose, canvas_hw: SizeHW) -> View | None:
    """The view that would show the person from head to feet, of a photo that shows only a part; else None.

    The network knows people at that size best: near cloth looks like a wall to it.
    """
    h, w = image_u8.shape[:2]
    pose = pose.resized((h, w))
    if not pose.present[_NECK]:
        return None
    neck = hips = pose.keypoints_xy[_NECK]
    if pose.present[_HIPS].any():
        hips = pose.keypoints_xy[_HIPS][pose.present[_HIPS]].mean(axis=0)
    unit = body_unit(pose, np.ones((h, w), bool))
    if not pose.present[_KNEES].any():  # they lie below the photo
        unit = max(unit, float(h - neck[1]) / _TO_KNEES)
    top, high = round(float(neck[1]) - _HEAD * unit), round(_WHOLE * unit)
    if top + high < h + _CUT * high:
        return None
    wide = round(high * canvas_hw[1] / canvas_hw[0])
    left = round(float(neck[0] + hips[0]) / 2) - wide // 2
    return View.beyond(image_u8, (left, top, left + wide, top + high), canvas_hw)


def _labels(logits: np.ndarray, view: View, size_hw: SizeHW) -> np.ndarray:
    """The winner of each photo pixel among the enlarged shares: [H, W], uint8, background outside the view."""
    winners = logits.argmax(axis=0)
    labels, best = np.zeros(size_hw, np.uint8), np.zeros(size_hw, np.float32)
    if not winners.any():  # a person of islands alone has settled into the background
        return labels
    found = np.unique(winners)
    planes = _on_the_edges(logits, view.canvas_u8, found, _surrounding(winners > 0))
    for label, plane in zip(found, planes, strict=True):  # one by one: a large photo has no room for all of them
        likely = plane >= 1 / len(found)  # the shares add up to 1: the winner has no less
        if not likely.any():
            continue
        x0, y0, x1, y1 = view.box_of(likely)
        x0, y0, x1, y1 = box = max(0, x0), max(0, y0), min(x1, size_hw[1]), min(y1, size_hw[0])
        if x0 >= x1 or y0 >= y1:
            continue
        share = view.spread(plane, box)
        ahead = share > best[y0:y1, x0:x1]
        labels[y0:y1, x0:x1][ahead] = label
        np.maximum(best[y0:y1, x0:x1], share, out=best[y0:y1, x0:x1])
    return labels


def _surrounding(person: np.ndarray) -> tuple[slice, slice]:
    """Rows and columns of the person [h, w], with what the guided filter sees of their surroundings."""
    room = 2 + 2 * round(_REACH * max(person.shape))
    top, bottom, left, right = extent(person)
    return slice(max(0, top - room), bottom + room), slice(max(0, left - room), right + room)


def _on_the_edges(
    logits: np.ndarray, canvas_u8: np.ndarray, found: np.ndarray, part: tuple[slice, slice]
) -> np.ndarray:
    """Logits [C, h, w] to shares of the labels found, with borders on the canvas's edges.

    Args:
        found: [F], with the background as the first.
        part: rows and columns of the logits; outside there is background alone.

    Returns:
        [F, H, W], float32, for the canvas's pixels.
    """
    stride = canvas_u8.shape[0] // logits.shape[1]
    planes = logits[(found, *part)].transpose(1, 2, 0)
    shares = np.exp(planes - planes.max(axis=2, keepdims=True))
    shares /= shares.sum(axis=2, keepdims=True)
    rows, columns = (slice(stride * span.start, stride * span.stop) for span in part)
    seen = canvas_u8[rows, columns]
    enlarged = resized(shares, seen.shape[:2], "linear").reshape(*seen.shape[:2], -1)
    reach = _REACH * max(canvas_u8.shape) / max(seen.shape)
    out = np.zeros((len(found), *canvas_u8.shape[:2]), np.float32)
    out[0] = 1
    out[:, rows, columns] = guided_filter(seen, enlarged, reach, _FLAT, max(seen.shape) // 2).transpose(2, 0, 1)
    return out
