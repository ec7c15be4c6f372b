"""The one pipeline behind the page: loaded at first use, run one picture at a time, timed honestly."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from typing import Any

from vton.schema import UNSAID, InputError, Outfit, Pose, Recipe, Task, Wear
from vton.systems import get_pipeline, leading
from vton.ui.server.turns import Turns
from vton.ui.server.visitor import Visitor
from vton.ui.texts import number, say

log = logging.getLogger(__name__)
MAX_COUNT = 4
PICTURE = "picture"


def load_pipeline() -> Any:
    """The first of the generators; VTON_CHECKPOINT names other weights (a bundled name, a folder or a Hub id)."""
    return get_pipeline(leading(Task.GENERATION).name, os.environ.get("VTON_CHECKPOINT") or None)


class Engine:
    """Runs the pipeline for every tab and endpoint; after each picture somebody else has a turn.

    Args:
        get_pipeline: makes the pipeline; called once, at first use or by ``warm_up``.

    Attributes:
        turns: whose turn it is to run a network, and how long a picture takes.
    """

    def __init__(self, get_pipeline: Callable[[], Any] = load_pipeline) -> None:
        self._get_pipeline = get_pipeline
        self._pipeline: Any = None
        self._loading = threading.Lock()
        self.turns = Turns()
        self._problem: str | None = None
        self._warming: threading.Thread | None = None

    @property
    def pipeline(self) -> Any:
        """The loaded pipeline.

        Raises:
            InputError: the checkpoint is missing or damaged.
        """
        with self._loading:
            if self._pipeline is None:
                self._pipeline = self._get_pipeline()
            return self._pipeline

    @property
    def takes_wear(self) -> bool:
        """Whether the weights can be told how articles are worn; loads them, and is False where that fails."""
        try:
            return self.pipeline.takes_wear
        except InputError:
            return False

    def generate(
        self,
        outfit: Outfit,
        pose: Pose | str,
        seed: int,
        count: int,
        psi: float,
        callback: Callable[[int, int], None] | None = None,
        wear: Wear = UNSAID,
    ) -> list[Any]:
        """Draws ``count`` pictures with the seeds seed, seed+1, ..., each in a turn of its own.

        Args:
            pose: a preset's name (recipes keep it) or a pose.
            callback: called with (pictures done, count).
            wear: how the articles are worn.

        Raises:
            InputError: empty outfit, a number outside its range, or too many visitors.
            Gone: nobody waits for them any more.
        """
        outfit.require_any()
        if not 1 <= count <= MAX_COUNT:
            raise InputError(f"Count must be from 1 to {MAX_COUNT}: ask for the others in another click.")
        with self.turns.turn(PICTURE, count):
            return self.pipeline(
                outfit, pose, seed=seed, count=count, psi=psi, callback=self.turns.between(callback), wear=wear
            )

    def mix(self, source: Any, target: Any, transfer: str | tuple[int, int], strength: float) -> Any:
        """Style mixing of two recipes or seeds; see the pipeline's ``mix``."""
        with self.turns.turn(PICTURE):
            return self.pipeline.mix(source, target, transfer=transfer, strength=strength)

    def generate_from(self, recipe: Recipe) -> Any:
        """Draws the picture of a recipe again."""
        with self.turns.turn(PICTURE):
            return self.pipeline.generate_from(recipe)

    def warm_up(self, outfit: Outfit, pose: Pose | str) -> None:
        """Loads and times the model in the background, so that the page can say how long a picture takes."""

        def work() -> None:
            try:
                for _ in range(2):  # the first one is slower than all others and not measured
                    with self.turns.turn(PICTURE, visitor=Visitor(admitted=True)):
                        self.generate(outfit, pose, 0, 1, 0.8)
            except InputError as error:
                self._problem = str(error)
                log.error("%s", error)

        self._warming = threading.Thread(target=work, name="warm-up", daemon=True)
        self._warming.start()

    def wait_for_warm_up(self, seconds: float) -> None:
        """Waits until the warm-up is over, if there is one, but not longer than given."""
        if self._warming is not None:
            self._warming.join(seconds)

    def speed_text(self, count: int = 1) -> str:
        """What the page says about the time of so many pictures: measured, or not yet, or why there is no model."""
        if self._problem and self._pipeline is None:
            return self._problem
        if (seconds := self.turns.seconds(PICTURE)) is None:
            return say("result.first-loads")
        told = number(seconds * count, ".2g")
        if count == 1:
            return say("result.takes-one", seconds=told)
        return say("result.takes-several", seconds=told, count=count)
