"""The bundled parser: `PARSER_LABELS` per pixel from a PhotoUNet."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vton.estimators.person_parser import PersonParser
from vton.estimators.photo_network import BundledBackend, PhotoNetwork, View
from vton.schema import PARSER_LABELS

CHECKPOINT = "parser-bundled"


class BundledParser(BundledBackend, PersonParser):
    """Parts of the main person.

    Args:
        checkpoint: bundled name, folder or Hub id; ``parser-bundled`` by default.

    Raises:
        InputError: the checkpoint is missing, corrupt or of another network.
    """

    bundled_as = CHECKPOINT

    def __init__(self, checkpoint: str | Path | None = None) -> None:
        super().__init__(_ParserNetwork(checkpoint or CHECKPOINT, map_channels=len(PARSER_LABELS), pooled=1))


class _ParserNetwork(PhotoNetwork):
    """Glances at half the size; looks at a whole canvas and at its mirror."""

    @property
    def glance_hw(self) -> tuple[int, int]:
        """Half of ``size_hw``, in multiples of 32."""
        return tuple(max(32, side // 64 * 32) for side in self.size_hw)

    def __call__(self, views: list[View]) -> tuple[np.ndarray, np.ndarray]:
        canvases = np.stack([view.canvas_u8 for view in views])
        if canvases.shape[1:3] != self.size_hw:
            return self.logits(canvases)
        maps, present = self.logits(np.concatenate([canvases, canvases[:, :, ::-1]]))
        maps[len(views) :] = maps[len(views) :, ..., ::-1]
        return tuple(both.reshape(2, len(views), *both.shape[1:]).mean(axis=0) for both in (maps, present))
