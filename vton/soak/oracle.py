"""What may come back: the right result, or one line of message that tells nothing of the machine."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from vton.soak.hostile.names import MARK
from vton.soak.wire import Answer

MAX_MESSAGE = 300
_PATH = re.compile(r"(?<![\w:/.<])/(?!gradio_api)[\w.+-]+/[\w.+-]|\b[A-Za-z]:\\\\?\w|site-packages|\bfile://")
_TRACEBACK = re.compile(r"Traceback|File \"|\bline \d+, in |raise \w+Error")
_OPAQUE = re.compile(
    r"upstream Gradio app|validation error|pydantic|object has no attribute|NoneType|not subscriptable|<class |"
    r"Internal Server Error|unexpected keyword|positional argument|Errno"
)
_MARKUP = re.compile(r"<\s*[a-zA-Z/!]")
_WAIT = re.compile(r"try again in \d|too many|queue is full", re.IGNORECASE)
_EMPTY = {"", "none", "null", "nan", "error"}
_MARKED = re.compile(rf"<[^<>]*{MARK}")


def message_of(answer: Answer) -> str | None:
    """The text that a visitor sees instead of a result; None when there is none."""
    data = answer.data
    if answer.event == "refused":
        data = _detail(data)
    if isinstance(data, dict):
        data = data.get("error")
    return data if isinstance(data, str) else None


def _detail(body: str) -> str:
    """The words of an HTTP error: FastAPI and Gradio wrap them in JSON."""
    try:
        content = json.loads(body)
    except ValueError:
        return body
    if not isinstance(content, dict):
        return body
    detail = content.get("detail", content.get("error"))
    if isinstance(detail, list):
        detail = "; ".join(str(one.get("msg")) if isinstance(one, dict) else str(one) for one in detail)
    return str(detail)


def faults_of_message(text: str | None, sent: str = "") -> Iterator[str]:
    """What is wrong with a message.

    Args:
        text: the message.
        sent: all that the client sent, as text: a path in it is not the machine's secret.
    """
    if text is None or text.strip(" .").lower() in _EMPTY:
        yield "empty message"
        return
    if any(found not in sent for found in _paths(text)):
        yield "path told"
    if _TRACEBACK.search(text):
        yield "traceback told"
    if _OPAQUE.search(text):
        yield "opaque message"
    if _MARKUP.search(text):
        yield "markup"
    if "\n" in text.strip():
        yield "several lines"
    if len(text) > MAX_MESSAGE:
        yield "long message"


def _paths(text: str) -> Iterator[str]:
    for found in _PATH.finditer(text):
        yield re.split(r"[\s'\"`,;)]", text[found.start() :], maxsplit=1)[0].rstrip(".:")
    yield from (root for root in _roots() if root in text)


def _roots() -> set[str]:
    return {tempfile.gettempdir(), str(Path.home())} - {"/"}


def faults_of_result(data: Any) -> Iterator[str]:
    """What is wrong with the texts of a result; where files lie is Gradio's protocol and not counted."""
    for text in _texts(data):
        if any(True for _ in _paths(text)):
            yield "path told"
        if _TRACEBACK.search(text):
            yield "traceback told"
        if _MARKED.search(text):
            yield "markup"


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict) and not {"path", "url"} <= set(data):
        yield from _texts(list(data.values()))
    elif isinstance(data, list):
        for one in data:
            yield from _texts(one)


def faults_of(answer: Answer, sent: str = "", must_refuse: bool = False) -> list[str]:
    """Kinds of faults of one answer, in no order; none when all is well."""
    faults: list[str] = [fault for text in answer.said for fault in faults_of_message(text, sent)]
    if answer.event == "unanswered":
        faults.append("unanswered")
    elif answer.event == "complete":
        faults += faults_of_result(answer.data)
        if must_refuse and not answer.said:  # the page may go on without what it refused, and say so
            faults.append("not refused")
    elif answer.event in ("error", "refused"):
        faults += faults_of_message(message_of(answer), sent)
    return sorted(set(faults))


def told_to_wait(answer: Answer) -> bool:
    """Whether the server is full and says so: a good answer, after which a visitor comes again."""
    return answer.status == 503 or (answer.event == "error" and bool(_WAIT.search(message_of(answer) or "")))


def alike(answers: Iterable[Answer]) -> bool:
    """Whether answers cannot be told apart by what they say."""
    return len({(answer.event == "complete", answer.status, message_of(answer)) for answer in answers}) <= 1
