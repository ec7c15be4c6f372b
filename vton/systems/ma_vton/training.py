"""Training of MA-VTON: CP-VTON's losses and a 70x70 PatchGAN (arXiv 1611.07004), on the network with attention.

The thesis names the terms (L1, perceptual, mask, adversarial); their weights and when the last sets in are our choice.
"""

from vton.systems.cp_vton.training import CPVTONRecipe
from vton.systems.ma_vton.system import SYSTEM


class MAVTONRecipe(CPVTONRecipe):
    """See `TryOnRecipe`; attention, adversarial and perceptual loss are switches of the configuration."""

    record = SYSTEM
