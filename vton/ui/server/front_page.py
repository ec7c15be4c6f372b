"""What others see of the page's address: its description, and a picture where somebody sends it on."""

from __future__ import annotations

import re
from typing import Any

from starlette.datastructures import URL
from starlette.responses import FileResponse

from vton.ui.browser import PREVIEW
from vton.ui.texts import HERE
from vton.ui.widgets import escaped

PREVIEW_PATH = "/preview.jpg"
LANGUAGE = f"<script>{(HERE / 'language.js').read_text(encoding='utf-8')}</script>"
_STOCK = re.compile(rb'\s*<meta\s+(?:property="og:|name="twitter:)[^>]*>')  # Gradio's own, twice


class FrontPage:
    """ASGI middleware: puts our tags in the place of those that Gradio gives every page, and the texts before Gradio.

    Args:
        app: what answers.
        title, description: of the page.
    """

    def __init__(self, app: Any, title: str, description: str) -> None:
        self.app, self.title, self.description = app, title, description

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answers one request."""
        if scope["type"] != "http" or scope["path"] not in ("/", PREVIEW_PATH):
            await self.app(scope, receive, send)
        elif scope["path"] == PREVIEW_PATH:
            await FileResponse(PREVIEW)(scope, receive, send)
        else:
            await self._page(scope, receive, send)

    async def _page(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        # The page must come as text to be changed here.
        plain = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        start: dict[str, Any] = {}
        body = b""

        async def changing_send(message: dict[str, Any]) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body"):
                return
            head = scope["method"] == "HEAD"
            changed = body if head else self._with_tags(body, str(URL(scope=scope).replace(query="", fragment="")))
            headers = [(name, value) for name, value in start["headers"] if name.lower() != b"content-length"]
            if not head:
                headers.append((b"content-length", str(len(changed)).encode()))
            await send({**start, "headers": headers})
            await send({**message, "body": changed})

        await self.app({**scope, "headers": plain}, receive, changing_send)

    def _with_tags(self, page: bytes, address: str) -> bytes:
        tags = {
            'name="description"': self.description, 'property="og:title"': self.title, 'property="og:type"': "website",
            'property="og:description"': self.description, 'property="og:url"': address,
            'property="og:image"': address.rstrip("/") + PREVIEW_PATH, 'name="twitter:card"': "summary_large_image",
        }  # fmt: skip
        lines = "".join(f'\n<meta {key} content="{_quoted(value)}" />' for key, value in tags.items())
        page = _STOCK.sub(b"", page).replace(b"<head>", b"<head>" + lines.encode(), 1)
        return page.replace(b"</head>", LANGUAGE.encode() + b"</head>", 1)  # after the page's settings


def _quoted(text: str) -> str:
    """Text as the value of an attribute."""
    return escaped(text).replace('"', "&quot;")
