"""The training loop of the try-on of outfits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch

from vton.data.outfits.pack import OutfitPack
from vton.data.pairs.pack import PairPack
from vton.generation.training.adversarial_trainer import LOG_EVERY, AdversarialTrainer
from vton.generation.training.told_reach import partly_told
from vton.hub.device import channels_last
from vton.provenance import write_made
from vton.schema import DigitalSourceType
from vton.systems.outfit_tryon.training.batches import Batch, HeldOutPhotos, OutfitBatches, collate
from vton.systems.outfit_tryon.training.recipe import OutfitTryOnRecipe
from vton.systems.outfit_tryon.training.sheets import figures_of, training_rows
from vton.training.optimisation import grow_from
from vton.training.state import append_log
from vton.training.timed_trainer import Report

LOOKED_AT, AT_ONCE = 8, 4


class OutfitTryOnTrainer(AdversarialTrainer):
    """Trains the network in one run folder. Nothing is adversarial: every photo says what was erased of it.

    Args:
        recipe: the losses, with the configuration; outfits: a pack, if any; pairs: packs; out: the run folder.
        initial: folder of a run or checkpoint whose matching weights start the run. One of the outfit-conditional
            generator has all but the reader of the photo; what it does not know of starts at zero.

    Raises:
        InputError: the packs have no photo to train on.
    """

    def __init__(self, recipe: OutfitTryOnRecipe, outfits: OutfitPack | None, pairs: Sequence[PairPack], out: Path,
                 seed: int = 0, initial: Path | None = None):
        config = recipe.config
        super().__init__(config, out, seed, config.workers, LOG_EVERY)
        cv2.setNumThreads(1)
        self.recipe, self.net, self.ema = recipe, recipe.network(), recipe.network()
        if initial is not None:
            grow_from({"ema": self.net}, initial)
        self.ema.load_state_dict(self.net.state_dict())
        self.ema.requires_grad_(False).eval()
        frozen = [recipe.lpips.requires_grad_(False)] if recipe.lpips is not None else []
        for net in (*self.networks().values(), *frozen):
            channels_last(net, self.device)
        self.source = OutfitBatches(outfits, pairs, self.net, config)
        self.held_out = HeldOutPhotos(self.source, outfits, pairs, LOOKED_AT).samples
        self.optimizers = {"optimizer": torch.optim.Adam(self.net.parameters(), config.lr, config.betas, eps=1e-8)}

    def networks(self) -> dict[str, torch.nn.Module]:
        """The network and its average."""
        return {"net": self.net, "ema": self.ema}

    def draw(self, step: int, count: int) -> Batch:
        """This process's batch of a step."""
        return self.source.draw(count, self.seed, step, self.rank)

    def step(self, batch: Batch, step: int) -> dict[str, float]:
        """One update."""
        self.seed_step(step)
        batch = batch.to(self.device)
        with self.autocast():
            terms = self.recipe.losses(self.net.draw(batch.inputs, partly_told(batch.reach)), batch)
        self.update("optimizer", torch.stack(list(terms.values())).sum())
        self.average(self.net, self.ema, len(batch.image))
        return {name: float(value.detach()) for name, value in terms.items()}

    @torch.no_grad()
    def look(self, report: Report) -> None:
        """Writes ``sheets/<images>.png`` of fixed held-out photos, and their figures into the log."""
        rows: list[np.ndarray] = []
        values: dict[str, list[float]] = {"l1": [], "warp_px": [], "region_accuracy": []}
        for start in range(0, len(self.held_out), AT_ONCE):
            batch = collate(self.held_out[start : start + AT_ONCE], self.net.pose_hw).to(self.device)
            with self.autocast():
                out = self.ema(batch.inputs)
            rows += training_rows(batch, out)
            for name, value in figures_of(batch, out).items():
                values[name] += value
        (self.out / "sheets").mkdir(exist_ok=True)
        write_made(self.out / "sheets" / f"{self.images:08d}.png", np.concatenate(rows, 0), DigitalSourceType.COMPOSITE)
        figures = {name: round(float(np.median(value)), 4) for name, value in values.items() if value}
        append_log(self.out, {"images": self.images, "held_out": figures})
        report(json.dumps(figures))
