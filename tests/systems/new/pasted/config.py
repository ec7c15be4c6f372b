"""Training configurations."""

from dataclasses import dataclass

from vton.systems.pasted.system import SYSTEM

from vton.tryon.training.config import TryOnConfig, named_configs


@dataclass(frozen=True)
class PastedConfig(TryOnConfig):
    """``blend``: weight of the part's loss; 0 freezes it."""

    blend: float = 1.0


CONFIGS = named_configs(PastedConfig(SYSTEM.name, perceptual=0.0), {"width": 64}, SYSTEM.tiny)
