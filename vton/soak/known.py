"""Valid requests whose results are known: computed on the quiet server, they must never change under load."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from vton.schema import InputError
from vton.soak.bait import Bait, as_upload
from vton.soak.endpoints import data_of, working
from vton.soak.oracle import message_of
from vton.soak.wire import Answer, Client

VALID = ("generate", "mix", "pose", "cutout", "tryon", "lookbook", "compare", "verify")


def fingerprint(visitor: Client, data: Any) -> str:
    """A digest of a result: pixels and recipe of every picture, every file of an archive, all words but the times."""
    digest = hashlib.sha256()
    for part in _parts(visitor, data):
        digest.update(part)
    return digest.hexdigest()[:16]


def _parts(visitor: Client, data: Any) -> list[bytes]:
    if isinstance(data, list):
        return [part for one in data for part in _parts(visitor, one)]
    if isinstance(data, dict) and {"path", "url"} <= set(data):
        return _contents(visitor.download(data))
    if isinstance(data, dict):
        data = {name: value for name, value in data.items() if name != "seconds"}
    return [json.dumps(data, sort_keys=True).encode()]


def _contents(file: bytes) -> list[bytes]:
    if file[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(file)) as archive:
            return [part for name in sorted(archive.namelist()) for part in _contents(archive.read(name))]
    with Image.open(io.BytesIO(file)) as image:
        return [image.tobytes(), str(image.info.get("vton")).encode()]


@dataclass
class Known:
    """The right results.

    Attributes:
        photos: the good files by name, as they are uploaded; "made" is a PNG that the server drew.
        right: endpoint -> fingerprint.
    """

    photos: dict[str, bytes]
    right: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, visitor: Client, bait: Bait, endpoints: tuple[str, ...] = VALID) -> Known:
        """Asks for each once; raises InputError when the quiet server does not answer."""
        known = cls({name: bait.example(name) for name in ("person", "garment", "trousers")})
        first = known.ask(visitor, "generate")
        known.photos["made"] = visitor.download(_result("generate", first)[0][0])
        for endpoint in endpoints:
            answer = known.ask(visitor, endpoint)
            known.right[endpoint] = fingerprint(visitor, _result(endpoint, answer))
        return known

    def uploads(self, visitor: Client) -> dict[str, Any]:
        """Uploads the good files; raises HTTPRefusal."""
        return {name: as_upload(visitor.upload(f"{name}.png", content)) for name, content in self.photos.items()}

    def ask(self, visitor: Client, endpoint: str) -> Answer:
        """Sends the valid request to an endpoint."""
        return visitor.ask(endpoint, data_of(endpoint, working(endpoint, self.uploads(visitor))))

    def is_right(self, visitor: Client, endpoint: str, answer: Answer) -> bool:
        """Whether a result is the known one."""
        return fingerprint(visitor, answer.data) == self.right[endpoint]


def _result(endpoint: str, answer: Answer) -> Any:
    if answer.event != "complete":
        raise InputError(f"The quiet server does not answer /{endpoint}: {message_of(answer) or answer.event}")
    return answer.data
