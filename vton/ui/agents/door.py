"""What reaches the MCP server over HTTP: requests of a bounded size."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from vton.ui.server.open_routes import API

MOST_BYTES = 45_000_000  # a picture of 30 MB in base64, and a little more
_NO_LENGTH, _TOO_LARGE, _UNREADABLE, _OWN_MISTAKE = 411, 413, 400, 500


class AgentDoor:
    """ASGI middleware: a request to the MCP server says how long it is, since that server reads it as a whole.

    Args:
        app: what to call with all that is let in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes a request on unless it is one to the MCP server that is too long."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].startswith(f"{API}mcp"):
            length = dict(scope["headers"]).get(b"content-length", b"")
            if not length.isdigit():
                return await JSONResponse({"detail": "Say Content-Length."}, _NO_LENGTH)(scope, receive, send)
            if int(length) > MOST_BYTES:
                detail = f"Send at most {MOST_BYTES // 1_000_000} MB at once: smaller pictures do as well."
                return await JSONResponse({"detail": detail}, _TOO_LARGE)(scope, receive, send)
            return await self.app(scope, receive, _in_words(send))
        await self.app(scope, receive, send)


def _in_words(send: Send) -> Send:
    """The MCP server calls a request that nobody could read, such as one nested too deeply, a mistake of its own."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] == _OWN_MISTAKE:
            message = {**message, "status": _UNREADABLE}
        await send(message)

    return answer
