"""A visitor's side of Gradio's HTTP API: upload, ask, read the stream, leave in the middle, cancel."""

from __future__ import annotations

import http.client
import json
import threading
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

API = "/gradio_api"
_JSON = {"Content-Type": "application/json"}
# Messages of the stream that tell a visitor something before the result is there.
_FIRST_WORDS = ("estimation", "process_starts", "process_completed")


class HTTPRefusal(Exception):
    """An HTTP status other than 200, with the body's text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(f"{status} {text[:200]}")
        self.status, self.text = status, text


@dataclass
class Answer:
    """What came back for one request.

    Attributes:
        event: "complete", "error" (a message instead of a result), "refused" (by HTTP status), "left" (the visitor
            went away, as planned) or "unanswered" (nothing final within the limit, or the connection broke).
        status: of HTTP.
        data: the result, or what stands for a message.
        said: messages shown on the way, such as toasts.
        seconds: until the final word; first_word: until the first one of any kind, in seconds.
    """

    event: str
    status: int = 200
    data: Any = None
    said: list[Any] = field(default_factory=list)
    seconds: float = 0.0
    first_word: float | None = None


class Client:
    """One visitor with a session of its own, who asks one thing at a time.

    Args:
        address: host and port.
        limit: seconds in which every answer must be there.
    """

    def __init__(self, address: tuple[str, int], limit: float = 120) -> None:
        self.address, self.limit = address, limit
        self.session = uuid.uuid4().hex[:12]

    def get(self, path: str) -> bytes:
        """The body of a GET; raises HTTPRefusal, or OSError and HTTPException when there is no answer."""
        return self._request("GET", path, None, {})

    def get_json(self, path: str) -> Any:
        """The JSON of a GET."""
        return json.loads(self.get(path))

    def download(self, file: dict[str, Any]) -> bytes:
        """A file of a result."""
        url = urllib.parse.urlsplit(file["url"])
        return self.get(urllib.parse.quote(url.path, safe="/=%"))

    def upload(self, name: str, content: bytes) -> str:
        """Uploads one file and returns where the server keeps it.

        Raises:
            HTTPRefusal: the server did not take it.
        """
        boundary = uuid.uuid4().hex
        plain = name.replace("\\", "\\\\").replace('"', '\\"').replace("\r", "%0D").replace("\n", "%0A")
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{plain}"\r\n'
        body = f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content
        body += f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        return json.loads(self._request("POST", f"{API}/upload", body, headers))[0]

    def ask(self, endpoint: str | int, data: Any) -> Answer:
        """Asks a named endpoint, or an event of the page by its number, and waits for the final word."""
        if isinstance(endpoint, str):
            return self._timed(lambda: self._call(endpoint, data))
        return self._timed(lambda: self.join(endpoint, data))

    def ask_raw(self, path: str, body: bytes) -> Answer:
        """Posts any bytes as JSON; the body of a 200 is the result, an event's id is not followed."""

        def post() -> Answer:
            return Answer("complete", data=self._request("POST", path, body, _JSON).decode())

        return self._timed(post)

    def ask_for(self, path: str) -> Answer:
        """The answer to a GET; its data are bytes."""
        return self._timed(lambda: Answer("complete", data=self.get(path)))

    def join(
        self, number: int, data: list[Any], leave_after: float | None = None, cancel_after: float | None = None
    ) -> Answer:
        """Asks as the page does, through the queue.

        Args:
            number: of the event.
            leave_after: seconds after which the visitor closes the connection, if at all.
            cancel_after: seconds after which the visitor presses Cancel, if at all; the stream goes on to its end.
        """
        start = time.monotonic()
        body = {"data": data, "fn_index": number, "session_hash": self.session, "event_data": None, "trigger_id": None}
        event = self._post(f"{API}/queue/join", body)["event_id"]
        if cancel_after is not None:
            wanted = {"session_hash": self.session, "fn_index": number, "event_id": event}
            threading.Timer(cancel_after, self.ask_raw, (f"{API}/cancel", json.dumps(wanted).encode())).start()
        answer = Answer("unanswered" if leave_after is None else "left")
        for message in self._stream(f"{API}/queue/data?session_hash={self.session}", start, leave_after):
            kind = message.get("msg")
            if kind in _FIRST_WORDS and answer.first_word is None:
                answer.first_word = time.monotonic() - start
            if kind == "log":
                answer.said.append(message.get("log"))
            if kind == "unexpected_error":
                answer.event, answer.data = "error", message.get("message")
                return answer
            if kind == "process_completed":
                output = message.get("output") or {}
                answer.event = "complete" if message.get("success") else "error"
                answer.data = output.get("data") if message.get("success") else output
                return answer
        return answer

    def leave(self, endpoint: str, data: list[Any], after: float) -> Answer:
        """Asks a named endpoint and closes the connection ``after`` seconds, whether or not there is an answer."""
        return self._timed(lambda: self._call(endpoint, data, after))

    def cancel(self, number: int, data: list[Any], after: float) -> Answer:
        """Asks as the page does and presses Cancel ``after`` seconds."""
        return self._timed(lambda: self.join(number, data, cancel_after=after))

    def _call(self, endpoint: str, data: Any, leave_after: float | None = None) -> Answer:
        start = time.monotonic()
        event = self._post(f"{API}/call/{endpoint}", {"data": data})["event_id"]
        for message in self._stream(f"{API}/call/{endpoint}/{event}", start, leave_after):
            if message.get("event") in ("complete", "error"):
                return Answer(message["event"], data=message["data"])
        return Answer("unanswered" if leave_after is None else "left")

    def _timed(self, work: Callable[[], Answer]) -> Answer:
        start = time.monotonic()
        try:
            answer = work()
        except HTTPRefusal as refused:
            answer = Answer("refused", refused.status, refused.text)
        except (OSError, http.client.HTTPException, ValueError, KeyError) as error:
            answer = Answer("unanswered", data=f"{type(error).__name__} {error}"[:200])
        answer.seconds = time.monotonic() - start
        return answer

    def _post(self, path: str, body: Any) -> Any:
        return json.loads(self._request("POST", path, json.dumps(body).encode(), _JSON))

    def _request(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> bytes:
        connection = http.client.HTTPConnection(*self.address, timeout=self.limit)
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read()
        except http.client.IncompleteRead as cut:  # Gradio cuts a stream off after its last word
            content = cut.partial
        finally:
            connection.close()
        if response.status != 200:
            raise HTTPRefusal(response.status, content.decode("utf-8", "replace"))
        return content

    def _stream(self, path: str, start: float, leave_after: float | None) -> Iterator[dict[str, Any]]:
        """Messages of a stream of server-sent events, until its end, the limit, or the time to leave.

        A message of a named event is ``{"event": ..., "data": ...}``; others are the JSON itself.
        """
        end = start + (self.limit if leave_after is None else leave_after)
        connection = http.client.HTTPConnection(*self.address, timeout=max(0.05, end - time.monotonic()))
        try:
            connection.request("GET", path)
            yield from self._messages(connection, end)
        except TimeoutError:
            return
        finally:
            connection.close()

    @staticmethod
    def _messages(connection: http.client.HTTPConnection, end: float) -> Iterator[dict[str, Any]]:
        response = connection.getresponse()
        if response.status != 200:
            raise HTTPRefusal(response.status, response.read().decode("utf-8", "replace"))
        event = None
        while time.monotonic() < end:
            if connection.sock:
                connection.sock.settimeout(max(0.05, end - time.monotonic()))
            line = response.readline()
            if not line:
                return
            name, _, value = line.decode("utf-8").strip().partition(": ")
            if name == "event":
                event = value
            elif name == "data":
                content = json.loads(value)
                yield {"event": event, "data": content} if event else content
