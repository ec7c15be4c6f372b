"""Named training configurations of the estimators: pose, parser and its teacher, garment-mask."""

from dataclasses import dataclass, replace

from vton.schema import InputError
from vton.schema.label_sets import PARSER_LABELS
from vton.training.optimisation import RunConfig


@dataclass(frozen=True)
class EstimatorConfig(RunConfig):
    """``system`` is a key of `vton.readers.training.recipes.RECIPES`, ``network`` arguments of `PhotoUNet` (of
    `ParserTeacher` for "parser-teacher")."""

    batch_size: int = 16
    lr: float = 2e-3
    weight_decay: float = 0.02
    warmup: int = 1500


_NETWORKS = {
    "pose": {"size_hw": (256, 192), "map_channels": 18, "map_stride": 4, "pooled": 19},
    "parser": {
        "size_hw": (384, 256), "channels": (48, 64, 96, 192, 240), "map_channels": len(PARSER_LABELS), "map_stride": 2,
        "pooled": 1, "attention": True,
    },
    "parser-teacher": {"size_hw": (320, 240), "map_channels": len(PARSER_LABELS)},
    "garment-mask": {
        "size_hw": (256, 256), "channels": (16, 32, 64, 128, 256), "depths": (1, 1, 2, 2), "map_channels": 1,
        "map_stride": 2, "pooled": 8,
    },
}  # fmt: skip
_TINY = {"channels": (8, 8, 16, 16, 16), "depths": (1, 1, 1, 1)}
CONFIG_NAMES = ("default", "half", "tiny")
SYSTEMS = tuple(_NETWORKS)


def named_estimator_config(system: str, name: str = "default") -> EstimatorConfig:
    """The configuration of that name for a system of `SYSTEMS`.

    "half" trains the same network on canvases of half the side: four times as many photos in the same time. A run at
    full size goes on from it with ``--from``.

    Raises:
        InputError: there is none of that name.
    """
    if name not in CONFIG_NAMES:
        raise InputError(f"--config {name} is unknown for {system}: choose one of {', '.join(CONFIG_NAMES)}.")
    config = EstimatorConfig(system, dict(_NETWORKS[system]))
    if system == "parser-teacher":  # starts from features that longer training would forget
        config = replace(config, warmup=600, decay_to=12000)
    if name == "half":
        size_hw = tuple(side // 64 * 32 for side in config.network["size_hw"])
        config = replace(config, network={**config.network, "size_hw": size_hw}, batch_size=32)
    if name == "tiny":
        size_hw = (64, 64) if system == "garment-mask" else (64, 32)
        narrow = {"channels": (8, 8, 8, 8)} if system == "parser-teacher" else _TINY
        config = replace(config, network={**config.network, **narrow, "size_hw": size_hw}, batch_size=4, warmup=8)
    return config
