"""Contact sheets of consecutive outfits, and single looks with their labels, as pictures to look at."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from vton.data.cloth import NOT_SHOWN
from vton.schema import COCO18_LIMBS, InputError
from vton.studio.dataset.render import render_outfit
from vton.studio.dataset.settings import SIZES, Settings
from vton.studio.photos.photographer import Photographer
from vton.studio.photos.records import Packshot, Photo, RenderedLook
from vton.studio.specs.labels import ARTICLE_ID, LABELS
from vton.studio.specs.look import LookSpec

COLUMNS_PX = 1600
NOT_SHOWN_COLOUR = (255, 0, 255)
LABEL_COLOURS = np.array(
    [
        (255, 255, 255), (90, 60, 40), (255, 205, 170), (245, 190, 150), (235, 180, 140), (240, 170, 120),
        (220, 150, 110), (220, 60, 60), (60, 60, 180), (60, 140, 220), (120, 80, 200), (240, 120, 200), (40, 40, 40),
        (160, 120, 40), (40, 160, 80), (0, 0, 0), (200, 130, 90),
        (0, 220, 220), (250, 230, 60),
    ],
    np.uint8,
)  # fmt: skip


def write_sheet(
    path: str | os.PathLike,
    settings: Settings,
    outfits: Sequence[int],
    show: str = "people",
    assets: str | None = None,
) -> None:
    """Renders outfits and writes one picture of them.

    Args:
        show: "people" (photos), "packshots" (the first photo, then every article), "articles" (their photos laid flat
            and on hangers), "warped" (photos, each with its
            packshots drawn where the correspondences say), "labels" or "joints" (photos with their parsing or joints).

    Raises:
        InputError: the path is not that of a picture, or no outfit came through the quality gate.
    """
    photographer = Photographer(assets)
    rows: list[list[np.ndarray]] = []
    for index in outfits:
        for look in render_outfit(photographer, settings, index)[0]:
            rows.append(_tiles(look, show))
    if not rows:
        raise InputError("No outfit came through the quality gate: choose another --seed.")
    write_picture(Path(path), arrange(rows))


def _tiles(look: RenderedLook, show: str) -> list[np.ndarray]:
    if show == "packshots":
        height, width = look.photos[0].image_u8.shape[:2]
        shots = [cv2.resize(p.image_u8, (width, height)) for p in look.packshots.values()]
        return [look.photos[0].image_u8, *shots]
    if show == "articles":
        return [taken.image_u8 for kinds in look.article_photos.values() for taken in kinds.values()]
    if show == "labels":
        return [tile for p in look.photos for tile in (p.image_u8, LABEL_COLOURS[p.parsing])]
    if show == "warped":
        shots = [p.image_u8 for p in look.packshots.values()]
        packshots = np.vstack([np.hstack(row) for row in _halves(shots)])
        height, width = look.photos[0].image_u8.shape[:2]
        tiles = [tile for p in look.photos for tile in (p.image_u8, warped(p, look.packshots))]
        return [cv2.resize(packshots, (width, height), interpolation=cv2.INTER_AREA), *tiles]
    if show == "joints":
        return [draw_joints(p) for p in look.photos]
    return [p.image_u8 for p in look.photos]


def _halves(tiles: Sequence[np.ndarray]) -> list[list[np.ndarray]]:
    """At most four tiles, two in a row."""
    blank = np.full_like(tiles[0], 255)
    four = [*tiles[:4], *[blank] * (4 - len(tiles))]
    return [four[:2], four[2:]]


def warped(photo: Photo, packshots: Mapping[str, Packshot]) -> np.ndarray:
    """The packshots as the photo's correspondences place them, of its size: cloth they do not show is magenta."""
    places = photo.places["body"]
    image = np.full((*places.shape[:2], 3), 235, np.uint8)
    for slot, packshot in packshots.items():
        seen = photo.cloth.of(ARTICLE_ID[slot])
        x, y = np.moveaxis(np.where(seen[..., None], places - 0.5, 0), -1, 0)
        image[seen] = cv2.remap(packshot.image_u8, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)[seen]
    image[places[..., 0] == NOT_SHOWN] = NOT_SHOWN_COLOUR
    return cv2.resize(image, photo.image_u8.shape[1::-1], interpolation=cv2.INTER_NEAREST)


def arrange(rows: Sequence[Sequence[np.ndarray]]) -> np.ndarray:
    """Tiles of one size in a picture about `COLUMNS_PX` wide; the tiles of a row stay together."""
    height, width = rows[0][0].shape[:2]
    per_row = max(len(row) for row in rows)
    blocks = max(1, COLUMNS_PX // (width * per_row))
    blank = np.full((height, width, 3), 255, np.uint8)
    padded = [[*row, *[blank] * (per_row - len(row))] for row in rows]
    while len(padded) % blocks:
        padded.append([blank] * per_row)
    lines = [np.hstack(sum(padded[i : i + blocks], [])) for i in range(0, len(padded), blocks)]
    return np.vstack(lines)


def draw_joints(photo: Photo) -> np.ndarray:
    """The photo with its COCO-18 skeleton: visible joints green, hidden ones red."""
    image = photo.image_u8.copy()
    scale = image.shape[0] / 256
    places = np.rint(photo.coco18[:, :2]).astype(int)
    for a, b in COCO18_LIMBS:
        if photo.coco18[a, 2] and photo.coco18[b, 2]:
            cv2.line(image, places[a].tolist(), places[b].tolist(), (40, 120, 255), max(1, round(scale)), cv2.LINE_AA)
    for place, visibility in zip(places, photo.coco18[:, 2], strict=True):
        if visibility:
            colour = (30, 200, 30) if visibility > 1 else (230, 30, 30)
            cv2.circle(image, place.tolist(), max(2, round(2 * scale)), colour, -1, cv2.LINE_AA)
    return image


def write_picture(path: Path, image_u8: np.ndarray) -> None:
    """Writes RGB or grey pixels; the format follows the name's ending.

    Raises:
        InputError: the ending names no format, or the folder cannot be written to.
    """
    pixels = image_u8[..., ::-1] if image_u8.ndim == 3 else image_u8
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = cv2.imwrite(str(path), pixels)
    except (cv2.error, OSError):
        written = False
    if not written:
        raise InputError(f"Cannot write '{path.name}': give a name that ends in .png, .jpg or .webp.")


def read_spec(path: str | os.PathLike) -> LookSpec:
    """The spec in a look's JSON, or a spec alone.

    Raises:
        InputError: the file is not there or holds no spec.
    """
    try:
        values = json.loads(Path(path).read_text())
    except (OSError, ValueError):
        raise InputError(f"Cannot read '{Path(path).name}': give the JSON of a look.") from None
    if not isinstance(values, dict):
        raise InputError(f"'{Path(path).name}' holds no spec: give the JSON of a look.")
    return LookSpec.from_dict(values.get("specs", values))


def recombined(
    look: LookSpec, pose: str | None = None, outfit: LookSpec | None = None, person: LookSpec | None = None
) -> LookSpec:
    """The look in another pose (a name), in the outfit of another look, or on the person of another look."""
    if pose:
        look = replace(look, poses=tuple(replace(p, name=pose) for p in look.poses))
    if outfit:
        look = replace(look, outfit=outfit.outfit, article_views=outfit.article_views)
    if person:
        look = replace(look, person=person.person)
    return look


def remake(
    spec: str | os.PathLike,
    folder: str | os.PathLike,
    size: int = 256,
    pose: str | None = None,
    outfit: str | os.PathLike | None = None,
    person: str | os.PathLike | None = None,
    assets: str | None = None,
) -> list[Path]:
    """Renders a look again from its JSON, or a pair of it; ``outfit`` and ``person`` are the JSON of other looks."""
    others = (read_spec(other) if other else None for other in (outfit, person))
    look = recombined(read_spec(spec), pose, *others)
    return write_look(Path(folder), look, SIZES[size], assets)


def write_look(
    folder: Path, look: LookSpec, size_hw: tuple[int, int] = SIZES[256], assets: str | None = None
) -> list[Path]:
    """Renders one look into a folder: the files of a shard's entry as pictures, and its spec. Returns their paths."""
    (rendered,) = Photographer(assets).shoot([look], size_hw)
    paths = []

    def write(name: str, image: np.ndarray) -> None:
        paths.append(folder / name)
        write_picture(paths[-1], image)

    for i, photo in enumerate(rendered.photos):
        write(f"p{i}.png", photo.image_u8)
        write(f"p{i}.parsing.png", photo.parsing)
        write(f"p{i}.labels.png", LABEL_COLOURS[photo.parsing])
        write(f"p{i}.article.png", photo.article_ids)
        write(f"p{i}.silhouette.png", photo.silhouette)
    for slot, packshot in rendered.packshots.items():
        write(f"{slot}.png", packshot.image_u8)
        write(f"{slot}.mask.png", packshot.mask_u8)
        for kind, taken in rendered.article_photos[slot].items():
            write(f"{slot}.{kind}.png", taken.image_u8)
            write(f"{slot}.{kind}.mask.png", taken.mask_u8)
    joints = [{"coco18": p.coco18.tolist(), "mpii16": p.mpii16.tolist()} for p in rendered.photos]
    spec = folder / "look.json"
    spec.write_text(json.dumps({"labels": LABELS, "joints": joints, "specs": look.to_dict()}, indent=1) + "\n")
    return [*paths, spec]
