"""Checkpoint folders: where they are, whether they are whole, what is in them.

A checkpoint folder holds ``config.json``, ``diffusion_pytorch_model.safetensors`` and ``manifest.json``,
which maps the name of each of the other two to its sha256. The manifest is what notices a flipped byte:
safetensors itself has no checksum. ``README.md`` (the model card), ``lineage.json`` (`vton.hub.lineage`) and pictures
in ``samples`` may be there too; the manifest does not list them.
"""

import json
import math
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from vton.hub.fetching import cached, fetch, sha256_of
from vton.hub.first_use import FIRST_USE
from vton.hub.hub_errors import hub_errors
from vton.schema import InputError, SizeHW, as_size

CONFIG_NAME = "config.json"
WEIGHTS_NAME = "diffusion_pytorch_model.safetensors"
MANIFEST_NAME = "manifest.json"
CARD_NAME = "README.md"
LINEAGE_NAME = "lineage.json"
SAMPLES = "samples"
_INSTALLED, _IN_THE_REPOSITORY = (Path(__file__).resolve().parents[up] / "checkpoints" for up in (1, 2))
BUNDLED_ROOT = _INSTALLED if _INSTALLED.is_dir() else _IN_THE_REPOSITORY

_HUB_ID = re.compile(r"([A-Za-z0-9][\w.-]{0,95}/[\w.-]{1,96})(?:@([\w.-]{1,100}))?")
_FILE_NAME = re.compile(r"\w[\w.-]{0,99}")  # no path, and nothing that breaks a message
_MAX_HEADER_BYTES = 100_000_000


@dataclass(frozen=True)
class CheckpointFacts:
    """What ``python -m vton systems`` prints of a checkpoint, read without loading it.

    ``size_hw`` is (0, 0) when the config does not tell.
    """

    size_hw: SizeHW
    parameters: int
    megabytes: float
    revision: str


def bundled_names(root: Path | None = None) -> list[str]:
    """Names of the checkpoints that came with the repository."""
    root = BUNDLED_ROOT if root is None else root
    return sorted(folder.parent.name for folder in root.glob(f"*/{CONFIG_NAME}"))


def find_checkpoint(name_or_path: str | os.PathLike, root: Path | None = None) -> Path:
    """Find a checkpoint by the name of a bundled one, by its folder, or by its Hub id (then downloaded and verified).

    A Hub id may name the commit to take, ``owner/name@commit``; without one it is the newest at the first download.

    Raises:
        InputError: there is none, the Hub cannot be reached or does not have it, or what it gave does not verify.
    """
    text = os.fspath(name_or_path)
    root = BUNDLED_ROOT if root is None else root
    if re.fullmatch(r"[\w.-]+", text) and (root / text / CONFIG_NAME).is_file():
        return root / text
    folder = Path(text).expanduser()
    if text and folder.is_dir():
        if not (folder / CONFIG_NAME).is_file():
            raise InputError(
                f"No checkpoint in folder '{folder.name}': it has no {CONFIG_NAME}; give another folder."
            )
        return folder
    hub_id = _HUB_ID.fullmatch(text)
    if isinstance(name_or_path, str) and hub_id:
        return _download(*hub_id.groups())
    known = ", ".join(bundled_names(root)) or "none"
    raise InputError(
        f"Checkpoint '{folder.name}' not found: "
        f"give a folder, a Hub id (owner/name or owner/name@commit) or a bundled name ({known})."
    )


def _download(hub_id: str, commit: str | None) -> Path:
    """A verified checkpoint of the Hub in its cache: fetched when it is not there yet, once more when it is damaged."""
    files = [CONFIG_NAME, WEIGHTS_NAME, MANIFEST_NAME]
    wanted = [*files, CARD_NAME, LINEAGE_NAME]
    folder = cached(hub_id, files, commit) or fetch(hub_id, wanted, revision=commit)
    if not (folder / CONFIG_NAME).is_file():
        raise InputError(f"'{hub_id}' holds no vton checkpoint: it has no {CONFIG_NAME}; check the id.")
    try:
        verify(folder, hub_id)
    except InputError:  # a byte has changed on its way, or since on the disk
        folder = fetch(hub_id, wanted, revision=commit, anew=True)
        verify(folder, hub_id)
    return folder


def pull(hub_id: str, to: Path | None = None) -> Path:
    """Fetches a checkpoint of the Hub, ``owner/name`` or ``owner/name@commit``, and verifies it.

    Args:
        to: a folder to copy it to, which then holds this checkpoint alone: it appears, or takes the place of another
            checkpoint, when the copy is whole. None leaves it in the Hub's cache.

    Returns:
        Where it is.

    Raises:
        InputError: no such id, an error of the Hub, or ``to`` cannot be written or holds something else.
    """
    found = _HUB_ID.fullmatch(hub_id)
    if not found:
        raise InputError(f"'{hub_id[:100]}' is no id of the Hub: write owner/name or owner/name@commit.")
    if to is not None and to.exists() and not (to / CONFIG_NAME).is_file() and (not to.is_dir() or any(to.iterdir())):
        raise InputError(f"'{to.name}' holds something else than a checkpoint: choose another folder.")
    folder = _download(*found.groups())
    if to is None:
        return folder
    try:
        to.absolute().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=to.absolute().parent, prefix=f".{to.name}.") as beside:
            copy, before = Path(beside, "new"), Path(beside, "before")
            shutil.copytree(folder, copy)  # of what links in the cache lead to
            verify(copy)
            if to.exists():
                os.replace(to, before)
            os.replace(copy, to)
    except OSError as error:
        raise InputError(f"Cannot write '{to.name}' ({error.strerror}): choose another folder.") from None
    return to


def verify(folder: Path, called: str | None = None) -> None:
    """Compare every file that the manifest lists with its sha256.

    Args:
        called: what the messages call it; by default the folder's name.

    Raises:
        InputError: no or an unreadable manifest, a file that is missing, or one that differs.
    """
    folder = Path(folder)
    called = called or folder.name
    for name, digest in _read_manifest(folder, called).items():
        file = folder / name
        if not file.is_file():
            raise InputError(f"Checkpoint '{called}' is incomplete: {name} is missing; fetch it again.")
        if sha256_of(file) != digest:
            raise InputError(f"Checkpoint '{called}' is corrupt: {name} differs from its manifest; fetch it again.")


def _read_manifest(folder: Path, called: str) -> dict[str, str]:
    """File name -> sha256, holding at least the config and the weights."""
    file = folder / MANIFEST_NAME
    if not file.is_file():
        raise InputError(
            f"Checkpoint '{called}' has no {MANIFEST_NAME}: fetch it again, "
            "or write one with vton.hub.write_manifest."
        )
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = {}
    well_formed = isinstance(manifest, dict) and all(
        _FILE_NAME.fullmatch(name) and isinstance(digest, str) for name, digest in manifest.items()
    )
    if not well_formed or not {CONFIG_NAME, WEIGHTS_NAME} <= set(manifest):
        raise InputError(f"Checkpoint '{called}' has a broken {MANIFEST_NAME}: fetch it again.")
    return manifest


def write_manifest(folder: Path) -> Path:
    """Write the sha256 of the config and of the weights next to them; returns the manifest's path."""
    folder = Path(folder)
    digests = {name: sha256_of(folder / name) for name in (CONFIG_NAME, WEIGHTS_NAME)}
    write_atomically(folder / MANIFEST_NAME, json.dumps(digests, indent=2) + "\n")
    return folder / MANIFEST_NAME


def revision(folder: Path) -> str:
    """First 12 hex digits of the weights' sha256: what a recipe keeps to name the exact weights.

    Raises:
        InputError: the folder has no weights.
    """
    return sha256_of(_weights_of(Path(folder)))[:12]


def checkpoint_facts(folder: Path) -> CheckpointFacts:
    """Read size, parameter count and revision from the config and the safetensors header alone.

    Raises:
        InputError: either file is missing or broken.
    """
    folder = Path(folder)
    weights = _weights_of(folder)
    try:
        config = json.loads((folder / CONFIG_NAME).read_text(encoding="utf-8"))
        with weights.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            if length > _MAX_HEADER_BYTES:
                raise ValueError(length)
            header = json.loads(file.read(length))
        shapes = [entry["shape"] for key, entry in header.items() if key != "__metadata__"]
        size_hw = as_size(int(side) for side in config.get("size_hw", (0, 0)))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise InputError(f"Checkpoint '{folder.name}' is corrupt: fetch it again.") from None
    parameters = sum(math.prod(shape) for shape in shapes)
    return CheckpointFacts(size_hw, parameters, weights.stat().st_size / 1e6, revision(folder))


def push(folder: Path, repo_id: str, private: bool = False) -> str:
    """Verify a checkpoint folder and upload it, with card and samples, to the Hub; returns the address of the commit.

    Raises:
        InputError: the folder does not verify or has no card, or an error of the Hub.
    """
    with FIRST_USE:
        from huggingface_hub import HfApi

    folder = Path(folder)
    verify(folder)
    if not (folder / CARD_NAME).is_file():
        raise InputError(f"Checkpoint '{folder.name}' has no {CARD_NAME}, its model card: publish it again.")
    files = [CONFIG_NAME, WEIGHTS_NAME, MANIFEST_NAME, CARD_NAME, LINEAGE_NAME, f"{SAMPLES}/*.png"]
    with hub_errors(repo_id, "Repository"):
        api = HfApi()
        api.create_repo(repo_id, private=private, exist_ok=True)
        commit = api.upload_folder(
            repo_id=repo_id,
            folder_path=folder,
            allow_patterns=files,
            commit_message=f"vton checkpoint {revision(folder)}",
        )
    return commit.commit_url


def write_atomically(path: Path, content: str | bytes) -> None:
    """Replace a file in one step, so that a reader never sees half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode() if isinstance(content, str) else content)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _weights_of(folder: Path) -> Path:
    weights = folder / WEIGHTS_NAME
    if not weights.is_file():
        raise InputError(
            f"Checkpoint '{folder.name}' is incomplete: {WEIGHTS_NAME} is missing; fetch it again."
        )
    return weights
