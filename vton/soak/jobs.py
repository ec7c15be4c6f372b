"""What one visitor does at one index of a seed, and what was wrong with what came back."""

from __future__ import annotations

import http.client
import json
import random
import urllib.parse
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from vton.soak.bait import Bait, as_upload
from vton.soak.endpoints import data_of, working
from vton.soak.hostile.arguments import hostile_arguments
from vton.soak.hostile.files import FILE_COUNT, hostile_file
from vton.soak.hostile.raw_requests import ADDRESSES, BODIES
from vton.soak.known import Known
from vton.soak.oracle import alike, faults_of, message_of, told_to_wait
from vton.soak.page_events import PageEvent, hostile_values
from vton.soak.wire import API, Answer, Client, HTTPRefusal

SHARES = {
    "valid": 0.35, "file": 0.25, "arguments": 0.18, "page": 0.1, "leave": 0.05, "cancel": 0.03, "body": 0.02,
    "fetch": 0.02,
}  # fmt: skip
SLOW = ("lookbook", "compare")  # asked less often
FILE_TARGETS = (
    ("generate", "top"), ("generate", "pose_photo"), ("lookbook", "tried"), ("pose", "photo"), ("cutout", "photo"),
    ("tryon", "person"), ("tryon", "garment"), ("compare", "person"), ("compare", "garment"), ("mix", "source"),
    ("verify", "picture"),
)  # fmt: skip


@dataclass
class Outcome:
    """What came of one index.

    Attributes:
        index, kind, endpoint, what: what was done; `what` in words.
        answers: one, or two that had to be alike.
        faults: kinds of them.
        waits: the server said that it is full, which is a good answer.
    """

    index: int
    kind: str
    endpoint: str
    what: str
    answers: list[Answer] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    waits: bool = False

    def to_dict(self) -> dict[str, Any]:
        """For the report: what was done and said."""
        said = [message_of(answer) or answer.data for answer in self.answers]
        return {
            "index": self.index, "kind": self.kind, "endpoint": self.endpoint, "what": self.what,
            "faults": self.faults, "events": [f"{a.event} {a.status}" for a in self.answers],
            "said": [str(text)[:400] for text in said], "seconds": [round(a.seconds, 2) for a in self.answers],
        }  # fmt: skip


class Jobs:
    """All jobs of a seed.

    Args:
        seed: of everything.
        bait, known, events: what jobs name, what is right, and the page's events.
        generate_event: the number of /generate for those who ask as the page does.

    Attributes:
        hostile: all hostile arguments; turns: endpoints in the order that valid requests go to them.
    """

    def __init__(self, seed: int, bait: Bait, known: Known, events: list[PageEvent], generate_event: int) -> None:
        self.seed, self.bait, self.known, self.events = seed, bait, known, events
        self.generate_event = generate_event
        self.hostile = hostile_arguments(seed)
        slow = [name for name in known.right if name in SLOW]
        self.turns = [name for name in known.right if name not in SLOW] * 3 + slow

    def kind_of(self, index: int) -> str:
        """What the job of an index does: a key of ``SHARES``."""
        kinds, shares = list(SHARES), list(SHARES.values())
        return random.Random(f"{self.seed}/kind/{index}").choices(kinds, shares)[0]

    def run(self, index: int, visitor: Client, kind: str | None = None) -> Outcome:
        """Does the job of an index; ``kind`` is that of the index by default."""
        kind = kind or self.kind_of(index)
        work: Callable[[int, Client], Outcome] = getattr(self, kind)
        try:
            outcome = work(index, visitor)
        except HTTPRefusal as refused:  # by the upload
            answer = Answer("refused", refused.status, refused.text)
            outcome = _judged(Outcome(index, kind, "upload", "an upload", [answer]))
        except (OSError, ValueError, http.client.HTTPException, zipfile.BadZipFile) as error:
            answer = Answer("unanswered", data=f"{type(error).__name__} {error}"[:200])
            outcome = _judged(Outcome(index, kind, "upload", "an upload or download", [answer]))
        outcome.waits = any(map(told_to_wait, outcome.answers))
        return outcome

    def valid(self, index: int, visitor: Client) -> Outcome:
        """A request whose answer is known, each endpoint in its turn."""
        endpoint = self.turns[index % len(self.turns)]
        answer = self.known.ask(visitor, endpoint)
        outcome = _judged(Outcome(index, "valid", endpoint, "known", [answer]))
        if answer.event == "complete" and not self.known.is_right(visitor, endpoint, answer):
            outcome.faults.append("wrong bytes")
        elif answer.event != "complete" and not told_to_wait(answer) and not outcome.faults:
            outcome.faults.append("valid refused")
        return outcome

    def file(self, index: int, visitor: Client) -> Outcome:
        """A hostile file, where pictures are taken; those with a recipe go where recipes are read."""
        number = index % FILE_COUNT
        kind, name, content = hostile_file(self.seed, number)
        endpoint, parameter = self._rng(index).choice(FILE_TARGETS)
        if kind.startswith("recipe"):
            endpoint, parameter = "mix", "source"
        uploads = self.known.uploads(visitor)
        hostile: Any = as_upload(visitor.upload(name, content))
        values = working(endpoint, uploads) | {parameter: [hostile] if parameter == "tried" else hostile}
        answer = visitor.ask(endpoint, data_of(endpoint, values))
        return _judged(Outcome(index, "file", endpoint, f"{parameter}: file {number}, {kind}, {name[:60]!r}", [answer]))

    def arguments(self, index: int, visitor: Client) -> Outcome:
        """One hostile argument among good ones; twice where a file is there and where it is not."""
        argument = self.hostile[index % len(self.hostile)]
        uploads = self.known.uploads(visitor)
        outcome = Outcome(index, "arguments", argument.endpoint, f"{argument.name}: {argument.label}")
        for value in argument.values(self.bait, uploads["garment"]["path"]):
            data = data_of(argument.endpoint, working(argument.endpoint, uploads) | {argument.name: value})
            answer = visitor.ask(argument.endpoint, data)
            outcome.answers.append(answer)
            outcome.faults += faults_of(answer, json.dumps(value), argument.must_refuse)
        if not alike(outcome.answers) and not any(map(told_to_wait, outcome.answers)):
            outcome.faults.append("told apart")
        return outcome

    def page(self, index: int, visitor: Client) -> Outcome:
        """An event of the page with one hostile value."""
        rng = self._rng(index)
        event = rng.choice(self.events)
        good = as_upload(visitor.upload("garment.png", self.known.photos["garment"]))
        what, values, must_refuse = hostile_values(event, rng, self.bait, good)
        answer = visitor.ask(event.number, values)
        faults = faults_of(answer, json.dumps(values), must_refuse)
        return Outcome(index, "page", f"{event.number} {event.name}", what, [answer], faults)

    def body(self, index: int, visitor: Client) -> Outcome:
        """A body that is no request."""
        path, content = BODIES[index % len(BODIES)]
        answer = visitor.ask_raw(f"{API}/{path}", content)
        return _judged(Outcome(index, "body", path, repr(content[:60]), [answer]))

    def fetch(self, index: int, visitor: Client) -> Outcome:
        """An address that reaches for a file outside, there or not."""
        address = ADDRESSES[index % len(ADDRESSES)]
        outcome = Outcome(index, "fetch", "fetch", address("FILE", self.bait))
        for path in (str(self.bait.secret), str(self.bait.gone)):
            sent = address(path, self.bait)
            answer = visitor.ask_for(sent)
            outcome.answers.append(answer)
            if answer.event != "complete":
                outcome.faults += faults_of(answer, sent + urllib.parse.unquote(sent))
            elif self.bait.secret.read_bytes() == answer.data:
                outcome.faults.append("not refused")
        return outcome

    def leave(self, index: int, visitor: Client) -> Outcome:
        """A visitor who asks for four pictures and goes away."""
        answer = visitor.leave("generate", self._four(visitor), self._rng(index).uniform(0.05, 1))
        return Outcome(index, "leave", "generate", "leaves", [answer])

    def cancel(self, index: int, visitor: Client) -> Outcome:
        """A visitor who asks for four pictures and presses Cancel."""
        answer = visitor.cancel(self.generate_event, self._four(visitor), self._rng(index).uniform(0.05, 1))
        return _judged(Outcome(index, "cancel", "generate", "cancels", [answer]))

    def _four(self, visitor: Client) -> list[Any]:
        uploads = self.known.uploads(visitor)
        return data_of("generate", working("generate", uploads) | {"count": 4})

    def _rng(self, index: int) -> random.Random:
        return random.Random(f"{self.seed}/job/{index}")


def _judged(outcome: Outcome) -> Outcome:
    outcome.faults += [fault for answer in outcome.answers for fault in faults_of(answer)]
    return outcome
