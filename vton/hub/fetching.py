"""Files of the Hub: into its cache, and out of it without a network."""

from __future__ import annotations

from pathlib import Path

from vton.schema import InputError


def cached(hub_id: str, file: str) -> Path | None:
    """Where a file of the Hub lies in the cache, None when it does not; asks no network."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(hub_id, file)
    return Path(found) if isinstance(found, str) else None


def fetch(hub_id: str, files: list[str], what: str = "Checkpoint") -> Path:
    """Downloads files of a model repository unless the cache has them.

    Args:
        hub_id: owner/name.
        files: names in the repository; those it lacks are left out.
        what: the noun of the error messages.

    Returns:
        The folder of the cache that holds them.

    Raises:
        InputError: the Hub cannot be reached, does not have the repository or does not let us in.
    """
    import httpx2
    from huggingface_hub import errors, snapshot_download

    try:
        return Path(snapshot_download(hub_id, allow_patterns=files))
    except (errors.GatedRepoError, errors.RepositoryNotFoundError, errors.RevisionNotFoundError) as error:
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
