"""What a generator draws after and what comes out: looks, states and pictures."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch

from vton.provenance import write_made
from vton.schema import UNSAID, Outfit, Parsing, Pose, Recipe, Wear


@dataclass(frozen=True)
class Generated:
    """One image: ``image_u8`` [H,W,3] uint8 RGB, its parsing if the model predicts one, and its recipe."""

    image_u8: np.ndarray
    parsing: Parsing | None
    recipe: Recipe

    def save(self, path: str | Path) -> None:
        """Write a PNG that carries the recipe and the other marks."""
        write_made(path, self.image_u8, self.recipe)


@dataclass(frozen=True)
class Look:
    """What the person wears and how the person stands; empty for the unconditional system.

    ``articles`` is the outfit as a recipe stores it (slot -> base64 webp), from which ``outfit`` was decoded; ``wear``
    says how it is worn.
    """

    outfit: Outfit | None = None
    pose: Pose | None = None
    pose_name: str | None = None
    articles: dict[str, str] = field(default_factory=dict)
    wear: Wear = UNSAID


@dataclass(frozen=True)
class StyleState:
    """Everything that decides the pixels: ``ws`` [1, num_ws, w_dim], the look, and the head's latent [1, z_dim]."""

    ws: torch.Tensor
    look: Look
    head: torch.Tensor | None = None
