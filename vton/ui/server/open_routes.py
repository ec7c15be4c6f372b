"""The addresses that this page answers; Gradio has more, which fetch foreign pages, run ffmpeg or show statistics."""

from __future__ import annotations

import logging
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

NO_EVENT = b'event: error\ndata: {"error": "There is no such event, or no longer: send the request again."}\n\n'
log = logging.getLogger(__name__)
API = "/gradio_api/"
# The first word after API. Elsewhere all is open but statistics: the page itself and its scripts.
OPEN = {
    "api", "app_id", "call", "cancel", "heartbeat", "info", "login_check", "openapi.json", "queue", "reset", "run",
    "startup-events", "theme.css", "token", "upload", "upload_progress", "user",
}  # fmt: skip
# The MCP server's present transport, and its schema for Use via API; the older ones (sse, messages) stay closed.
MCP = {"mcp", "mcp/", "mcp/schema"}
CLOSED = "There is nothing at this address: see Use via API at the foot of the page."
UNREADABLE = "This request cannot be read: see Use via API at the foot of the page for what to send."


def is_open(path: str) -> bool:
    """Whether this page answers at an address."""
    if not path.startswith(API):
        return path.strip("/").split("/")[0] != "monitoring"
    word = path.removeprefix(API)
    if word.startswith("file="):  # a file of the upload folder; of a URL, Gradio would fetch it for anybody
        return "://" not in word
    return word in MCP or word.split("/")[0] in OPEN


class OpenRoutes:
    """ASGI middleware: closes all other addresses, and answers what Gradio cannot read with a line, not a traceback."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if not is_open(scope["path"]):
            await JSONResponse({"detail": CLOSED}, 404)(scope, receive, send)
            return
        started = False

        async def noting_send(message: dict[str, Any]) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, noting_send)
        except Exception as error:
            if started and isinstance(error.__cause__, HTTPException):  # Gradio looks for an event when it has answered
                await send({"type": "http.response.body", "body": NO_EVENT, "more_body": False})
                return
            if started or not scope["path"].startswith(API):
                raise
            log.warning("%s %s could not be read: %s", scope["method"], scope["path"][:80], type(error).__name__)
            log.debug("the traceback", exc_info=True)
            await JSONResponse({"detail": UNREADABLE}, 400)(scope, receive, send)
