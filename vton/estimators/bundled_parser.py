"""The bundled parser: `PARSER_LABELS` per pixel from a PhotoUNet."""

from __future__ import annotations

from pathlib import Path

from vton import hub
from vton.estimators.person_parser import PersonParser
from vton.estimators.photo_network import PhotoNetwork
from vton.schema import PARSER_LABELS

CHECKPOINT = "parser-bundled"


class BundledParser(PersonParser):
    """Parts of the main person.

    Args:
        checkpoint: bundled name, folder or Hub id; ``parser-bundled`` by default.

    Raises:
        InputError: the checkpoint is missing, corrupt or of another network.
    """

    name = "bundled"
    licence = "Apache-2.0"

    def __init__(self, checkpoint: str | Path | None = None) -> None:
        super().__init__(PhotoNetwork(checkpoint or CHECKPOINT, map_channels=len(PARSER_LABELS), pooled=1))

    @classmethod
    def available(cls) -> bool:
        """Whether the weights came with the repository."""
        return CHECKPOINT in hub.bundled_names()

    @classmethod
    def download_note(cls) -> str:
        """Nothing is fetched."""
        return ""
