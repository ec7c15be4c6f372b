"""Sessions are forgotten, and what is kept of them is small."""

from datetime import datetime, timedelta

import gradio as gr

from vton.ui.sessions import KEEP_CLOSED, KEEP_IDLE, forget_sessions


def page():
    deleted = []
    with gr.Blocks() as blocks:
        state = gr.State([], delete_callback=deleted.append)
        gr.Gallery([], label="x")
    blocks.queue()
    return blocks, state, deleted


def test_closed_and_idle_sessions_go_and_others_stay_small():
    blocks, state, deleted = page()
    now, holder = datetime.now(), blocks.state_holder
    for name in ("open", "closed", "idle"):
        holder[name][state._id] = [name]
        blocks._queue.pending_event_ids_session[name] = set()
    holder["closed"].is_closed = True
    assert holder["open"].config_values
    forget_sessions(blocks, now + KEEP_CLOSED + timedelta(seconds=9))
    assert set(holder.session_data) == {"open", "idle"} and deleted == [["closed"]]
    assert holder["open"][state._id] == ["open"] and not holder["open"].config_values
    holder.time_last_used["open"] = now + KEEP_IDLE
    forget_sessions(blocks, now + KEEP_IDLE + timedelta(seconds=9))
    assert set(holder.session_data) == set(holder.time_last_used) == {"open"} == {*blocks._queue.pending_event_ids_session}

