"""Training configurations of the conditional generator."""

from vton.generation.training.config import named_configs
from vton.schema import ARTICLE_HW
from vton.systems.outfit_gan.system import SYSTEM

CONFIGS = named_configs(
    SYSTEM.name,
    {
        "condition": "spatial", "coverage": True, "article_levels": 2, "wear": True, "reach": True,
        "article_hw": ARTICLE_HW,
    },  # fmt: skip
    {"condition": "vector"},
)
