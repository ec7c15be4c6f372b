"""What the training configurations of the try-on systems have in common."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from vton.training.optimisation import RunConfig


@dataclass(frozen=True)
class TryOnConfig(RunConfig):
    """What the configurations of all try-on systems have.

    Attributes:
        perceptual: weight of the perceptual loss; perceptual_crop: side of its crops, in pixels.
        perceptual_count: samples of a process's batch that it compares; 0 means all.
        adversarial: weight of the adversarial loss; adversarial_from: images after which it sets in.
        lr_discriminator: rate of the discriminators, at most; it rises and falls as the other does.
        longer, wider: shares of samples whose old garment hid more than the new one does, see `PairAugmentation`. Who
            draws needs many; a warp finds the garment's place by the old outline and is misled by them.
    """

    perceptual: float = 1.0
    perceptual_crop: int = 128
    perceptual_count: int = 0
    adversarial: float = 0.0
    adversarial_from: int = 0
    lr_discriminator: float = 2e-4
    longer: float = 0.4
    wider: float = 0.5


Config = TypeVar("Config", bound=TryOnConfig)
_TRIAL = {"batch_size": 4, "warmup": 8, "perceptual": 0.0, "adversarial": 0.0, "perceptual_crop": 64}


def named_configs(default: Config, paper: Mapping[str, Any], tiny: Mapping[str, Any]) -> dict[str, Config]:
    """The configurations of a system by name: "default", "paper" with the paper's widths, and "tiny" for a trial.

    Args:
        paper, tiny: arguments of the network.
    """
    return {
        "default": default,
        "paper": replace(default, network=dict(paper)),
        "tiny": replace(default, network=dict(tiny), **_TRIAL),
    }
