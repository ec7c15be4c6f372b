"""Training configurations of MA-VTON: CP-VTON's with attention and an adversarial loss."""

from vton.systems.cp_vton.config import CPVTONConfig
from vton.systems.ma_vton.network import MAVTON
from vton.systems.ma_vton.system import SYSTEM
from vton.tryon.training.config import named_configs

CONFIGS = named_configs(
    CPVTONConfig(SYSTEM.name, attention=1, adversarial=0.1, adversarial_from=10_000), MAVTON.PAPER, SYSTEM.tiny
)
