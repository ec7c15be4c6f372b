"""MA-VTON: CP-VTON's warping and a try-on U-Net with channel and spatial attention on every skip.

The thesis that describes it is available in part only: its depth, reduction and loss weights are our choices.
"""

from diffusers.configuration_utils import register_to_config

from vton.schema import SizeHW
from vton.systems.cp_vton.network import CPVTON


class MAVTON(CPVTON):
    """`CPVTON` with `CBAM` on the skips unless ``attention`` is off; arguments as there."""

    @register_to_config
    def __init__(self, width: int = 32, grid: int = 5, deep: int = 6, crop_hw: SizeHW = (128, 96),
                 coarse: bool = True, with_features: bool = True, attention: bool = True, paper: bool = False):
        super().__init__(width, grid, deep, crop_hw, coarse, with_features, attention, paper)
