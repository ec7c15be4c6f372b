"""What the searches share: steps that can be watched and stopped, from coarse to fine, with an early end."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TypeVar

import torch

from vton.systems.tryongan.network import DressedPicture
from vton.tryon.moment import Moment

Result = TypeVar("Result")
PATIENCE, LEAST_GAIN = 12, 0.01


Search = Generator[Moment, None, Result]
"""Yields a moment after each step and returns what was found. Closing it ends the search; nothing stays behind."""


@dataclass(frozen=True)
class Steps:
    """coarse, fine: most steps at half the height and at the whole; rate: of Adam, which falls along a cosine."""

    coarse: int
    fine: int
    rate: float


def finished(search: "Search[Result]", watch: Callable[[Moment], None] | None = None) -> Result:
    """Runs a search to its end; ``watch`` is told of each step, and may raise to stop it."""
    while True:
        try:
            moment = next(search)
        except StopIteration as end:
            return end.value
        if watch is not None:
            try:
                watch(moment)
            except BaseException:
                search.close()
                raise


def descend(stage: str, parameters: list[torch.Tensor], steps: Steps, heights: list[int],
            loss_at: Callable[[int], tuple[torch.Tensor, DressedPicture]]) -> "Search[DressedPicture]":
    """Makes a loss smaller by Adam.

    A height is left early when its loss has fallen by less than a hundredth in `PATIENCE` steps.

    Args:
        parameters: leaves that the loss depends on; they are changed.
        heights: of the generator.
        loss_at: the loss at pictures of a height, and the pictures.

    Returns:
        The last pictures, at the whole height.
    """
    optimizer = torch.optim.Adam(parameters, steps.rate, (0.9, 0.99))
    plan, of, done = [(heights[-2], steps.coarse), (heights[-1], steps.fine)], steps.coarse + steps.fine, 0
    started, drawn = time.perf_counter(), None
    for height, most in plan:
        losses: list[float] = []
        for step in range(most):
            for group in optimizer.param_groups:
                group["lr"] = steps.rate * (0.1 + 0.9 * (1 + torch.cos(torch.tensor(done / of * torch.pi)).item()) / 2)
            with torch.enable_grad():
                loss, drawn = loss_at(height)
                for parameter, gradient in zip(parameters, torch.autograd.grad(loss, parameters, allow_unused=True),
                                               strict=True):  # fmt: skip
                    parameter.grad = gradient
            optimizer.step()
            done += 1
            losses.append(loss.item())
            yield Moment(stage, done, of, time.perf_counter() - started, drawn.image.detach())
            if step >= PATIENCE and min(losses[-PATIENCE:]) > (1 - LEAST_GAIN) * min(losses[:-PATIENCE]):
                of -= most - step - 1
                break
    with torch.no_grad():
        return loss_at(heights[-1])[1]
