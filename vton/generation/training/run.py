"""A training run of a generator, as the command line starts it."""

from pathlib import Path

from vton.data.outfits.pack import OutfitPack
from vton.generation.training.config import TrainConfig
from vton.generation.training.trainer import GeneratorTrainer
from vton.metrics.pictures.lpips import LPIPS
from vton.schema import InputError, System
from vton.training.run_options import RunOptions


class GeneratorRun:
    """The data and the recipe of a run.

    Raises:
        InputError: not one pack, or none that can be read; options that are for other systems.
    """

    def __init__(self, system: System, config: TrainConfig, options: RunOptions) -> None:
        if len(options.data) != 1:
            raise InputError(f"{system.name} is trained on one pack: give --data once.")
        if options.parts_from:
            raise InputError(f"{system.name} is one network: give --from instead of --part-from.")
        self.recipe, self.config, self.options = system.load("recipe")(config), config, options
        self.data = OutfitPack(options.data[0])

    def facts(self) -> str:
        """Sizes of the network and of the data, in one line."""
        generator = self.recipe.record.load("network")(**self.config.generator)
        return (
            f"{sum(p.numel() for p in generator.parameters()):,} parameters, {generator.num_ws} style layers; "
            f"{len(self.data.photo_indices(False))} photos to train on"
        )

    def trainer(self, out: Path, seed: int) -> GeneratorTrainer:
        """The trainer in its run folder.

        Raises:
            InputError: weights that the configuration needs are not given.
        """
        given = self.options
        lpips = lpips_of(self.config.lpips, given)
        return GeneratorTrainer(self.recipe, self.data, out, seed, given.features, lpips, given.initial)


def lpips_of(weight: float, options: RunOptions) -> LPIPS | None:
    """LPIPS for a loss of that weight; None for none.

    Raises:
        InputError: it has a weight, and neither a file was given nor is the package there.
    """
    if not weight:
        return None
    if options.lpips_weights:
        return LPIPS.from_file(options.lpips_weights)
    try:
        return LPIPS.from_package("alexnet")
    except ImportError:
        message = "This configuration needs LPIPS: give --lpips-weights FILE, or pip install lpips."
        raise InputError(message) from None
