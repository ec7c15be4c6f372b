"""The training of the estimators: a network, its recipe of data and losses, and an average of its weights."""

import copy
import json
from functools import reduce
from pathlib import Path

import cv2
import numpy as np
import torch

from vton.readers.training.configs import EstimatorConfig
from vton.readers.training.recipes import EstimatorRecipe
from vton.training.optimisation import rate, start_from, weight_groups
from vton.training.state import append_log
from vton.training.timed_trainer import Report, TimedTrainer

LOG_EVERY = 50  # steps
CLIP = 5.0  # norm of the gradient, at most


class EstimatorTrainer(TimedTrainer):
    """Trains one estimator in one run folder.

    Args:
        recipe: data and losses; out: the run folder.
        initial: folder of a run or of a checkpoint whose weights of equal name and shape start the run.
    """

    def __init__(self, config: EstimatorConfig, recipe: EstimatorRecipe, out: Path, seed: int = 0,
                 initial: Path | None = None):
        super().__init__(config, out, seed, config.workers, LOG_EVERY)
        cv2.setNumThreads(1)
        self.recipe = recipe
        self.net = recipe.network()
        if initial is not None:
            start_from(self.net, initial)
        self.ema = copy.deepcopy(self.net).requires_grad_(False).eval()
        for net in (self.net, self.ema):
            net.to(self.device, memory_format=torch.channels_last)
        self.optimizer = torch.optim.AdamW(weight_groups(self.net, config.weight_decay), config.lr, (0.9, 0.99))
        self.optimizers = {"optimizer": self.optimizer}

    def networks(self) -> dict[str, torch.nn.Module]:
        """The network and its average."""
        return {"net": self.net, "ema": self.ema}

    def rate(self) -> float:
        """The learning rate after the images seen so far."""
        return rate(self.config, self.images)

    def draw(self, step: int, count: int) -> dict[str, torch.Tensor]:
        """This process's batch of a step: ``image [N, 3, H, W]``, -1..1, and what else the recipe's loss asks for."""
        return self.recipe.batch(np.random.default_rng([self.seed, step, self.rank]), count)

    def step(self, batch: dict[str, torch.Tensor], step: int) -> dict[str, float]:
        """One update on a batch of `draw`, moved to the device: ``image [N, 3, H, W]`` and the rest.

        Returns:
            The terms of the loss by name, weighted.
        """
        self.seed_step(step)
        batch = {k: v.to(self.device, non_blocking=True) for k, v in batch.items()}
        self.net.train()
        with self.autocast():
            out = self.net(batch["image"].contiguous(memory_format=torch.channels_last))
        terms = self.recipe.loss(out, batch)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        self.optimizer.zero_grad(set_to_none=True)
        reduce(torch.add, terms.values()).backward()
        self.share_gradients(list(self.net.parameters()))
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), CLIP)
        self.optimizer.step()
        self.average(self.net, self.ema, len(batch["image"]))
        return {name: float(value.detach()) for name, value in terms.items()}

    @torch.no_grad()
    def look(self, report: Report) -> None:
        """Writes ``sheets/<images>.jpg`` and a row of held-out figures into the log, and reports the figures."""
        folder = self.out / "sheets"
        folder.mkdir(exist_ok=True)
        picture = self.recipe.sheet(self.ema)
        cv2.imwrite(str(folder / f"{self.images:08d}.jpg"), picture[..., ::-1])
        figures = {name: round(value, 4) for name, value in self.recipe.measure(self.ema).items()}
        append_log(self.out, {"images": self.images, "held_out": figures})
        report(json.dumps(figures))
