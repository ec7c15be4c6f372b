"""Files of the Hub: into its cache, and out of it without a network.

What lies in the cache is used as it is: a model stays what it was until somebody asks for another revision.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vton.hub.first_use import FIRST_USE
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


def fetch(hub_id: str, files: list[str], what: str = "Checkpoint", revision: str | None = None) -> Path:
    """Downloads files of a model repository into the cache.

    Args:
        hub_id: owner/name.
        files: names in the repository; those it lacks are left out.
        what: the noun of the error messages.
        revision: commit, branch or tag; None is the newest one.

    Returns:
        The folder of the cache that holds them.

    Raises:
        InputError: the Hub cannot be reached, does not have the repository or the revision, or does not let us in.
    """
    with FIRST_USE:
        import httpx2
        from huggingface_hub import errors, snapshot_download

    try:
        return Path(snapshot_download(hub_id, revision=revision, allow_patterns=files))
    except errors.RevisionNotFoundError:
        raise InputError(f"{what} '{hub_id}' has no revision '{revision}' on the Hub: check it.") from None
    except (errors.GatedRepoError, errors.RepositoryNotFoundError) as error:
        gated = isinstance(error, errors.GatedRepoError)
        reason = "asks for access" if gated else "is not on the Hub, or is private"
        raise InputError(f"{what} '{hub_id}' {reason}: check the id, or log in with `hf auth login`.") from None
    except (errors.LocalEntryNotFoundError, errors.OfflineModeIsEnabled, httpx2.TransportError):
        raise InputError(
            f"The Hub cannot be reached for '{hub_id}': download it once while online, or give a local folder."
        ) from None
    except errors.HfHubHTTPError as error:
        status = getattr(error.response, "status_code", "unknown")
        raise InputError(f"The Hub refused '{hub_id}' (HTTP status {status}): try again later.") from None


def sha256_of(file: Path) -> str:
    """64 hex digits."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
