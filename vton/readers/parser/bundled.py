"""The bundled parser: `PARSER_LABELS` per pixel from a PhotoUNet."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vton.conditioning.canvas import resize_u8, resized
from vton.readers.parser.person_parser import PersonParser
from vton.readers.photo_network import BundledBackend, PhotoNetwork, View
from vton.schema import PARSER_LABELS, SizeHW, as_size

CHECKPOINT = "parser-bundled"
_SCALES = (0.5, 1.0, 0.83)  # of the glance, the look and the mirror, in sides of the training's canvas


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
    """Glances at a small canvas; looks at one of the training's size, and at a smaller mirror.

    What one size misses the other one finds.
    """

    def __init__(self, checkpoint: str | Path, map_channels: int, pooled: int) -> None:
        super().__init__(checkpoint, map_channels, pooled)
        self.glance_hw, self.size_hw, self.mirror_hw = (self._canvas(scale) for scale in _SCALES)

    def _canvas(self, scale: float) -> SizeHW:
        """The training's canvas, scaled, in multiples of 32."""
        return as_size(max(32, round(side * scale / 32) * 32) for side in self.network.config["size_hw"])

    def __call__(self, views: list[View]) -> tuple[np.ndarray, np.ndarray]:
        canvases = np.stack([view.canvas_u8 for view in views])
        maps, present = self.logits(canvases)
        if canvases.shape[1:3] != self.size_hw:
            return maps, present
        mirrored = np.stack([resize_u8(canvas[:, ::-1], self.mirror_hw) for canvas in canvases])
        again, present_again = self.logits(mirrored)
        for own, other in zip(maps, again[..., ::-1], strict=True):
            enlarged = resized(other.transpose(1, 2, 0), own.shape[1:], "linear")
            own += enlarged.transpose(2, 0, 1)
        return maps / 2, (present + present_again) / 2
