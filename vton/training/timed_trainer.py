"""What every trainer shares: runs that are time-boxed, resumable by the same command, deterministic from their seed."""

import json
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import broadcast
from diffusers.models.modeling_utils import ModelMixin

from vton.hub import write_manifest
from vton.training.processor import uses_bf16
from vton.training.state import append_log, flatten_optimizer, load_state, restore_optimizer, save_state

Report = Callable[[str], None]


class TimedTrainer(ABC):
    """Runs steps until the time is up, logs means of the losses, and saves and looks every few minutes.

    Attributes:
        images: seen so far, over all processes.
        optimizers: by the names that the state gives them.
        log_every: steps between rows of the log.

    Args:
        config: has ``batch_size`` (over all processes), ``ema_images`` and ``precision``.
        out: the run folder.
        workers: threads that make batches; what they make does not depend on how many there are.
    """

    optimizers: dict[str, torch.optim.Optimizer]

    def __init__(self, config: Any, out: Path, seed: int, workers: int, log_every: int):
        self.accelerator = Accelerator(cpu=not torch.cuda.is_available())
        self.device, self.rank = self.accelerator.device, self.accelerator.process_index
        self.bf16 = uses_bf16(config.precision, self.device)
        self.config, self.out, self.seed, self.images = config, out, seed, 0
        self.workers, self.log_every = workers, log_every
        torch.manual_seed(seed)

    @abstractmethod
    def draw(self, step: int, count: int) -> Any:
        """This process's batch of a step; called in worker threads."""

    @abstractmethod
    def step(self, batch: Any, step: int) -> dict[str, float]:
        """One update; returns the terms of the loss."""

    @abstractmethod
    def networks(self) -> dict[str, torch.nn.Module]:
        """Everything with weights, by the names that the state gives them; the averaged network is "ema"."""

    @abstractmethod
    def look(self, report: Report) -> None:
        """Writes a sheet of samples."""

    def resume(self) -> int:
        """Restores the run folder's state and returns the step to go on with."""
        found = load_state(self.out)
        if found is None:
            return 0
        tensors, meta = found
        for name, net in self.networks().items():
            net.load_state_dict({k[len(name) + 1:]: v for k, v in tensors.items() if k.startswith(f"{name}.")})
        for name, optimizer in self.optimizers.items():
            restore_optimizer(name, optimizer, tensors)
        self.images = meta["images"]
        return meta["step"]

    def save(self, step: int) -> None:
        """Writes the state and, as a checkpoint that others can load, the averaged network."""
        networks = self.networks()
        tensors = {f"{name}.{k}": v for name, net in networks.items() for k, v in net.state_dict().items()}
        for name, optimizer in self.optimizers.items():
            tensors.update(flatten_optimizer(name, optimizer))
        save_state(self.out, tensors, {"step": step, "images": self.images, "seed": self.seed})
        averaged = networks["ema"]
        assert isinstance(averaged, ModelMixin)
        averaged.save_pretrained(self.out / "checkpoint")
        write_manifest(self.out / "checkpoint")

    def autocast(self) -> torch.autocast:
        """The number format of the networks, see `uses_bf16`."""
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16)

    def seed_step(self, step: int) -> None:
        """Makes torch's random numbers a function of (seed, step, process)."""
        torch.manual_seed((self.seed * 1_000_003 + step) * 64 + self.rank)

    @torch.no_grad()
    def share_gradients(self, params: list[torch.nn.Parameter]) -> None:
        """The mean over all processes, in one message."""
        gradients = [p.grad for p in params if p.grad is not None]
        if self.accelerator.num_processes == 1 or not gradients:
            return
        flat = self.accelerator.reduce(torch.cat([g.flatten() for g in gradients]), "mean")
        assert isinstance(flat, torch.Tensor)
        for own, mean in zip(gradients, flat.split([g.numel() for g in gradients]), strict=True):
            own.copy_(mean.view_as(own))

    @torch.no_grad()
    def average(self, net: torch.nn.Module, ema: torch.nn.Module, count: int) -> None:
        """Counts ``count`` images of this process as seen and moves the averaged weights and buffers on."""
        new_images = count * self.accelerator.num_processes
        self.images += new_images
        half_life = max(1.0, min(self.config.ema_images, self.images / 20))
        share = 1 - 0.5 ** (new_images / half_life)
        own, averaged = net.state_dict(), ema.state_dict()
        pairs = [(averaged[k], v) for k, v in own.items() if v.is_floating_point()]
        means, news = [a for a, _ in pairs], [b for _, b in pairs]
        torch._foreach_lerp_(means, news, share)  # pyright: ignore[reportPrivateImportUsage] (not in the stubs)

    def run(self, max_minutes: float, max_images: int | None = None, save_minutes: float = 5.0,
            report: Report = print) -> int:
        """Trains until the time is up or enough images are seen; returns the images seen."""
        start = saved = time.monotonic()
        step = self.resume()
        rows = _LogRows(self, report)
        share = self.config.batch_size // self.accelerator.num_processes
        with ThreadPoolExecutor(self.workers) as pool:
            upcoming = deque(pool.submit(self.draw, step + i, share) for i in range(self.workers))
            while not self._time_is_up(start, max_minutes) and (max_images is None or self.images < max_images):
                batch = upcoming.popleft().result()
                upcoming.append(pool.submit(self.draw, step + self.workers, share))
                rows.add(self.step(batch, step))
                step += 1
                if step % self.log_every == 0:
                    rows.write(step)
                if time.monotonic() - saved > save_minutes * 60:
                    self._save_and_look(step, report)
                    saved = time.monotonic()
            for job in upcoming:
                job.cancel()
        self._save_and_look(step, report)
        return self.images

    def _save_and_look(self, step: int, report: Report) -> None:
        if self.accelerator.is_main_process:
            self.save(step)
            self.look(report)

    def _time_is_up(self, start: float, max_minutes: float) -> bool:
        """The first process's clock decides for all: otherwise one would stop while another waits for its gradient."""
        over = torch.tensor(float(time.monotonic() - start >= max_minutes * 60), device=self.device)
        return bool(broadcast(over)) if self.accelerator.num_processes > 1 else bool(over)


class _LogRows:
    """Means of the losses and the speed since the last row."""

    def __init__(self, trainer: TimedTrainer, report: Report):
        self.trainer, self.report = trainer, report
        self._begin()

    def _begin(self) -> None:
        self.sums: dict[str, float] = {}
        self.since, self.images = time.monotonic(), self.trainer.images

    def add(self, terms: dict[str, float]) -> None:
        for name, value in terms.items():
            self.sums[name] = self.sums.get(name, 0.0) + value

    def write(self, step: int) -> None:
        """One row of ``log.jsonl``; FloatingPointError when a loss is no longer finite."""
        trainer = self.trainer
        speed = (trainer.images - self.images) / (time.monotonic() - self.since)
        means = {name: round(value / trainer.log_every, 4) for name, value in self.sums.items()}
        row = {"images": trainer.images, "step": step, "images_per_s": round(speed, 2), **means}
        if trainer.accelerator.is_main_process:
            append_log(trainer.out, row)
            self.report(json.dumps(row))
        if not all(np.isfinite(v) for v in self.sums.values()):
            raise FloatingPointError(f"a loss is no longer finite at step {step}: {row}")
        self._begin()
