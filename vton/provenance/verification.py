"""Whether a picture was made here, and whether it has changed since: what its text, pixels and signature say."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from PIL import Image

from vton.conditioning.photos.decoding import check_header, decoded, open_picture
from vton.provenance.content_credentials import Credentials, read_credentials
from vton.provenance.payload import Payload
from vton.provenance.pictures import RECIPE_KEY, SOURCE_KEY
from vton.provenance.watermark import Found, find
from vton.provenance.xmp import digest_of_pixels, pixels_of, source_type_of
from vton.schema import DigitalSourceType, InputError, Recipe, TryOnOrigin

_ENOUGH = 1024  # longest side, in pixels, of a picture whose single pixels do not matter
_ORIGINS = {DigitalSourceType.GENERATED.value: "AI-generated", DigitalSourceType.COMPOSITE.value: "partly AI-generated"}
_MIME = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "AVIF": "image/avif", "TIFF": "image/tiff"}


class Verdict(StrEnum):
    """What can be said of a picture."""

    MADE = "made here"
    EDITED = "made here, edited since"
    UNPROVEN = "says it was made here, unproven"
    OTHER = "not made here"


@dataclass(frozen=True)
class Verification:
    """All that was found out about a picture.

    Attributes:
        verdict: in short.
        reason: one or two sentences for people.
        recipe: what it was made from, as far as that is still in the file and belongs to the pixels.
        source_type: IPTC's term for where it comes from: that of the watermark, else what the file says of itself.
        watermark: what was found in the pixels.
        credentials: the signed manifest, when there is one and c2pa-python is installed.
    """

    verdict: Verdict
    reason: str
    recipe: Recipe | TryOnOrigin | None
    source_type: str | None
    watermark: Found | None
    credentials: Credentials | None

    def marks(self) -> dict[str, str]:
        """What speaks for the verdict, in words, by name."""
        seen = "found in the pixels" if self.watermark else "none"
        marks = {"watermark": seen, "origin": _ORIGINS.get(self.source_type or "", self.source_type or "not said")}
        if self.credentials:
            state = "signed" if self.credentials.valid else "changed after it was signed, or wrongly signed"
            trust = "" if self.credentials.trusted else ", whose certificate nobody vouches for"
            marks["content credentials"] = f"{state} by {self.credentials.signer}{trust}"
        return marks

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; of the recipe without the pictures of its articles."""
        signed = self.credentials and {
            "valid": self.credentials.valid, "trusted": self.credentials.trusted, "signer": self.credentials.signer,
            "generator": self.credentials.generator,
        }  # fmt: skip
        return {
            "verdict": self.verdict.value, "reason": self.reason, "source_type": self.source_type,
            "watermark": self.watermark and round(self.watermark.strength, 1), "content_credentials": signed,
            "recipe": self.recipe and recipe_facts(self.recipe),
        }  # fmt: skip


def verify(source: str | os.PathLike | bytes) -> Verification:
    """Looks at a file of any origin.

    Args:
        source: path, or content of a file.

    Raises:
        InputError: missing, unreadable, not an image, damaged, animated, too large or too small.
    """
    with open_picture(source) as (image, name):
        check_header(image, name)
        kind, text, claims = image.format, image.info.get(RECIPE_KEY), _claims(image)
        told = pixels_of(claims)
        pixels, _ = decoded(image, name, None if told else _ENOUGH)
    found = find(pixels)
    payload = found and Payload.from_bytes(found.content)
    found = found if payload else None
    text = text if isinstance(text, str) else None
    unchanged = None if told is None else told == digest_of_pixels(pixels)
    own = payload is None or text is None or Payload.of(payload.source_type, text) == payload
    recipe = _parsed(text) if own else None
    content = bytes(source) if isinstance(source, bytes | bytearray) else Path(source).read_bytes()
    credentials = read_credentials(content, _MIME[kind]) if kind in _MIME else None
    verdict, reason = _judged(found, unchanged, text if own else None, recipe, own, credentials)
    stated = payload.source_type.value if payload else source_type_of(claims)
    return Verification(verdict, reason, recipe, stated, found, credentials)


def recipe_facts(recipe: Recipe | TryOnOrigin) -> dict[str, Any]:
    """What people want to know of a recipe, by name."""
    facts = {"system": recipe.system, "weights": f"{recipe.checkpoint} {recipe.revision}"}
    if isinstance(recipe, TryOnOrigin):
        return {**facts, "slot": recipe.slot, "background": recipe.background}
    facts |= {"articles": ", ".join(recipe.articles) or "none", "pose": recipe.pose_name or "own", "seed": recipe.seed}
    return facts | {"mix": recipe.mix["transfer"] if recipe.mix else "no"}


def _judged(
    found: Found | None,
    unchanged: bool | None,
    text: str | None,
    recipe: Recipe | TryOnOrigin | None,
    own: bool,
    credentials: Credentials | None,
) -> tuple[Verdict, str]:
    """The verdict and the reason for it.

    Args:
        unchanged: whether the pixels are those that the file tells a digest of; None when it tells none.
        own: whether the recipe's text is the one that the watermark names.
    """
    if found is None and (recipe or unchanged):
        return Verdict.UNPROVEN, (
            "It carries text of this program, but no watermark: an early version made it, it has changed a lot, "
            "or somebody put the text on another picture."
        )
    if found is None:
        return Verdict.OTHER, (
            "No mark of this program is in it. That does not show that it is a photo: other programs make pictures "
            "too, and marks can be removed."
        )
    if not own:
        return Verdict.EDITED, "The watermark is ours, but the recipe in the file is that of another picture."
    if credentials and not credentials.valid:
        return Verdict.EDITED, "The watermark is ours, but the file has changed since it was signed."
    if unchanged:
        return Verdict.MADE, "Every pixel is as it was written here."
    if unchanged is False:
        return Verdict.EDITED, "The watermark is ours, but the pixels are not those that were written here."
    if found.moved:
        return Verdict.EDITED, "The watermark is ours, but it is a part of the picture, or has something around it."
    missing = "" if text else " It does not carry its recipe."
    return Verdict.MADE, (
        "The watermark in its pixels is ours. It is a JPEG or was saved by another program, where small changes cannot "
        f"be told.{missing}"
    )


def _claims(image: Image.Image) -> str:
    """What a file says in XMP, and else in a text of its own; of any length, by anybody."""
    xmp = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    text = xmp.decode("utf-8", "replace") if isinstance(xmp, bytes) else str(xmp)
    stated = image.info.get(SOURCE_KEY)
    return text or (f'DigitalSourceType="{stated}"' if isinstance(stated, str) else "")


def _parsed(text: str | None) -> Recipe | TryOnOrigin | None:
    """The recipe in a text, when it is one."""
    for kind in (Recipe, TryOnOrigin):
        try:
            return kind.from_json(text or "")
        except InputError:
            continue
    return None
