"""Seed -> fashion model: the unconditional system of Yildirim et al. 2019 (arXiv 1908.08847)."""

from collections.abc import Mapping
from typing import Any

from vton.generation.look import Look
from vton.generation.pipeline import StylePipeline
from vton.schema import UNSAID, InputError, Recipe, Wear
from vton.systems.fashion_gan.system import SYSTEM


class FashionGANPipeline(StylePipeline):
    """Draws a person out of a seed alone; outfit and pose come with it and can be moved by ``mix``."""

    record = SYSTEM
    conditions = ("none",)

    def look(self, outfit: Any, pose: Any, wear: Wear = UNSAID) -> Look:
        """Nothing to complete; InputError when articles or a pose were given, which could only be ignored."""
        articles = outfit.values() if isinstance(outfit, Mapping) else outfit or ()
        if any(article is not None for article in articles):
            raise InputError("fashion-gan draws its own clothes: leave the articles out, or use another system.")
        if pose is not None:
            raise InputError("fashion-gan draws its own pose: leave the pose out, or use another system.")
        if wear.told():
            raise InputError("fashion-gan draws its own clothes: leave out how they are worn, or use another system.")
        return Look()

    def look_of(self, recipe: Recipe) -> Look:
        """Always the empty look."""
        return Look()

    def condition(self, look: Look) -> None:
        """Nothing to encode."""
        return None

    def blend(self, source: Look, target: Look, layers: tuple[int, int], strength: float) -> Look:
        """Everything travels in the styles."""
        return target
