"""What the verbs that read photos share: their output files, and a line before a backend is fetched."""

import argparse
import os
import sys
from pathlib import Path

from vton.hub.checkpoints import write_atomically
from vton.readers import AUTO, backend_class
from vton.schema import InputError


def check_file(flag: str, out: str | None, suffix: str) -> None:
    """Makes sure, before any work is done, that a file can be written there.

    Raises:
        InputError: another suffix, a folder, or not writable.
    """
    if out is None:
        return
    path = Path(out)
    if path.suffix.lower() != suffix or path.is_dir():
        raise InputError(f"{flag} '{path.name}' must be a file that ends in {suffix}.")
    nearest = next(folder for folder in path.absolute().parents if folder.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(f"Cannot write to {flag} '{path.name}': choose another folder.")


def write_file(out: str, content: str | bytes) -> None:
    """Writes a file in one step; makes its folder when missing.

    Raises:
        InputError: it cannot be written.
    """
    path = Path(out)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, content)
    except OSError as error:
        raise InputError(f"Cannot write {path.name}: {error.strerror}. Choose another output path.") from None


def add_photo_options(parser: argparse.ArgumentParser, registry: dict[str, str]) -> None:
    """Adds the photo of a person, and which backend of the registry reads it."""
    parser.add_argument("photo", metavar="PHOTO", help="photo of a person")
    choices = [AUTO, *registry]
    parser.add_argument("--backend", choices=choices, default=AUTO, help="default: the best one that is here")


def announce(registry: dict[str, str], backend: str) -> None:
    """Says on stderr what an explicitly named backend is about to fetch, with size and licence."""
    note = "" if backend == AUTO else backend_class(registry, backend).download_note()
    if note:
        print(note, file=sys.stderr, flush=True)
