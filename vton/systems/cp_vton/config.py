"""Training configurations of CP-VTON, and what those of the systems on its network have."""

from dataclasses import dataclass

from vton.systems.cp_vton.network import CPVTON
from vton.systems.cp_vton.system import SYSTEM
from vton.tryon.training.config import TryOnConfig, named_configs


@dataclass(frozen=True)
class CPVTONConfig(TryOnConfig):
    """Of CP-VTON, and of systems on its network.

    Attributes:
        warp, tryon: weights of the parts' losses; a part of weight 0 is not trained. Without ``tryon`` it does not run.
        attention: 1 for attention on the skips, 0 for none.
        warp_mask: of the overlap of warped and worn mask; interval: of the grid interval consistency.
        occluded: how much of the warp's losses counts where something may be in front of the garment.
        l1: of the result in the erased region; mask: of the composition mask against the worn one.
        window: height of the part (3:2) of each picture that ``tryon`` is trained on, a multiple of 192; 0 is all.
    """

    attention: int = 0
    window: int = 0
    warp: float = 1.0
    tryon: float = 1.0
    warp_mask: float = 1.0
    interval: float = 1.0
    occluded: float = 0.3
    l1: float = 1.0
    mask: float = 1.0


CONFIGS = named_configs(CPVTONConfig(SYSTEM.name), CPVTON.PAPER, SYSTEM.tiny)
