"""The training of the estimators: a network, its recipe of data and losses, and an average of its weights."""

import json
from pathlib import Path

import cv2
import numpy as np
import torch
from safetensors.torch import load_file

from vton.hub import write_manifest
from vton.models.photo_unet import PhotoUNet
from vton.training.estimator_configs import EstimatorConfig
from vton.training.estimator_recipes import EstimatorRecipe
from vton.training.state import append_log, flatten_optimizer, load_state, restore_optimizer, save_state
from vton.training.timed_trainer import Report, TimedTrainer

LOG_EVERY = 50
FINAL_RATE = 0.01


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
            self._start_from(initial)
        self.ema = PhotoUNet.from_config(self.net.config)
        self.ema.load_state_dict(self.net.state_dict())
        self.ema.requires_grad_(False).eval()
        for net in (self.net, self.ema):
            net.to(self.device, memory_format=torch.channels_last)
        self.optimizer = torch.optim.AdamW(self._groups(), config.lr, (0.9, 0.99))

    def _groups(self) -> list[dict]:
        """Norms and biases do not decay."""
        kernels = [p for p in self.net.parameters() if p.ndim > 1]
        rest = [p for p in self.net.parameters() if p.ndim <= 1]
        return [{"params": kernels, "weight_decay": self.config.weight_decay}, {"params": rest, "weight_decay": 0.0}]

    def _start_from(self, folder: Path) -> None:
        state = load_state(folder)
        if state is None:
            found = load_file(folder / "diffusion_pytorch_model.safetensors")
        else:
            found = {k.removeprefix("ema."): v for k, v in state[0].items() if k.startswith("ema.")}
        own = self.net.state_dict()
        shared = {k: v.to(own[k].dtype) for k, v in found.items() if k in own and own[k].shape == v.shape}
        self.net.load_state_dict({**own, **shared})

    def rate(self) -> float:
        """The learning rate after ``images`` images: warm-up, then constant or along a cosine."""
        c = self.config
        warm = min(1.0, (self.images + c.batch_size) / max(c.warmup, 1))
        if c.decay_to <= c.decay_from:
            return c.lr * warm
        done = min(max((self.images - c.decay_from) / (c.decay_to - c.decay_from), 0.0), 1.0)
        return c.lr * warm * (FINAL_RATE + (1 - FINAL_RATE) * (1 + np.cos(np.pi * done)) / 2)

    def draw(self, step: int, count: int) -> dict[str, torch.Tensor]:
        """This process's batch of a step."""
        return self.recipe.batch(np.random.default_rng([self.seed, step, self.rank]), count)

    def step(self, batch: dict[str, torch.Tensor], step: int) -> dict[str, float]:
        """One update; returns the terms of the loss."""
        self.seed_step(step)
        batch = {k: v.to(self.device, non_blocking=True) for k, v in batch.items()}
        self.net.train()
        with self.accelerator.autocast():
            out = self.net(batch["image"].contiguous(memory_format=torch.channels_last))
        terms = self.recipe.loss(out, batch)
        for group in self.optimizer.param_groups:
            group["lr"] = self.rate()
        self.optimizer.zero_grad(set_to_none=True)
        sum(terms.values()).backward()
        self.share_gradients(list(self.net.parameters()))
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
        self.optimizer.step()
        self.average(self.net, self.ema, len(batch["image"]))
        return {name: float(value.detach()) for name, value in terms.items()}

    def resume(self) -> int:
        """Restores the run folder's state and returns the step to go on with."""
        found = load_state(self.out)
        if found is None:
            return 0
        tensors, meta = found
        for name, net in (("net", self.net), ("ema", self.ema)):
            net.load_state_dict({k[len(name) + 1:]: v for k, v in tensors.items() if k.startswith(f"{name}.")})
        restore_optimizer("optimizer", self.optimizer, tensors)
        self.images = meta["images"]
        return meta["step"]

    def save(self, step: int) -> None:
        """Writes the state and, as a checkpoint that the backends can load, the averaged network."""
        nets = {"net": self.net, "ema": self.ema}
        tensors = {f"{name}.{k}": v for name, net in nets.items() for k, v in net.state_dict().items()}
        tensors.update(flatten_optimizer("optimizer", self.optimizer))
        save_state(self.out, tensors, {"step": step, "images": self.images, "seed": self.seed})
        self.ema.save_pretrained(self.out / "checkpoint")
        write_manifest(self.out / "checkpoint")

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
