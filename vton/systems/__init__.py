"""The systems users call: one file each, registered here by name and imported only when asked for."""

import importlib
from dataclasses import dataclass
from functools import lru_cache

from vton.hub import bundled_names, find_checkpoint
from vton.hub.first_use import FIRST_USE
from vton.schema import InputError

PIPELINES: dict[str, str] = {
    "outfit-gan": "vton.systems.outfit_gan.pipeline:OutfitGANPipeline",
    "fashion-gan": "vton.systems.fashion_gan.pipeline:FashionGANPipeline",
    "viton": "vton.systems.viton.pipeline:VITONPipeline",
    "cp-vton": "vton.systems.cp_vton.pipeline:CPVTONPipeline",
    "ma-vton": "vton.systems.ma_vton.pipeline:MAVTONPipeline",
    "acgpn": "vton.systems.acgpn.pipeline:ACGPNPipeline",
}


@dataclass(frozen=True)
class SystemInfo:
    """What is known of a system before any weights are read.

    Attributes:
        task: what goes in and what comes out.
        paper: authors, year and where to find it.
        checkpoint: name of the bundled checkpoint, the default one.
        licence: of code and bundled weights.
    """

    task: str
    paper: str
    checkpoint: str
    licence: str = "Apache-2.0"


_YILDIRIM = "Yildirim et al. 2019, arXiv 1908.08847"
TRY_ON = "photo + garment -> photo wearing it"
SYSTEMS: dict[str, SystemInfo] = {
    "outfit-gan": SystemInfo("articles + pose -> dressed model", _YILDIRIM, "outfit-gan-256"),
    "fashion-gan": SystemInfo("seed -> fashion model", _YILDIRIM, "fashion-gan-256"),
    "viton": SystemInfo(TRY_ON, "Han et al. 2018, arXiv 1711.08447", "viton-256"),
    "cp-vton": SystemInfo(TRY_ON, "Wang et al. 2018, arXiv 1807.07688", "cp-vton-256"),
    "ma-vton": SystemInfo(TRY_ON, "MA-VTON, master's thesis on CP-VTON", "ma-vton-256"),
    "acgpn": SystemInfo(TRY_ON, "Yang et al. 2020, arXiv 2003.05863", "acgpn-256"),
}
TRYON_SYSTEMS = tuple(name for name, info in SYSTEMS.items() if info.task == TRY_ON)
GENERATORS = tuple(name for name in SYSTEMS if name not in TRYON_SYSTEMS)


def parse_tryon_systems(text: str) -> list[str]:
    """The names in "A, B,C" as they come, each once; none where there is none.

    Raises:
        InputError: a name that is no try-on system.
    """
    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    for name in names:
        if name not in TRYON_SYSTEMS:
            raise InputError(f"'{name[:40]}' is no try-on system: choose from {', '.join(TRYON_SYSTEMS)}.")
    return names


def has_weights(system: str) -> bool:
    """Whether the system's own checkpoint came with this copy of the program."""
    return SYSTEMS[system].checkpoint in bundled_names()


def get_pipeline(name: str, checkpoint: str | None = None):
    """The pipeline ``name``, loaded once per checkpoint (the bundled one unless another is given).

    Raises:
        InputError: unknown system; missing, corrupt or unfitting checkpoint.
    """
    if name not in PIPELINES:
        raise InputError(f"Unknown system '{name}': choose one of {', '.join(PIPELINES)}.")
    checkpoint = checkpoint or SYSTEMS[name].checkpoint
    find_checkpoint(checkpoint)  # a download takes minutes: not while others wait for the lock
    with FIRST_USE:
        return _load(name, checkpoint)


@lru_cache(maxsize=8)
def _load(name: str, checkpoint: str):
    module, _, attribute = PIPELINES[name].partition(":")
    return getattr(importlib.import_module(module), attribute).from_pretrained(checkpoint)
