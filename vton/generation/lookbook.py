"""A lookbook: one outfit with several articles in turn, in several poses, on one sheet and in one archive."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

import numpy as np
from PIL import Image

from vton.conditioning.canvas import resized_image
from vton.provenance import made_png
from vton.schema import Article, DigitalSourceType, InputError, Outfit, Pose

if TYPE_CHECKING:
    from vton.generation.look import Generated

MOST_PICTURES = 36
_CELL, _GAP, _PAPER = (288, 384), 12, (251, 250, 248)  # width and height
_ARTICLE = (96, 128)


class Draw(Protocol):
    """Draws pictures of one outfit in one pose, as `StylePipeline` does."""

    def __call__(self, outfit: Outfit, pose: Pose | str, *, seed: int, count: int, psi: float) -> list[Generated]: ...


@dataclass(frozen=True)
class Lookbook:
    """Outfits and, of each, a picture in every pose; all of one seed, so that the person stays the same.

    Attributes:
        looks: an outfit and its pictures.
    """

    looks: tuple[tuple[Outfit, tuple[Generated, ...]], ...]

    @cached_property
    def sheet(self) -> np.ndarray:
        """A contact sheet, a column for each outfit with its articles on top: [H, W, 3], uint8."""
        rows = max(len(pictures) for _, pictures in self.looks)
        (width, height), top = _CELL, _ARTICLE[1] * 2 + 2 * _GAP
        size = (len(self.looks) * (width + _GAP) + _GAP, top + rows * (height + _GAP))
        page = Image.new("RGB", size, _PAPER)
        for column, (outfit, pictures) in enumerate(self.looks):
            x = _GAP + column * (width + _GAP)
            page.paste(_articles(outfit), (x, _GAP))
            for row, picture in enumerate(pictures):
                cell = resized_image(Image.fromarray(picture.image_u8), _CELL)
                page.paste(cell, (x, top + row * (height + _GAP)))
        return np.array(page)

    def sheet_png(self) -> bytes:
        """The sheet as a PNG that says what it is."""
        return made_png(self.sheet, DigitalSourceType.COMPOSITE)

    def archive(self) -> bytes:
        """A ZIP of the sheet and of every picture as PNG with its recipe."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED) as archive:
            archive.writestr("sheet.png", self.sheet_png())
            for look, (_, pictures) in enumerate(self.looks, 1):
                for number, picture in enumerate(pictures, 1):
                    pose = picture.recipe.pose_name or f"pose{number}"
                    name = f"look{look:02d}-{pose}-seed{picture.recipe.seed}.png"
                    archive.writestr(name, made_png(picture.image_u8, picture.recipe))
        return content.getvalue()


def exchanged(outfit: Outfit, articles: Sequence[Article]) -> list[Outfit]:
    """The outfit with each of the articles in turn, see `Outfit.wearing`; without articles the outfit itself."""
    return [outfit.wearing(article) for article in articles] or [outfit]


def check_pictures(outfits: int, poses: int) -> int:
    """How many pictures a lookbook of so many outfits and poses has.

    Raises:
        InputError: none, or more than `MOST_PICTURES`.
    """
    total = outfits * poses
    if not total:
        raise InputError("A lookbook needs an outfit and a pose: add an article, and choose a pose.")
    if total > MOST_PICTURES:
        raise InputError(f"{outfits} outfits in {poses} poses are {total} pictures: take at most {MOST_PICTURES}.")
    return total


def draw_lookbook(
    draw: Draw,
    outfits: Sequence[Outfit],
    poses: Sequence[Pose | str],
    seed: int = 0,
    psi: float = 0.8,
    callback: Callable[[int, int], None] | None = None,
) -> Lookbook:
    """Draws every outfit in every pose.

    Args:
        draw: a pipeline, or what calls one.
        callback: called with (pictures done, pictures in all).

    Raises:
        InputError: nothing to draw, or more than `MOST_PICTURES`; what ``draw`` raises.
    """
    total = check_pictures(len(outfits), len(poses))
    looks, done = [], 0
    for outfit in outfits:
        pictures = []
        for pose in poses:
            pictures += draw(outfit, pose, seed=seed, count=1, psi=psi)
            done += 1
            if callback is not None:
                callback(done, total)
        looks.append((outfit, tuple(pictures)))
    return Lookbook(tuple(looks))


def _articles(outfit: Outfit) -> Image.Image:
    """The articles, three in a row."""
    cell = Image.new("RGB", (3 * _ARTICLE[0], 2 * _ARTICLE[1]), _PAPER)
    for number, (_, article) in enumerate(outfit.items()):
        rgba = resized_image(Image.fromarray(np.dstack([article.image_u8, article.mask_u8])), _ARTICLE)
        cell.paste(rgba, (number % 3 * _ARTICLE[0], number // 3 * _ARTICLE[1]), rgba)
    return cell
