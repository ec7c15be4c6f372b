"""Files of the Hub: into its cache, and out of it without a network.

What lies in the cache is used as it is: a model stays what it was until somebody asks for another revision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vton.hub.first_use import FIRST_USE
from vton.hub.hub_errors import hub_errors
from vton.schema import InputError


@dataclass(frozen=True)
class PinnedFiles:
    """Files of others on the Hub as they were when this program was written against them.

    Attributes:
        hub_id: owner/name.
        revision: of the repository, 40 hex digits.
        sha256: name in the repository -> 64 hex digits.
        what: the noun of the error messages.
    """

    hub_id: str
    revision: str
    sha256: Mapping[str, str]
    what: str

    def cached(self) -> Path | None:
        """The folder of the cache that holds all files of this revision, None when one lacks; asks no network."""
        return cached(self.hub_id, list(self.sha256), self.revision)

    def fetch(self) -> Path:
        """The folder that holds the files, downloaded unless the cache has them all.

        Raises:
            InputError: as `fetch`, or a file is another one than that which was pinned.
        """
        folder = self.cached() or fetch(self.hub_id, list(self.sha256), self.what, self.revision)
        for name, digest in self.sha256.items():
            if not (folder / name).is_file() or sha256_of(folder / name) != digest:
                raise InputError(
                    f"{self.what} '{self.hub_id}' is not what it was: {name} has another sha256; "
                    f"run `hf cache rm model/{self.hub_id}` and try again."
                )
        return folder


def cached(hub_id: str, files: list[str], revision: str | None = None) -> Path | None:
    """The folder of the cache that holds all of some files, None when one lacks; asks no network.

    Args:
        revision: commit, branch or tag; None is the one that was fetched as the newest.
    """
    with FIRST_USE:
        from huggingface_hub import try_to_load_from_cache

    found = [try_to_load_from_cache(hub_id, file, revision=revision) for file in files]
    here = [Path(path) for path in found if isinstance(path, str)]
    return here[0].parent if len(here) == len(files) else None


def fetch(
    hub_id: str, files: list[str], what: str = "Checkpoint", revision: str | None = None, anew: bool = False
) -> Path:
    """Downloads files of a model repository into the cache; what an earlier try left of a file is gone on with.

    Args:
        hub_id: owner/name.
        files: names in the repository; those it lacks are left out.
        what: the noun of the error messages.
        revision: commit, branch or tag; None is the newest one.
        anew: also what the cache has already; each file is replaced when the new one is whole.

    Returns:
        The folder of the cache that holds them.

    Raises:
        InputError: as `hub_errors`.
    """
    with FIRST_USE:
        from huggingface_hub import snapshot_download

    with hub_errors(hub_id, what, revision):
        return Path(snapshot_download(hub_id, revision=revision, allow_patterns=files, force_download=anew))


def sha256_of(file: Path) -> str:
    """64 hex digits."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
