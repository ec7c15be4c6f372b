"""Measures an estimator's backend on the held-out part of packs; one evaluation per system, imported when asked for."""

import importlib
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np

from vton.metrics.machine import describe_machine

EVALUATIONS = {
    "pose": "vton.metrics.readers.person_evaluation:PoseEvaluation",
    "parser": "vton.metrics.readers.person_evaluation:ParserEvaluation",
    "watermark": "vton.metrics.watermark.evaluation:WatermarkEvaluation",
    "watermark-baseline": "vton.metrics.watermark.evaluation:BaselineEvaluation",
    "garment-mask": "vton.metrics.readers.garment_mask:GarmentMaskEvaluation",
}


class EstimatorEvaluation(Protocol):
    """Made as ``Evaluation(data, checkpoint)``: packs to measure on, and a checkpoint in place of the bundled one."""

    def describe(self) -> dict:
        """Checkpoint, revision and what the packs hold, as JSON types."""
        ...

    def figures(self, count: int | None, seed: int, say: Callable[[str], None]) -> dict[str, dict]:
        """Figures by name: dicts with ``value`` (None if there is nothing to measure) and ``n``."""
        ...

    def sheet(self) -> np.ndarray:
        """What the backend answers on held-out photos: [h, w, 3], uint8."""
        ...


def make_evaluation(system: str, data: Sequence[str | Path], checkpoint: str | Path | None) -> EstimatorEvaluation:
    """The evaluation of ``system``.

    Raises:
        InputError: a folder is no pack of the kind that the system needs, or the checkpoint is not to be had.
    """
    module, name = EVALUATIONS[system].split(":")
    return getattr(importlib.import_module(module), name)(data, checkpoint)


def evaluate_estimator(
    evaluation: EstimatorEvaluation, system: str, count: int | None, seed: int, say: Callable[[str], None]
) -> dict:
    """The report: JSON types only."""
    start = time.monotonic()
    figures = evaluation.figures(count, seed, say)
    return {
        "system": system,
        **evaluation.describe(),
        "seed": seed,
        "figures": figures,
        "machine": describe_machine(),
        "seconds": round(time.monotonic() - start, 1),
    }
