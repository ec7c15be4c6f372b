"""Training configurations of the try-on of outfits, by size."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from vton.systems.outfit_tryon.system import SYSTEM


@dataclass(frozen=True)
class OutfitTryOnConfig:
    """Everything that decides a run, but for the data and the time it gets.

    Attributes:
        system: its name; network: arguments of `OutfitTryOn`.
        batch_size: over all processes; betas, lr: of Adam.
        decay_from, decay_to: images between which the learning rate falls linearly to a twentieth.
        l1, lpips, parsing, correspondence, coverage, reach: weights of the losses; 0 leaves one out.
        lpips_share: share of each batch that LPIPS looks at.
        real: share of samples that are pairs, where there are outfits too.
        whole: share of samples whose person changes everything that is worn.
        foreign: share of samples in which the outline of somebody else's clothes is erased as well.
        grown: pixels of 256 rows by which what is erased is grown at most.
        told: share of samples of which it is known whether an accessory is a hat or a bag, so that less is erased.
        streets: share of drawn photos whose person is put before a real street or a plain wall.
        mistaken: share of parsings with the mistakes of a small network.
        recolour, drop_joint, pose_jitter, shift: see `Augmentation`.
        ema_images: images in which the averaged weights forget half, at most a twentieth of the images seen.
        workers: threads that make batches.
        precision: of the networks, see `vton.training.processor`.
    """

    system: str = SYSTEM.name
    network: dict[str, Any] = field(default_factory=dict)
    batch_size: int = 6
    lr: float = 3e-3
    betas: tuple[float, float] = (0.5, 0.99)
    decay_from: int = 0
    decay_to: int = 0
    l1: float = 10.0
    lpips: float = 3.0
    lpips_share: float = 0.5
    parsing: float = 1.0
    correspondence: float = 0.2
    coverage: float = 0.5
    reach: float = 0.5
    real: float = 0.3
    whole: float = 0.35
    foreign: float = 0.6
    grown: int = 9
    told: float = 0.9
    streets: float = 0.5
    mistaken: float = 0.5
    recolour: float = 0.6
    drop_joint: float = 0.03
    pose_jitter: float = 0.004
    shift: float = 0.05
    ema_images: int = 10_000
    workers: int = 1
    precision: str = "auto"

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form."""
        return asdict(self)


def _sized(height: int, **steps: Any) -> OutfitTryOnConfig:
    return OutfitTryOnConfig(network={"size_hw": (height, height * 3 // 4), "reach": True}, **steps)


CONFIGS = {
    "128x96": _sized(128, batch_size=8, lr=4e-3),
    "256x192": _sized(256),
    "tiny": _sized(64, batch_size=4, lr=6e-3, lpips=0.0),
}
CONFIGS["tiny"] = replace(CONFIGS["tiny"], network={**SYSTEM.tiny, **CONFIGS["tiny"].network})
