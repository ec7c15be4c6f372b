"""The speed of a training step: the engine, and the settings it replaced, step by step in turns.

Each side is a process of its own, since denormals and memory are settings of a process. In turns, since other work on
the machine slows both alike; the CPU time is what it distorts least.
"""

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

import torch
import torch.nn.functional as F
from torch.utils.flop_counter import FlopCounterMode

from vton.generation.training.random_pack import RandomPack, random_features, random_lpips
from vton.generation.training.recipe import GeneratorRecipe
from vton.generation.training.trainer import GeneratorTrainer
from vton.training.processor import prepare_process

WARM_UP = 2
PEAK_REPEATS = 7


@dataclass(frozen=True)
class Side:
    """One side of the comparison.

    Attributes:
        precision: of the configuration; prepared: whether `prepare_process` was called.
    """

    precision: str
    prepared: bool


ENGINE = Side("auto", prepared=True)
BEFORE = Side("bf16", prepared=False)


@dataclass(frozen=True)
class StepBenchmark:
    """What was measured; seconds are medians of a step.

    Attributes:
        images: of a step; threads: of torch; bf16: whether the engine computed in it.
        seconds, cpu_seconds: of the engine and of the settings before.
        gflop: of one image; peak: of convolutions of the step's shapes in the engine's number format, GFLOP/s.
    """

    images: int
    threads: int
    bf16: bool
    seconds: tuple[float, float]
    cpu_seconds: tuple[float, float]
    gflop: float
    peak: float

    def lines(self) -> list[str]:
        """The figures, one per line."""
        speed, before = (self.images / s for s in self.seconds)
        number_format, reached = "bf16" if self.bf16 else "float32", self.gflop * speed
        return [
            f"engine ({number_format}, no denormals, memory kept): {speed:.2f} images/s, "
            f"{self.cpu_seconds[0] / self.images:.3f} CPU s/image",
            f"settings before (bf16, denormals, memory given back): {before:.2f} images/s, "
            f"{self.cpu_seconds[1] / self.images:.3f} CPU s/image",
            f"engine / before: {speed / before:.2f} by the clock, "
            f"{self.cpu_seconds[1] / self.cpu_seconds[0]:.2f} by CPU time, {self.threads} threads",
            f"{self.gflop:.1f} GFLOP/image: {reached:.0f} GFLOP/s, {100 * reached / self.peak:.0f} % of the "
            f"{self.peak:.0f} that convolutions of these shapes reach here in {number_format}",
        ]


def measure(recipe: GeneratorRecipe, repeats: int, threads: int) -> StepBenchmark:
    """Times ``repeats`` steps of each side on random data and weights, in turns."""
    with _serving(recipe, ENGINE, threads) as engine, _serving(recipe, BEFORE, threads) as before:
        times = [(_ask(engine, "step"), _ask(before, "step")) for _ in range(repeats)]
        facts = _ask(engine, "facts")
    wall, cpu = ([[pair[side][kind] for pair in times] for side in (0, 1)] for kind in (0, 1))
    bf16, gflop, peak = facts
    seconds, cpu_seconds = ((statistics.median(engine), statistics.median(before)) for engine, before in (wall, cpu))
    return StepBenchmark(recipe.config.batch_size, threads, bf16, seconds, cpu_seconds, gflop, peak)


@contextmanager
def _serving(recipe: GeneratorRecipe, side: Side, threads: int) -> Iterator[Connection]:
    """A process that waits for orders; a connection to it."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, recipe, side, threads), daemon=True)
    process.start()
    there.close()
    try:
        yield here
    finally:
        here.close()
        process.join()


def _ask(connection: Connection, order: str) -> tuple:
    connection.send(order)
    return connection.recv()


def _serve(orders: Connection, recipe: GeneratorRecipe, side: Side, threads: int) -> None:
    """Obeys "step" with its seconds and CPU seconds, "facts" with number format, GFLOP per image and peak."""
    torch.set_num_threads(threads)
    if side.prepared:
        prepare_process()
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as out:
        recipe = type(recipe)(replace(recipe.config, precision=side.precision))
        data, networks = RandomPack(recipe.config.generator["size_hw"]), (random_features(), random_lpips())
        trainer = GeneratorTrainer(recipe, data, Path(out), 0, *networks)
        batch = trainer.draw(0, recipe.config.batch_size)
        for step in range(WARM_UP):
            trainer.step(batch, step)
        while True:
            try:
                order = orders.recv()
            except EOFError:
                return
            orders.send(_timed_step(trainer, batch) if order == "step" else _facts(trainer, batch))


def _timed_step(trainer: GeneratorTrainer, batch) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    trainer.step(batch, WARM_UP)
    return time.perf_counter() - wall, time.process_time() - cpu


def _facts(trainer: GeneratorTrainer, batch) -> tuple[bool, float, float]:
    with FlopCounterMode(display=False) as counter:
        trainer.step(batch, WARM_UP)
    gflop = counter.get_total_flops() / len(batch.image) / 1e9
    return trainer.bf16, gflop, _convolution_peak(trainer, len(batch.image))


def _convolution_peak(trainer: GeneratorTrainer, count: int) -> float:
    """GFLOP/s of the fastest of the generator's 3x3 convolutions, alone."""
    best, number_format = 0.0, torch.bfloat16 if trainer.bf16 else torch.float32
    for height, block in zip(trainer.generator.heights, trainer.generator.blocks, strict=True):
        weight = block.conv1.conv.weight.detach().to(trainer.device, number_format)
        x = torch.randn(count, weight.shape[1], height, height * 3 // 4, device=trainer.device, dtype=number_format)
        x = x.contiguous(memory_format=torch.channels_last)
        flop = 2 * weight.numel() * count * height * (height * 3 // 4)
        for _ in range(PEAK_REPEATS):
            start = time.perf_counter()
            with torch.no_grad():
                F.conv2d(x, weight, padding=1)
            best = max(best, flop / (time.perf_counter() - start) / 1e9)
    return best
