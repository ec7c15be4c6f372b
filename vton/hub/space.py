"""The page as a folder that can be pushed to the Hub as a Space of the CPU kind."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from vton.hub.checkpoints import CARD_NAME, write_atomically
from vton.schema import InputError, quoted

_ROOT = Path(__file__).resolve().parents[2]
_FOLDERS = ("vton", "checkpoints")
_FILES = ("app.py", "LICENSE")
_BANNER, _THUMBNAIL = Path(".github/images/banner.webp"), "thumbnail.webp"
_ID = re.compile(r"[\w.-]{1,96}/[\w.-]{1,96}")
_HEADER = re.compile(r"---\n(.*?)\n---\n", re.DOTALL)
_ATTRIBUTES = "".join(f"*.{ending} filter=lfs diff=lfs merge=lfs -text\n" for ending in ("safetensors", "png", "webp"))
_ABOUT = """
Bring up to six articles of clothing and a pose; get a fashion model who does not exist, wearing them. Or try a garment
on in a photo of yours. Every picture says in its file and its pixels that it is AI-generated. The About tab tells how
it works, what it cannot do, and what becomes of your photos.

Programs ask the endpoints of *Use via API*, and agents the MCP server at `/gradio_api/mcp/`.
"""


def write_space(out: Path, space_id: str, models: Sequence[str] = (), datasets: Sequence[str] = ()) -> Path:
    """Writes all that a Space needs: the page, its weights, what to install, and the metadata that the Hub reads.

    Args:
        out: a new or empty folder.
        space_id: owner/name of the Space, for the address of its preview picture.
        models, datasets: ids on the Hub that the Space's page links to.

    Returns:
        The folder.

    Raises:
        InputError: an id of another form, a folder that holds something or cannot be written, or this program is
            installed without the repository around it.
    """
    for hub_id in (space_id, *models, *datasets):
        if not _ID.fullmatch(hub_id):
            raise InputError(f"{quoted(hub_id)} is no id of the Hub: write owner/name.")
    if not all((_ROOT / name).exists() for name in (*_FILES, *_FOLDERS, CARD_NAME, "requirements.txt")):
        raise InputError("A Space is made of the repository: run this in a copy of it, not in an installed package.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"'{out.name}' is not empty: choose a new folder.")
    try:
        out.mkdir(parents=True, exist_ok=True)
        for folder in _FOLDERS:
            shutil.copytree(_ROOT / folder, out / folder, ignore=shutil.ignore_patterns("__pycache__", "*.pyi"))
        for file in _FILES:
            shutil.copyfile(_ROOT / file, out / file)
        shutil.copyfile(_ROOT / _BANNER, out / _THUMBNAIL)
        shutil.copyfile(_ROOT / "requirements.txt", out / "requirements.txt")
        write_atomically(out / ".gitattributes", _ATTRIBUTES)
        write_atomically(out / CARD_NAME, _card(space_id, models, datasets))
    except OSError as error:
        raise InputError(f"Cannot write '{out.name}' ({error.strerror}): choose another folder.") from None
    return out


def _card(space_id: str, models: Sequence[str], datasets: Sequence[str]) -> str:
    """The README of the Space: the repository's metadata, and what only a Space has."""
    header = _HEADER.match((_ROOT / CARD_NAME).read_text("utf-8"))
    assert header is not None, "README.md begins with metadata"
    lists = [(name, ids) for name, ids in (("models", models), ("datasets", datasets)) if ids]
    lines = [
        header[1],
        "suggested_hardware: cpu-basic",
        "startup_duration_timeout: 30m",
        f"thumbnail: https://huggingface.co/spaces/{space_id}/resolve/main/{_THUMBNAIL}",
        *(f"{name}:\n" + "\n".join(f"  - {one}" for one in ids) for name, ids in lists),
    ]
    return "---\n" + "\n".join(lines) + "\n---\n" + _ABOUT
