"""Files the page hands out, in Gradio's own folder: PNGs with recipe, cut-out articles."""

from __future__ import annotations

import io
import secrets
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Any

import numpy as np
from gradio.utils import get_upload_folder
from PIL import Image

from vton.conditioning.photos.image_io import png_bytes
from vton.generation.lookbook import Lookbook
from vton.provenance import made_jpeg, made_png
from vton.schema import Article, DigitalSourceType, InputError
from vton.ui.server.visits import Visits

CUTOUT_SUFFIX = ".article.webp"
NO_ROOM = "The disk of this server is full: try again in some minutes."


class Outbox:
    """A folder within Gradio's, so that it copies nothing; every file gets a name that nobody can guess.

    Attributes:
        visits: knows whose the files are, and deletes them.
    """

    def __init__(self) -> None:
        uploads = Path(get_upload_folder()).resolve()
        uploads.mkdir(parents=True, exist_ok=True)
        self.folder = Path(tempfile.mkdtemp(prefix="made-", dir=uploads))
        self.page_folder = self.folder / "page"
        self.page_folder.mkdir()
        self.visits = Visits(uploads)
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)  # at the latest at exit

    def picture(self, generated: Any) -> str:
        """Writes a generated picture as PNG with its marks and returns the path."""
        kind = "mix" if generated.recipe.mix else f"seed{generated.recipe.seed}"
        return self._write(f"vton-{kind}", ".png", made_png(generated.image_u8, generated.recipe))

    def keep(self, picture: str) -> str:
        """Copies a PNG that already carries its recipe."""
        return self._write("vton-restored", ".png", Path(picture).read_bytes())

    def cutout(self, article: Article) -> str:
        """Writes an article as the RGBA WebP that recipes store. The suffix tells it from a photo."""
        return self._write(article.slot, CUTOUT_SUFFIX, article.to_webp())

    def photo(self, image_u8: np.ndarray, stem: str = "pose") -> str:
        """Writes a visitor's photo to look at, [H, W, 3], uint8 RGB, as JPEG: with its skeleton, before a try-on."""
        content = io.BytesIO()
        Image.fromarray(image_u8).save(content, "JPEG", quality=88)
        return self._write(stem, ".jpg", content.getvalue())

    def made(self, image_u8: np.ndarray, stem: str) -> str:
        """Writes a picture that a try-on or a sheet shows, [H, W, 3], uint8 RGB, as JPEG with its marks."""
        return self._write(stem, ".jpg", made_jpeg(image_u8, DigitalSourceType.COMPOSITE))

    def tried_on(self, result: Any) -> str:
        """Writes a try-on as PNG of the photo's size with its recipe and returns the path."""
        path = self._path(f"vton-{result.recipe.system}-{result.slot}", ".png")
        try:
            result.save(path)  # not by way of its bytes, of which noise has a hundred million
        except InputError:
            raise InputError(NO_ROOM) from None
        self.visits.note(path)
        return str(path)

    def archive(self, book: Lookbook) -> str:
        """Writes a lookbook as ZIP and returns the path."""
        return self._write("vton-lookbook", ".zip", book.archive())

    def rgba(self, rgba_u8: np.ndarray) -> str:
        """Writes a cut-out, [H, W, 4], uint8, as PNG."""
        return self._write("cutout", ".png", png_bytes(rgba_u8))

    def page_image(self, image: Image.Image, stem: str) -> str:
        """Writes a picture that is part of the page (a skeleton, a card) and stays as long as it runs."""
        path = self.page_folder / f"{stem}.png"
        image.save(path)
        return str(path)

    def _write(self, stem: str, suffix: str, content: bytes) -> str:
        """Writes a file for the visit whose event runs.

        Raises:
            InputError: the disk is full.
        """
        path = self._path(stem, suffix)
        try:
            path.write_bytes(content)
        except OSError:
            path.unlink(missing_ok=True)
            raise InputError(NO_ROOM) from None
        self.visits.note(path)
        return str(path)

    def _path(self, stem: str, suffix: str) -> Path:
        return self.folder / f"{stem}-{secrets.token_hex(8)}{suffix}"
