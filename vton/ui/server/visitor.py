"""The client whose event is being answered: whether it is still there, and what it is told meanwhile.

Gradio drops an event from its queue when somebody cancels it, and marks it when the client's connection closes; it
can stop neither a function that waits nor one that computes. So those ask here, between two steps.
"""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import gradio as gr
from gradio.context import LocalContext
from gradio.helpers import TrackedIterable

from vton.ui.texts import say


class Gone(gr.Error):
    """Ends a job that nobody waits for any more; told to nobody, and no line in the log."""

    def __init__(self) -> None:
        super().__init__("Cancelled.", title="Cancelled", print_exception=False)


@dataclass
class Visitor:
    """Whoever waits for the answer to one event.

    Attributes:
        queue, event: of Gradio, and the event's id; None outside of an event.
        session: of the browser or script, None when there is none.
        admitted: whether the event was given a place in the line of `Turns`, which is never taken back.
    """

    queue: Any = None
    event: str | None = None
    session: str | None = None
    admitted: bool = False

    @classmethod
    def current(cls) -> Visitor:
        """That of the event whose function runs in this thread; the same object all along.

        A generator's function runs in another context after each yield: it asks once, at its start.
        """
        if (known := _current.get()) is not None:
            return known
        blocks, event = LocalContext.blocks.get(None), LocalContext.event_id.get(None)
        if blocks is None or event is None or not (waiting := blocks._queue.event_ids_to_events.get(event)):
            return cls()
        visitor = cls(blocks._queue, event, waiting.session_hash)
        _current.set(visitor)
        return visitor

    def here(self) -> bool:
        """Whether the answer is still wanted."""
        if self.queue is None:
            return True
        waiting = self.queue.event_ids_to_events.get(self.event)
        return waiting is not None and waiting.alive

    def tell(self, text: str, done: int | None = None, total: int | None = None, unit: str = "") -> None:
        """Shows a line, and how much is done, where the answer will appear; the last word counts.

        Args:
            unit: what is counted; pictures by default.
        """
        if self.queue is not None:
            share = None if done is None or total is None else done / total
            unit = unit or say("result.pictures")
            self.queue.set_progress(self.event, [TrackedIterable(None, done, total, text, unit, None, share)])


_current: ContextVar[Visitor | None] = ContextVar("visitor", default=None)
