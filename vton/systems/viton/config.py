"""Training configurations of VITON."""

from dataclasses import dataclass

from vton.systems.viton.network import VITON
from vton.systems.viton.system import SYSTEM
from vton.tryon.training.config import TryOnConfig, named_configs


@dataclass(frozen=True)
class VITONConfig(TryOnConfig):
    """Of VITON.

    Attributes:
        coarse, refine: weights of the parts' losses; a part of weight 0 is not trained, without ``refine`` not run.
        coarse_mask: of the clothes' mask, L1 and overlap; l1: of the coarse result.
        matched: samples of a process's batch for which shapes are matched and the refinement is trained.
        refine_l1: of the refined result; alpha: reward for showing the garment's pixels; smooth: of alpha's variation.
    """

    coarse: float = 1.0
    refine: float = 1.0
    coarse_mask: float = 1.0
    l1: float = 1.0
    matched: int = 2
    refine_l1: float = 0.2
    alpha: float = 0.1
    smooth: float = 0.2


CONFIGS = named_configs(VITONConfig(SYSTEM.name), VITON.PAPER, SYSTEM.tiny)
