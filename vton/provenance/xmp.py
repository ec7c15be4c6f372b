"""The XMP packet of a picture: where it comes from in IPTC's words, the program, and a digest of its pixels.

It is written and read by this program as text: no XML parser meets files of strangers.
"""

from __future__ import annotations

import hashlib
import re
from xml.sax.saxutils import escape

import numpy as np

from vton import __version__
from vton.schema import DigitalSourceType

_NAMESPACE = "urn:vton:provenance"
_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:vton="{namespace}"
 xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
 xmp:CreatorTool="vton {version}" Iptc4xmpExt:DigitalSourceType="{source_type}"{pixels}/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
_PIXELS = re.compile(r'\bvton:pixels="([0-9a-f]{64})"')
_SOURCE = re.compile(r'\bDigitalSourceType(?:="|>)([^"<>]{1,200})')
_MOST = 100_000  # characters of a packet that are looked at


def packet(source_type: DigitalSourceType, pixels: str | None = None) -> str:
    """The packet of a picture, the same for the same arguments.

    Args:
        pixels: see `digest_of_pixels`; None for a format that does not keep them.
    """
    pixels = f' vton:pixels="{pixels}"' if pixels else ""
    return _PACKET.format(
        namespace=_NAMESPACE, version=escape(__version__), source_type=source_type.value, pixels=pixels
    )


def pixels_of(xmp: str) -> str | None:
    """The digest of the pixels that a packet tells, if it does."""
    found = _PIXELS.search(xmp[:_MOST])
    return found and found[1]


def source_type_of(xmp: str) -> str | None:
    """IPTC's term in a packet of any program, as it stands there."""
    found = _SOURCE.search(xmp[:_MOST])
    return found and found[1]


def digest_of_pixels(image_u8: np.ndarray) -> str:
    """SHA-256 of a picture's size and pixels, [H, W, 3 or 4], uint8, as hexadecimal digits.

    An alpha channel in which nothing is transparent does not count, since readers drop it.
    """
    if image_u8.shape[2] == 4 and image_u8[..., 3].min() == 255:
        image_u8 = image_u8[..., :3]
    digest = hashlib.sha256(repr(image_u8.shape).encode())
    digest.update(image_u8.tobytes())
    return digest.hexdigest()
