"""The bundled parser: `PARSER_LABELS` per pixel from a PhotoUNet."""

from __future__ import annotations

from pathlib import Path

from vton.estimators.person_parser import PersonParser
from vton.estimators.photo_network import BundledBackend, PhotoNetwork
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
        super().__init__(PhotoNetwork(checkpoint or CHECKPOINT, map_channels=len(PARSER_LABELS), pooled=1))
