"""Training configurations of the unconditional generator: no outfit, so nothing that an outfit would determine."""

from vton.generation.training.config import named_configs
from vton.systems.fashion_gan.system import SYSTEM

CONFIGS = named_configs(
    SYSTEM.name, {"condition": "none"}, {"condition": "none"}, parsing=0.0, correspondence=0.0, coverage=0.0
)
