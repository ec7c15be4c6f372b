"""A training run of the try-on of outfits, as the command line starts it."""

from __future__ import annotations

from pathlib import Path

from vton.data.outfits.pack import OutfitPack
from vton.data.pack import kind_of
from vton.data.pairs.pack import PairPack
from vton.generation.training.run import lpips_of
from vton.schema import InputError, System
from vton.systems.outfit_tryon.config import OutfitTryOnConfig
from vton.systems.outfit_tryon.training.recipe import OutfitTryOnRecipe
from vton.systems.outfit_tryon.training.trainer import OutfitTryOnTrainer
from vton.training.run_options import RunOptions


class OutfitTryOnRun:
    """The data and the recipe of a run.

    Raises:
        InputError: a pack that cannot be read, two packs of outfits, options that are for other systems, or weights
            that are not given.
    """

    def __init__(self, system: System, config: OutfitTryOnConfig, options: RunOptions) -> None:
        if options.parts_from:
            raise InputError(f"{system.name} is one network: give --from instead of --part-from.")
        self.config, self.options = config, options
        drawn = [folder for folder in options.data if kind_of(Path(folder)) == OutfitPack.kind]
        if len(drawn) > 1:
            raise InputError(f"{system.name} takes one pack of outfits: pack all shards in one. Pairs may be several.")
        self.outfits = OutfitPack(drawn[0]) if drawn else None
        self.pairs = [PairPack(folder) for folder in options.data if folder not in drawn]
        self.recipe = OutfitTryOnRecipe(config, lpips_of(config.lpips, options))

    def facts(self) -> str:
        """Sizes of the network and of the data, in one line."""
        network = self.recipe.network()
        photos = 0 if self.outfits is None else len(self.outfits.photo_indices(False))
        pairs = sum(len(pack.indices(False)) for pack in self.pairs)
        size, person = (sum(p.numel() for p in part.parameters()) for part in (network, network.person))
        return f"{size:,} parameters, {person:,} of them the reader's of the photo; {photos} photos and {pairs} pairs"

    def trainer(self, out: Path, seed: int) -> OutfitTryOnTrainer:
        """The trainer in its run folder; raises as `OutfitTryOnTrainer`."""
        return OutfitTryOnTrainer(self.recipe, self.outfits, self.pairs, out, seed, self.options.initial)
