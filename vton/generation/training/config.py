"""Training configurations of the generators: what decides a run, and the two families of them by size."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from vton.generation.training.batches import Augmentation


@dataclass(frozen=True)
class TrainConfig:
    """Everything that decides a run, but for the data and the time it gets.

    Attributes:
        system: its name; generator: arguments of `StyleGAN2Generator`.
        discriminator: "projected" (frozen EfficientNet-Lite0, hinge) or "residual" (the paper's, logistic, R1).
        batch_size: over all processes; betas, lr, lr_discriminator: of Adam.
        decay_from, decay_to: images between which both learning rates fall linearly to a twentieth.
        adversarial: weight of the adversarial loss; adversarial_from: images after which it sets in.
        l1, lpips, parsing, correspondence, coverage, reach, kl: weights of the supervised losses; 0 leaves one out. l1,
            lpips and kl need the appearance encoder, which is trained when kl > 0.
        lpips_share, adversarial_share: share of each batch that LPIPS, and the adversary, look at.
        head: weight of the enlarged head, in LPIPS against the photo and in a discriminator of its own, relative to the
            whole picture's (projected discriminator only).
        prior_share: share of the batch whose z comes from the prior instead of the appearance encoder.
        style_mixing: probability of mixing two latents (prior samples only).
        noise: "random" noise inputs as in StyleGAN2, or "none": supervised by the photo they only become grain.
        r1_gamma, r1_every: lazy R1 regularisation of the residual discriminator.
        ema_images: images in which the averaged weights forget half, at most a twentieth of the images seen.
        precision: of the networks, one of `PRECISIONS`.
    """

    system: str
    generator: dict[str, Any]
    discriminator: str = "projected"
    batch_size: int = 16
    lr: float = 2e-3
    lr_discriminator: float = 3e-4
    betas: tuple[float, float] = (0.5, 0.99)
    decay_from: int = 0
    decay_to: int = 0
    adversarial: float = 0.1
    adversarial_from: int = 0
    adversarial_share: float = 1.0
    l1: float = 10.0
    lpips: float = 3.0
    lpips_share: float = 1.0
    parsing: float = 1.0
    correspondence: float = 0.2
    coverage: float = 0.5
    reach: float = 0.5
    kl: float = 1e-3
    head: float = 0.0
    prior_share: float = 0.5
    style_mixing: float = 0.3
    noise: str = "none"
    r1_gamma: float = 0.0
    r1_every: int = 16
    ema_images: int = 10_000
    precision: str = "auto"
    augmentation: Augmentation = field(default_factory=Augmentation)

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form."""
        return asdict(self)

    @property
    def supervised(self) -> bool:
        """Whether the appearance encoder and the losses against the true photo are used."""
        return self.kl > 0


_BUNDLED = {"z_dim": 64, "mapping_layers": 4, "mapping_lr_mult": 0.1, "channel_base": 6144}
_TRIAL = {"z_dim": 16, "w_dim": 32, "embedding_dim": 32, "mapping_layers": 2, "channel_base": 512, "channel_max": 16,
          "token_channels": 8, "pose_channels": 8, "article_hw": (64, 48)}
# The paper's recipe: one embedding vector, residual discriminator, non-saturating loss, lazy R1, style mixing 0.9.
_PAPER = {"discriminator": "residual", "betas": (0.0, 0.99), "lr_discriminator": 2e-3, "adversarial": 1.0, "l1": 0.0,
          "lpips": 0.0, "parsing": 0.0, "correspondence": 0.0, "coverage": 0.0, "reach": 0.0, "kl": 0.0,
          "prior_share": 1.0, "style_mixing": 0.9, "noise": "random"}
_BUNDLED_STEPS = {
    "64x48": {"batch_size": 16, "lr": 6e-3, "adversarial": 0.0},
    "128x96": {"batch_size": 8, "lr": 6e-3},
    "256x192": {"batch_size": 6, "lr": 4e-3, "head": 0.5},
    "512x384": {"batch_size": 8, "lr": 1e-3, "head": 0.5},
    "1024x768": {"batch_size": 4, "lr": 1e-3, "head": 0.5},
}
# R1's gamma follows StyleGAN2-ADA's rule, 0.0002 * pixels / batch.
_PAPER_STEPS = {
    "64x48": {"batch_size": 32, "r1_gamma": 0.02},
    "128x96": {"batch_size": 32, "r1_gamma": 0.08},
    "256x192": {"batch_size": 32, "r1_gamma": 0.31},
    "512x384": {"batch_size": 32, "r1_gamma": 1.2},
    "1024x768": {"batch_size": 32, "r1_gamma": 4.9},
}


def named_configs(
    system: str, generator: Mapping[str, Any], paper: Mapping[str, Any], **changes: Any
) -> dict[str, TrainConfig]:
    """The configurations of a system: by size, "paper-" and a size for the paper's recipe, and "tiny" for a trial.

    Args:
        generator, paper: arguments of the generator that are the system's own, and those of the paper's.
        changes: other values of all configurations but the paper's.
    """
    own = {}
    for name, steps in _BUNDLED_STEPS.items():
        network = {**_BUNDLED, **_size(name), **generator}
        own[name] = TrainConfig(system, network, **{**steps, **changes})
    for name, steps in _PAPER_STEPS.items():
        network = {**_size(name), "channel_base": 32768, "channel_max": 512, **paper}
        own[f"paper-{name}"] = TrainConfig(system, network, **{**_PAPER, **steps})
    small = own["64x48"]
    own["tiny"] = replace(small, generator={**small.generator, **_TRIAL}, batch_size=4, lpips=0.0)
    return own


def _size(name: str) -> dict[str, Any]:
    height = int(name.split("x")[0])
    return {"size_hw": (height, height * 3 // 4)}
