"""Uploads that the disk has no room for are refused in words, before anything is written."""

from __future__ import annotations

import shutil
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from vton.ui.server.outbox import NO_ROOM
from vton.ui.server.startup import DISK_ERRORS
from vton.ui.texts import speak
from vton.ui.texts.messages import translated

RESERVE_BYTES = 1_000_000  # for the pictures that are made of an upload
_INSUFFICIENT_STORAGE = 507


class UploadRoom:
    """ASGI middleware for Gradio's upload route; the page shows the text of its answer.

    Args:
        app: what to call with all else.
        folder: where uploads go.
    """

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self.app, self.folder = app, folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on unless it is an upload without room."""
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].rstrip("/").endswith("/upload"):
            return await self.app(scope, receive, send)
        speak(Headers(scope=scope))
        full = PlainTextResponse(translated(NO_ROOM), _INSUFFICIENT_STORAGE)
        if shutil.disk_usage(self.folder).free < _length(scope) + RESERVE_BYTES:
            return await full(scope, receive, send)
        try:
            await self.app(scope, receive, send)
        except OSError as error:  # the room was gone meanwhile; no answer has begun before an upload is complete
            if error.errno not in DISK_ERRORS:
                raise
            await full(scope, receive, send)


def _length(scope: Scope) -> int:
    """Bytes that a request announces; 0 when it does not say."""
    text = dict(scope["headers"]).get(b"content-length", b"")
    return int(text) if text.isdigit() else 0
