"""A training run of TryOnGAN, as the command line starts it."""

from pathlib import Path

from vton.data.persons.pack import PersonPack
from vton.generation.training.run import lpips_of
from vton.schema import InputError, System
from vton.systems.tryongan.config import TryOnGANConfig
from vton.systems.tryongan.training.recipe import TryOnGANRecipe
from vton.systems.tryongan.training.trainer import TryOnGANTrainer
from vton.training.run_options import RunOptions


class TryOnGANRun:
    """The data and the recipe of a run.

    Raises:
        InputError: a pack that cannot be read, options that are for other systems, or weights that are not given.
    """

    def __init__(self, system: System, config: TryOnGANConfig, options: RunOptions) -> None:
        if options.parts_from:
            raise InputError(f"{system.name} is one network: give --from instead of --part-from.")
        self.config, self.options = config, options
        self.packs = [PersonPack(folder) for folder in options.data]
        self.recipe = TryOnGANRecipe(config, lpips_of(config.lpips, options))

    def facts(self) -> str:
        """Sizes of the network and of the data, in one line."""
        network = self.recipe.network()
        size = sum(p.numel() for p in network.parameters())
        encoder = sum(p.numel() for p in network.encoder.parameters())
        photos = sum(len(pack.indices(False, parsed=True)) for pack in self.packs)
        return (
            f"{size:,} parameters, {encoder:,} of them the encoder's, {network.num_ws} style layers; "
            f"{photos} photos to train on"
        )

    def trainer(self, out: Path, seed: int) -> TryOnGANTrainer:
        """The trainer in its run folder; raises as `TryOnGANTrainer`."""
        return TryOnGANTrainer(self.recipe, self.packs, out, seed, self.options.initial)
