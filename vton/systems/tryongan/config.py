"""Training configurations of TryOnGAN: ours by size, and the paper's setting."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from vton.systems.tryongan.system import SYSTEM


@dataclass(frozen=True)
class TryOnGANConfig:
    """Everything that decides a run, but for the data and the time it gets.

    Attributes:
        system: its name; network: arguments of `TryOnGAN`.
        batch_size: over all processes; betas, lr, lr_discriminator: of Adam.
        decay_from, decay_to: images between which both learning rates fall linearly to a twentieth.
        l1, lpips, parsing: weights of the losses against the true photo and its labels, for styles that were read from
            a photo of the same person in the same outfit; 0 leaves one out.
        spread: weight of how far the layers' styles of a photo lie from each other.
        other_pose: share of samples whose styles are read from another photo of the same person and outfit, if any.
        prior_share: share of samples whose styles are drawn: nothing but the discriminators judges them.
        adversarial: weight of the adversarial loss; adversarial_from: images after which it sets in.
        judged: share of each batch that the discriminators look at; drawn styles first.
        discriminator_base, discriminator_max: their channels, as the generator's.
        style_mixing: probability of mixing two drawn styles.
        noise: "random" noise inputs as in StyleGAN2, or "none": supervised by a photo they only become grain.
        r1_gamma, r1_every: lazy R1 regularisation of both discriminators.
        recolour: probability that a garment gets other colours, the same in all photos of a sample.
        shift, pose_jitter: of photos and of joints, as shares of the height; drop_joint: probability.
        ema_images: images in which the averaged weights forget half, at most a twentieth of the images seen.
        workers: threads that make batches.
        precision: of the networks, see `vton.training.processor`.
    """

    system: str = SYSTEM.name
    network: dict[str, Any] = field(default_factory=dict)
    batch_size: int = 8
    lr: float = 4e-3
    lr_discriminator: float = 1e-3
    betas: tuple[float, float] = (0.5, 0.99)
    decay_from: int = 0
    decay_to: int = 0
    l1: float = 10.0
    lpips: float = 3.0
    parsing: float = 1.0
    spread: float = 0.02
    other_pose: float = 0.7
    prior_share: float = 0.25
    adversarial: float = 0.2
    adversarial_from: int = 0
    judged: float = 0.5
    discriminator_base: int = 3072
    discriminator_max: int = 128
    style_mixing: float = 0.3
    noise: str = "none"
    r1_gamma: float = 1.0
    r1_every: int = 16
    recolour: float = 0.5
    shift: float = 0.02
    pose_jitter: float = 0.004
    drop_joint: float = 0.02
    ema_images: int = 10_000
    workers: int = 1
    precision: str = "auto"

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form."""
        return asdict(self)

    @property
    def supervised(self) -> bool:
        """Whether any style is read from a photo."""
        return self.prior_share < 1


# Size -> what differs by size. R1's gamma follows StyleGAN2-ADA's rule, 0.0002 * pixels / batch.
_OURS = {
    "64x48": {"batch_size": 16, "lr": 6e-3, "adversarial": 0.0, "prior_share": 0.0},
    "128x96": {"batch_size": 8, "lr": 6e-3, "r1_gamma": 0.3},
    "256x192": {"batch_size": 8, "lr": 4e-3, "r1_gamma": 1.2},
}
# Unpaired photos, no true picture of anything: only the discriminators say what is right.
_PAPER = {
    "l1": 0.0, "lpips": 0.0, "parsing": 0.0, "spread": 0.0, "other_pose": 0.0, "recolour": 0.0, "prior_share": 1.0,
    "adversarial": 1.0, "judged": 1.0, "style_mixing": 0.9, "noise": "random", "batch_size": 32, "lr": 2e-3,
    "lr_discriminator": 2e-3, "betas": (0.0, 0.99), "discriminator_base": 32768, "discriminator_max": 512,
}  # fmt: skip
_PAPER_NETWORK = {"z_dim": 512, "mapping_layers": 8, "mapping_lr_mult": 0.01, "channel_base": 32768, "channel_max": 512}


def _size(name: str) -> dict[str, Any]:
    height = int(name.split("x")[0])
    return {"size_hw": (height, height * 3 // 4)}


CONFIGS = {name: TryOnGANConfig(network=_size(name), **steps) for name, steps in _OURS.items()}
CONFIGS |= {
    f"unpaired-{name}": TryOnGANConfig(network={**_size(name), **_PAPER_NETWORK}, **_PAPER, r1_gamma=gamma)
    for name, gamma in {"64x48": 0.02, "128x96": 0.08, "256x192": 0.31}.items()
}
CONFIGS["tiny"] = replace(
    CONFIGS["64x48"], network=dict(SYSTEM.tiny), batch_size=4, lpips=0.0, discriminator_base=256, discriminator_max=8
)
