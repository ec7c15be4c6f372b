"""Which files the assets must hold: a table of SHA-256 sums, checked before anything is read."""

import json
from pathlib import Path

from vton.hub.fetching import sha256_of
from vton.schema import InputError

MANIFEST = Path(__file__).with_name("manifest.json")
DIGITS = 20


def verify(folder: Path, manifest: Path = MANIFEST) -> None:
    """Checks every file of the manifest.

    Args:
        folder: holds the folders ``makehuman`` and ``portraits``.
        manifest: the table, file name to digits.

    Raises:
        InputError: the first file that is missing or differs.
    """
    for name, expected in json.loads(manifest.read_text()).items():
        try:
            found = digest(folder / name)
        except OSError:
            raise InputError(f"--assets lacks {name}: give the folder that holds makehuman and portraits; "
                             "docs/studio.md says where they come from.") from None  # fmt: skip
        if found != expected:
            raise InputError(f"--assets: {name} is cut short or of another version (its SHA-256 begins with "
                             f"{found[:8]}, not {expected[:8]}): copy it again.")  # fmt: skip


def digest(path: Path) -> str:
    """The first digits of a file's SHA-256."""
    return sha256_of(path)[:DIGITS]
