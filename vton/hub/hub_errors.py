"""What goes wrong between this machine and the Hub, each in one sentence that says what to do."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import Any

from vton.hub.first_use import FIRST_USE
from vton.schema import InputError

_STATUS = {
    401: "The Hub does not accept your token for '{id}': log in anew with `hf auth login`, or unset HF_TOKEN.",
    403: "Your account may not do this with '{id}' on the Hub: ask its owner, or use another id.",
    429: "The Hub has had too many requests from here for '{id}': try again in some minutes.",
}
_OTHER_STATUS = "The Hub is out of order for '{id}' (HTTP status {status}): try again later."
_AWAY = "The Hub cannot be reached for '{id}': download it once while online, or give a local folder."
_NO_HUB = (
    "What answers instead of the Hub for '{id}' is none: log in to your network (is this a hotel's or a train's?), "
    "or correct HF_ENDPOINT."
)
_CUT_SHORT = "{what} '{id}' did not arrive whole from the Hub: try again, the rest is fetched then."
_DISK = "The cache of the Hub cannot be written ({reason}): make room, or set HF_HOME to another folder."


@contextlib.contextmanager
def hub_errors(hub_id: str, what: str = "Checkpoint", revision: str | None = None) -> Iterator[None]:
    """Around calls of the Hub's client: what it raises becomes one sentence, and no answer is waited for without end.

    Args:
        hub_id: owner/name; what: the noun of the sentences; revision: that was asked for, if any.

    Raises:
        InputError: the Hub cannot be reached or is none, does not have the repository or the revision, does not let us
            in, or sends less than it says; or the disk is full.
    """
    with FIRST_USE:
        import httpx2
        from huggingface_hub import errors

    _wait_no_longer()
    try:
        yield
    except errors.HFValidationError:
        raise InputError(f"'{hub_id}' is no id of the Hub: write owner/name.") from None
    except errors.RevisionNotFoundError:
        raise InputError(f"{what} '{hub_id}' has no revision '{revision}' on the Hub: check it.") from None
    except errors.RepositoryNotFoundError as error:
        gated = isinstance(error, errors.GatedRepoError)
        reason = "asks for access" if gated else "is not on the Hub, or is private"
        raise InputError(f"{what} '{hub_id}' {reason}: check the id, or log in with `hf auth login`.") from None
    except errors.HfHubHTTPError as error:
        raise InputError(_of_status(error, hub_id)) from None
    except errors.LocalEntryNotFoundError as error:  # the client looked into its cache instead
        cause = error.__cause__
        known = isinstance(cause, errors.HfHubHTTPError)
        raise InputError(_of_status(cause, hub_id) if known else _AWAY.format(id=hub_id)) from None
    except (errors.OfflineModeIsEnabled, httpx2.TransportError):
        raise InputError(_AWAY.format(id=hub_id)) from None
    except errors.LocalTokenNotFoundError:
        raise InputError(_STATUS[401].format(id=hub_id)) from None
    except OSError as error:
        text = _CUT_SHORT if error.errno is None else _DISK
        reason = os.strerror(error.errno or 0).lower()
        raise InputError(text.format(what=what, id=hub_id, reason=reason)) from None
    except ValueError:  # no JSON
        raise InputError(_NO_HUB.format(id=hub_id)) from None


def _of_status(error: Any, hub_id: str) -> str:
    status: int = getattr(error.response, "status_code", 0)
    return _STATUS.get(status, _OTHER_STATUS).format(id=hub_id, status=status or "unknown")


def _wait_no_longer() -> None:
    """Bounds how long the client waits for bytes of an answer; by itself it would wait for lists without end."""
    with FIRST_USE:
        from huggingface_hub.utils import get_session

    hooks = get_session().event_hooks["request"]
    if _bound not in hooks:
        hooks.append(_bound)


def _bound(request: Any) -> None:
    from huggingface_hub import constants

    if request.method in ("GET", "HEAD"):  # the Hub may think long about what is sent to it
        seconds = constants.HF_HUB_DOWNLOAD_TIMEOUT
        given = request.extensions.get("timeout", {})
        bounds = {kind: given.get(kind) or seconds for kind in ("connect", "read", "pool")}
        request.extensions = {**request.extensions, "timeout": {**given, **bounds}}
