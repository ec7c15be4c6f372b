"""Proof of the correspondences: every article in a numbered check, the labels against what the pictures show.

For a pixel of a photo the label names a place in the article's picture. Both pictures, drawn in the check, are read
there: the points of the cloth should be the same. The error is how far the label would have to move in the article's
picture, in pixels of 256x192. Labels are taken as they are stored.
"""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vton.data.cloth import NOT_SHOWN, ClothBuffers, decode_cloth, decode_field, encode_cloth, encode_field
from vton.schema import InputError
from vton.studio.article_photos.laying import FlatGarment
from vton.studio.article_photos.taking import arranged, article_camera
from vton.studio.body.baking import load_body_model
from vton.studio.body.model import BodyModel
from vton.studio.figures.ensemble import cut_ensemble
from vton.studio.figures.figure import pose_figure
from vton.studio.figures.packshots import SIZE_HW, Mannequin, packshot_camera, packshot_surfaces
from vton.studio.geometry.closest import tree_of
from vton.studio.measuring.check_cloth import Reading, Setting, draw
from vton.studio.photos.cameras import camera_of
from vton.studio.photos.worn import wearer_figure, wearer_of, worn_camera
from vton.studio.raster.correspondence import SAME_SHEET_M, correspondence
from vton.studio.rendering.framing import PICTURE_M
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.labels import ARTICLE_ID
from vton.studio.specs.look import LookSpec
from vton.studio.specs.outfit import ArticleSpec

PHOTO_HW = (512, 384)
REPORT_HEIGHT = 256
"""Errors are in pixels of a picture of this height."""

MOST_PIXELS = 1500
"""Of each article and picture that count, evenly spread, so that a coat does not outvote a shoe."""

SAME_POINT_M = 0.002
"""A point that a picture shows this near is shown."""


@dataclass(frozen=True)
class Measured:
    """One article in one kind of picture: errors [N] px where the label names a place, and counts of pixels.

    shown: with a place; hidden: without; missed: hidden, though the picture shows the point; unread: whose check, in
    the photo or in the picture, is mixed or dark.
    """

    errors: np.ndarray
    shown: int
    hidden: int
    missed: int
    unread: int


def prove(articles: int, seed: int, show: Callable[[str], None], wear: float = 0.0) -> dict:
    """Measures the correspondences of consecutive outfits until so many articles are done; none is picked.

    Args:
        show: takes a line after every outfit.
        wear: share of outfits worn otherwise than they are cut, as in `settings.Settings`.

    Returns:
        For each kind of picture: articles, ``median_px``, ``p95_px``, shares ``shown``, ``missed`` and ``unread``, and
        the same by slot.

    Raises:
        InputError: there is nothing to measure.
    """
    if articles < 1:
        raise InputError("--articles must be at least 1.")
    model = load_body_model()
    found: dict[str, list[tuple[str, Measured]]] = defaultdict(list)
    done, index = 0, 0
    while done < articles:
        look = sample_looks(seed, index, 1, 1, wear=wear, worn=1.0)[0]
        for kind, slot, measured in measure_look(model, look):
            found[kind].append((slot, measured))
        done += len(look.outfit.articles)
        index += 1
        show(f"{done} articles of {index} outfits")
    report = {}
    for kind, rows in found.items():
        slots = sorted({slot for slot, _ in rows})
        report[kind] = _summary([m for _, m in rows])
        report[kind]["slots"] = {slot: _summary([m for s, m in rows if s == slot]) for slot in slots}
    return report


def write_report(path: str | os.PathLike, report: dict) -> None:
    """Writes a report of `prove` as JSON.

    Raises:
        InputError: the file cannot be written.
    """
    try:
        Path(path).write_text(json.dumps(report, indent=1) + "\n")
    except OSError as error:
        raise InputError(f"Cannot write '{Path(path).name}' ({error.strerror}): give another file.") from None


def measure_look(model: BodyModel, look: LookSpec) -> Iterator[tuple[str, str, Measured]]:
    """Kind of picture, slot and what was measured, for all articles of a look, on its first photo.

    Args:
        look: with another wearer.
    """
    numbers = [ARTICLE_ID[a.slot] for a in look.outfit.articles]
    photo_cloth, photo_checks = _drawn(photo_setting(model, look), numbers)
    worn = worn_settings(model, look)
    mannequin = Mannequin(model, look.person.body.gender)
    for article, number in zip(look.outfit.articles, numbers, strict=True):
        settings = article_settings(mannequin, article, look) | {"worn": worn[article.slot]}
        for kind, setting in settings.items():
            cloth, checks = _drawn(setting, [number])
            field = decode_field(encode_field(correspondence(photo_cloth, cloth, number)))
            scale = REPORT_HEIGHT / len(cloth.article)
            yield kind, article.slot, measure(field, photo_checks[number], checks[number], scale)


def article_settings(mannequin: Mannequin, article: ArticleSpec, look: LookSpec) -> dict[str, Setting]:
    """An article's own pictures by kind: the packshot, "body", and those of the look's views."""
    surfaces, garment = packshot_surfaces(mannequin, article)
    settings = {"body": Setting(surfaces, packshot_camera(surfaces), SIZE_HW)}
    item = FlatGarment.of(garment, mannequin.resting) if garment else None
    for view in look.article_views:
        if view.slot == article.slot:
            surfaces, stand = arranged(mannequin, article, item, view)
            settings[view.kind] = Setting([*surfaces, *stand], article_camera(surfaces, view, SIZE_HW), SIZE_HW)
    return settings


def photo_setting(model: BodyModel, look: LookSpec) -> Setting:
    """The first photo of a look."""
    figure = pose_figure(cut_ensemble(model, look), look, look.poses[0], look.views[0], PHOTO_HW[0] / PICTURE_M)
    return Setting(figure.surfaces, camera_of(figure, look.views[0]), PHOTO_HW)


def worn_settings(model: BodyModel, look: LookSpec) -> dict[str, Setting]:
    """The photo of a look's other wearer as it is cut to each article, by slot."""
    wearer, figure = wearer_of(look), wearer_figure(model, look)[1]
    cameras = {a.slot: worn_camera(figure, a.slot, wearer) for a in look.outfit.articles}
    return {slot: Setting(figure.surfaces, camera, SIZE_HW) for slot, camera in cameras.items()}


def _drawn(setting: Setting, articles: list[int]) -> tuple[ClothBuffers, dict[int, Reading]]:
    """`check_cloth.draw`, the cloth as a shard holds it."""
    cloth, readings = draw(setting, articles)
    return decode_cloth(encode_cloth(cloth)), readings


def measure(field: np.ndarray, photo: Reading, picture: Reading, scale: float) -> Measured:
    """Compares a label with the checks.

    Args:
        field: [h, w, 2] of `correspondence`.
        photo, picture: what was read from the photo [h, w] and from the article's picture.
        scale: of the errors, pixels of the report per pixel of the picture's reading.
    """
    labelled = ~np.isnan(field[..., 0])
    hidden = labelled & (field[..., 0] == NOT_SHOWN)
    compared = labelled & ~hidden & photo.readable
    rows, columns = _spread(compared)
    errors = _errors(field[rows, columns], photo.points[rows, columns], picture) * scale
    read = np.isfinite(errors)
    unread = (labelled & ~photo.readable).sum() + compared.sum() * (1 - read.mean() if len(read) else 0)
    missed = 0
    if (hidden & photo.readable).any() and picture.readable.any():
        distance, _ = tree_of(picture.points[picture.readable]).query(photo.points[hidden & photo.readable])
        missed = int((distance < SAME_POINT_M).sum())
    return Measured(errors[read], int(labelled.sum() - hidden.sum()), int(hidden.sum()), missed, round(float(unread)))


def _spread(chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of at most `MOST_PIXELS` of the chosen pixels."""
    rows, columns = np.nonzero(chosen)
    few = np.linspace(0, len(rows) - 1, min(MOST_PIXELS, len(rows))).astype(int)
    return rows[few], columns[few]


def _errors(places: np.ndarray, points: np.ndarray, picture: Reading) -> np.ndarray:
    """[N] pixels from the labels' places [N, 2] to where the picture shows the points [N, 3]; NaN where it is unread.

    Where the points lie is told by the pixel of the place and by how the check runs on from there.
    """
    height, width = picture.readable.shape
    column, row = (np.clip(places[:, i].astype(int), 0, n - 1) for i, n in ((0, width), (1, height)))
    slopes = _slopes(picture)[row, column]
    away = points - picture.points[row, column]
    errors = np.full(len(places), np.nan)
    usable = picture.readable[row, column] & (np.linalg.norm(slopes, axis=1).min(1, initial=np.inf) > 1e-5)
    for k in np.flatnonzero(usable):
        step = np.linalg.lstsq(slopes[k], away[k], rcond=0.05)[0]
        truth = np.array([column[k] + 0.5, row[k] + 0.5]) + step
        errors[k] = np.linalg.norm(places[k] - truth)
    return errors


def _slopes(picture: Reading) -> np.ndarray:
    """[h, w, 3, 2] metres of cloth per pixel to the right and down, from both neighbours or one, else 0."""
    slopes = np.zeros((*picture.readable.shape, 3, 2))
    for axis, number in ((1, 0), (0, 1)):
        total, count = np.zeros(picture.points.shape), np.zeros(picture.readable.shape)
        for step in (-1, 1):
            there, read = np.roll(picture.points, -step, axis), np.roll(picture.readable, -step, axis)
            change = step * (there - picture.points)
            same = read & picture.readable & (np.linalg.norm(change, axis=2) < SAME_SHEET_M)
            total += change * same[..., None]
            count += same
        slopes[..., number] = total / np.maximum(count, 1)[..., None]
    return slopes


def _summary(rows: list[Measured]) -> dict[str, float | int | None]:
    errors = np.concatenate([m.errors for m in rows])
    shown, hidden, missed, unread = (sum(getattr(m, n) for m in rows) for n in ("shown", "hidden", "missed", "unread"))
    pixels = max(1, shown + hidden)
    return {
        "articles": len(rows),
        "pixels": len(errors),
        "median_px": round(float(np.median(errors)), 3) if len(errors) else None,
        "p95_px": round(float(np.percentile(errors, 95)), 3) if len(errors) else None,
        "shown": round(shown / pixels, 4),
        "missed": round(missed / pixels, 4),
        "unread": round(unread / pixels, 4),
    }
