"""What Gradio keeps for each visitor, given back: by itself it keeps half a megabyte for each of 10,000 sessions."""

from __future__ import annotations

import ctypes
import sys
import threading
import time
from datetime import datetime, timedelta

import gradio as gr

MOST_SESSIONS = 500  # beyond, the one that was used least recently goes
KEEP_CLOSED, KEEP_IDLE = timedelta(minutes=10), timedelta(hours=1)
_ANALYTICS = 100  # of events, over which Gradio computes a summary after every single one


def tidy_regularly(page: gr.Blocks, every_seconds: float = 30) -> None:
    """Forgets old sessions in the background as long as the program runs, and gives freed memory back to the system."""
    page._queue.ANALYTICS_MAX_EVENTS = _ANALYTICS

    def work() -> None:
        while True:
            time.sleep(every_seconds)
            forget_sessions(page, datetime.now())
            give_memory_back()

    threading.Thread(target=work, name="tidy", daemon=True).start()


def forget_sessions(page: gr.Blocks, now: datetime) -> None:
    """Drops sessions that were closed or idle for long, and from all others a copy of the page that is never used."""
    holder, queue = page.state_holder, page._queue
    for name, state in list(holder.session_data.items()):
        state.config_values.clear()  # for deep links, which this page does not offer: 480 of 496 KB
        idle = now - holder.time_last_used.get(name, now)
        if idle < (KEEP_CLOSED if state.is_closed else KEEP_IDLE):
            continue
        holder.delete_state(name)  # what its values hold, too
        with holder.lock:
            holder.session_data.pop(name, None)
            holder.time_last_used.pop(name, None)
        queue.pending_event_ids_session.pop(name, None)
        queue.pending_messages_per_session.pop(name, None)


def give_memory_back() -> None:
    """Returns freed memory to the system, which the C library of Linux does late or never; elsewhere nothing."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
