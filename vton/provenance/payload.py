"""What the 40 bits of the watermark say: the kind of picture, and the first digits of its recipe's digest."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from vton.schema import DigitalSourceType

_VERSION = 1
_KINDS = (DigitalSourceType.GENERATED, DigitalSourceType.COMPOSITE)
_POLYNOMIAL = 0x2F  # CRC-8/AUTOSAR


@dataclass(frozen=True)
class Payload:
    """The content of a watermark.

    Attributes:
        source_type: what kind of picture it was put in.
        digest: first 24 bits of the SHA-256 of the recipe's text, as 6 hexadecimal digits; zeros without a recipe.
    """

    source_type: DigitalSourceType
    digest: str

    @classmethod
    def of(cls, source_type: DigitalSourceType, recipe: str | None) -> Payload:
        """The payload of a picture with this recipe's text."""
        return cls(source_type, "000000" if recipe is None else hashlib.sha256(recipe.encode()).hexdigest()[:6])

    @classmethod
    def from_bytes(cls, content: Sequence[int]) -> Payload | None:
        """Reads five bytes of 0..255; None when they are no payload: by chance one in 32,768 is."""
        *said, checksum = content
        kind = said[0] & 15
        if said[0] >> 4 != _VERSION or kind >= len(_KINDS) or checksum != _checksum(said):
            return None
        return cls(_KINDS[kind], bytes(said[1:]).hex())

    def to_bytes(self) -> tuple[int, ...]:
        """Five numbers of 0..255, the last of them a checksum."""
        said = (_VERSION << 4 | _KINDS.index(self.source_type), *bytes.fromhex(self.digest))
        return (*said, _checksum(said))


def _checksum(content: Sequence[int]) -> int:
    value = 0xFF
    for byte in content:
        value ^= byte
        for _ in range(8):
            value = (value << 1 ^ (_POLYNOMIAL if value & 0x80 else 0)) & 0xFF
    return value ^ 0xFF
