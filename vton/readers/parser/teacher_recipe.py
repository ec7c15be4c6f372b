"""Training of the parser's teacher: the parser's data and losses, more real photos, and features to start from."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from safetensors.torch import load_file

from vton.readers.parser.recipe import ParserRecipe
from vton.readers.parser.teacher import ParserTeacher
from vton.readers.training.configs import EstimatorConfig
from vton.schema import InputError

REAL, NOBODY = 0.8, 0.04  # shares, see `SampleMix`; the rest are studio persons


class TeacherRecipe(ParserRecipe):
    """See `EstimatorRecipe`.

    Args:
        features: EfficientNet-Lite0's weights (safetensors, the TensorFlow release's names).

    Raises:
        InputError: they are missing or others.
    """

    system = "parser-teacher"

    def __init__(self, config: EstimatorConfig, data: Sequence[str | Path], features: str | Path | None = None):
        super().__init__(config, data)
        self.sampler.mix = replace(self.sampler.mix, real=REAL, nobody=NOBODY)
        if features is None:
            raise InputError("parser-teacher needs --features FILE (EfficientNet-Lite0 safetensors).")
        self.features = Path(features)

    def network(self) -> ParserTeacher:
        """A fresh network on pretrained features."""
        network = ParserTeacher(**self.config.network)
        try:
            network.features.read(load_file(str(self.features)))
        except (OSError, KeyError, RuntimeError) as error:
            raise InputError(f"'{self.features.name}' does not hold EfficientNet-Lite0's weights ({error}).") from None
        return network
