"""A training run of the generator of heads, as the command line starts it."""

from pathlib import Path

from vton.data.heads.pack import HeadPack
from vton.generation.head_training.config import InsetConfig
from vton.generation.head_training.trainer import InsetTrainer
from vton.generation.training.run import lpips_of
from vton.networks.head_inset import HeadInset
from vton.schema import InputError
from vton.training.run_options import RunOptions


class HeadRun:
    """The data of a run.

    Raises:
        InputError: not one pack of heads; options that are for other systems.
    """

    def __init__(self, config: InsetConfig, options: RunOptions) -> None:
        if len(options.data) != 1:
            raise InputError(f"{config.system} is trained on one pack: give --data once.")
        if options.parts_from:
            raise InputError(f"{config.system} is one network: give --from instead of --part-from.")
        self.config, self.options, self.data = config, options, HeadPack(options.data[0])

    def facts(self) -> str:
        """Sizes of the network and of the data, in one line."""
        parameters = sum(p.numel() for p in HeadInset(**self.config.network).parameters())
        return f"{parameters:,} parameters; {len(self.data.indices(False))} heads to train on"

    def trainer(self, out: Path, seed: int) -> InsetTrainer:
        """The trainer in its run folder.

        Raises:
            InputError: weights that the configuration needs are not given.
        """
        given = self.options
        lpips = lpips_of(self.config.lpips, given)
        return InsetTrainer(self.config, self.data, out, seed, given.features, lpips, given.initial)
