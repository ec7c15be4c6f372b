"""Named training configurations of the generator of heads."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from vton.generation.head_training.batches import HeadAugmentation
from vton.schema import InputError


@dataclass(frozen=True)
class InsetConfig:
    """Everything that decides a run, but for the data and its time.

    Attributes:
        network: arguments of `HeadInset`; batch_size: over all processes.
        lr, lr_discriminator: of Adam; decay_from, decay_to: images between which both fall linearly to a twentieth.
        l1, lpips, parsing, kl: weights of the supervised losses; adversarial: of the projected discriminator's.
        prior_share: share of the batch whose latent is drawn instead of read; those are judged by the adversary, and
            by the other losses only where a head's own pixels say nothing of the person.
        ema_images: images in which the averaged weights forget half, at most a twentieth of the images seen.
        precision: of the networks.
    """

    system: str = "head-inset"
    network: dict[str, Any] = field(default_factory=dict)
    batch_size: int = 16
    lr: float = 2e-3
    lr_discriminator: float = 4e-4
    decay_from: int = 0
    decay_to: int = 0
    l1: float = 4.0
    lpips: float = 3.0
    parsing: float = 0.5
    kl: float = 2e-3
    adversarial: float = 0.2
    prior_share: float = 0.4
    ema_images: int = 10_000
    precision: str = "auto"
    augmentation: HeadAugmentation = field(default_factory=HeadAugmentation)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form."""
        return asdict(self)


_CONFIGS = {
    "default": InsetConfig(),
    "tiny": InsetConfig(network={"size": 32, "coarse_size": 16, "z_dim": 8, "w_dim": 16, "channels": (4, 8)},
                        batch_size=4, lpips=0.0),
}
CONFIG_NAMES = tuple(_CONFIGS)


def named_inset_config(name: str) -> InsetConfig:
    """The configuration of that name.

    Raises:
        InputError: there is none.
    """
    if name not in _CONFIGS:
        raise InputError(f"--config {name} is unknown for head-inset: choose one of {', '.join(_CONFIGS)}.")
    return replace(_CONFIGS[name])
