"""What is kept for each visitor: little, and not for long. Gradio keeps half a megabyte for each of 10,000 sessions."""

from __future__ import annotations

import gc
import sys
import threading
import time
from copy import copy
from datetime import datetime, timedelta
from typing import Any

import gradio as gr
from gradio import state_holder
from gradio.state_holder import SessionState

from vton.ui.server.memory import give_memory_back

MOST_SESSIONS = 500  # beyond, the one that was used least recently goes
KEEP_CLOSED, KEEP_IDLE = timedelta(minutes=10), timedelta(hours=1)


class LightSession(SessionState):
    """A visitor's values without Gradio's copy of the whole page, which only its deep links read.

    The copy takes 480 KB and 20 ms of each first request; here it holds what changed.
    """

    def __init__(self, blocks: gr.Blocks) -> None:  # not Gradio's own, which makes the copy
        self.blocks_config = copy(blocks.default_config)
        self.config_values: dict[int, Any] = {}
        self.state_data: dict[int, Any] = {}
        self._state_ttl: dict[int, Any] = {}
        self.is_closed = False
        self.STATE_TTL_WHEN_CLOSED = KEEP_CLOSED.total_seconds()


def keep_light_sessions() -> None:
    """From now on Gradio's servers in this process keep `LightSession`."""
    state_holder.SessionState = LightSession


def tidy_regularly(page: gr.Blocks, every_seconds: float = 30) -> None:
    """Forgets old sessions in the background as long as the program runs, and gives freed memory back to the system."""
    queue = page._queue
    queue.ANALYTICS_MAX_EVENTS = 100  # instead of 10,000, over which Gradio computes a summary after every event:
    queue.ANAYLTICS_CACHE_FREQUENCY = sys.maxsize  # never (the name is Gradio's), for nobody looks at it

    def work() -> None:
        while True:
            time.sleep(every_seconds)
            forget_sessions(page, datetime.now())
            gc.collect()  # what errors hold by their frames, where these refer to each other
            give_memory_back()

    threading.Thread(target=work, name="tidy", daemon=True).start()


def forget_sessions(page: gr.Blocks, now: datetime) -> None:
    """Drops sessions that were closed or idle for long, with all that waits for them."""
    holder, queue = page.state_holder, page._queue
    for name, state in list(holder.session_data.items()):
        idle = now - holder.time_last_used.get(name, now)
        if idle < (KEEP_CLOSED if state.is_closed else KEEP_IDLE):
            continue
        holder.delete_state(name)  # what its values hold, too
        with holder.lock:
            holder.session_data.pop(name, None)
            holder.time_last_used.pop(name, None)
        queue.pending_event_ids_session.pop(name, None)
        queue.pending_messages_per_session.pop(name, None)
