"""Files the page hands out, in one temporary folder that is purged: PNGs with recipe, cut-out articles."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
import time
import uuid
import weakref
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from vton.conditioning.image_io import write_png
from vton.pipelines.lookbook import Lookbook
from vton.schema import Article

KEEP_SECONDS = 4 * 3600
CUTOUT_SUFFIX = ".article.webp"


class Outbox:
    """A private temporary folder; every file gets a name of its own, so that requests never share one."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vton-"))
        self.page_folder = self.folder / "page"
        self.page_folder.mkdir()
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)  # at the latest at exit

    def picture(self, generated: Any) -> str:
        """Writes a generated picture as PNG with its recipe and returns the path."""
        kind = "mix" if generated.recipe.mix else f"seed{generated.recipe.seed}"
        path = self._new(f"vton-{kind}", ".png")
        write_png(path, generated.image_u8, generated.recipe)
        return str(path)

    def keep(self, picture: str) -> str:
        """Copies a PNG that already carries its recipe."""
        path = self._new("vton-restored", ".png")
        shutil.copyfile(picture, path)
        return str(path)

    def cutout(self, article: Article) -> str:
        """Writes an article as the RGBA WebP that recipes store. The suffix tells it from a photo."""
        path = self._new(article.slot, CUTOUT_SUFFIX)
        path.write_bytes(article.to_webp())
        return str(path)

    def photo(self, image_u8: np.ndarray, stem: str = "pose") -> str:
        """Writes a picture to look at, [H, W, 3], uint8 RGB, as JPEG: a photo with its skeleton, a step of a try-on."""
        path = self._new(stem, ".jpg")
        Image.fromarray(image_u8).save(path, quality=88)
        return str(path)

    def tried_on(self, result: Any) -> str:
        """Writes a try-on as PNG of the photo's size with its recipe and returns the path."""
        path = self._new(f"vton-{result.recipe.system}-{result.slot}", ".png")
        result.save(path)
        return str(path)

    def archive(self, book: Lookbook) -> str:
        """Writes a lookbook as ZIP and returns the path."""
        path = self._new("vton-lookbook", ".zip")
        path.write_bytes(book.archive())
        return str(path)

    def rgba(self, rgba_u8: np.ndarray) -> str:
        """Writes a cut-out, [H, W, 4], uint8, as PNG."""
        return str(write_png(self._new("cutout", ".png"), rgba_u8))

    def page_image(self, image: Image.Image, stem: str) -> str:
        """Writes a picture that is part of the page (a skeleton, a card) and stays as long as it runs."""
        path = self.page_folder / f"{stem}.png"
        image.save(path)
        return str(path)

    def sweep_regularly(self, every_seconds: float = 600) -> None:
        """Deletes old files in the background, also when nobody visits."""

        def work() -> None:
            while self.folder.is_dir():
                self.sweep()
                time.sleep(every_seconds)

        threading.Thread(target=work, name="sweep", daemon=True).start()

    def sweep(self) -> None:
        """Deletes what is older than ``KEEP_SECONDS``, except parts of the page."""
        limit = time.time() - KEEP_SECONDS
        for path in self.folder.glob("*.*"):
            with contextlib.suppress(OSError):  # another request may be deleting it too
                if path.is_file() and path.stat().st_mtime < limit:
                    path.unlink()

    def _new(self, stem: str, suffix: str) -> Path:
        return self.folder / f"{stem}-{uuid.uuid4().hex[:8]}{suffix}"
