"""A training run of a try-on system, as the command line starts it."""

from pathlib import Path

from vton.data.pairs.pack import PairPack
from vton.schema import System
from vton.training.run_options import RunOptions
from vton.tryon.training.config import TryOnConfig
from vton.tryon.training.recipe import load_recipe
from vton.tryon.training.trainer import TryOnTrainer


class TryOnRun:
    """The data and the recipe of a run.

    Raises:
        InputError: a pack that cannot be read, or weights that the configuration needs are not given.
    """

    def __init__(self, system: System, config: TryOnConfig, options: RunOptions) -> None:
        self.packs = [PairPack(folder) for folder in options.data]
        self.recipe, self.options = load_recipe(system, config, options.lpips_weights), options
        self.config = config

    def facts(self) -> str:
        """Sizes of the network's parts and of the data, in one line."""
        network = self.recipe.network()
        sizes = {name: sum(p.numel() for p in getattr(network, name).parameters()) for name in self.recipe.parts}
        return (
            f"parameters: {', '.join(f'{name} {size:,}' for name, size in sizes.items())}; "
            f"{sum(len(pack.indices(False)) for pack in self.packs)} pairs"
        )

    def trainer(self, out: Path, seed: int) -> TryOnTrainer:
        """The trainer in its run folder; raises as `TryOnTrainer`."""
        return TryOnTrainer(self.recipe, self.packs, out, seed, self.options.initial, self.options.parts_from)
