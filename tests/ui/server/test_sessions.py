"""Sessions are forgotten, and what is kept of them is small."""

from datetime import datetime, timedelta

import gradio as gr
from gradio import state_holder
from gradio.state_holder import SessionState

from vton.ui.server.sessions import KEEP_CLOSED, KEEP_IDLE, LightSession, forget_sessions, keep_light_sessions


def page():
    deleted = []
    with gr.Blocks() as blocks:
        state = gr.State([], delete_callback=deleted.append)
        gr.Gallery([], label="x")
    blocks.queue()
    return blocks, state, deleted


def test_a_session_takes_no_copy_of_the_page_and_has_everything_else():
    blocks, state, _ = page()
    before = state_holder.SessionState
    try:
        keep_light_sessions()
        light = blocks.state_holder["light"]
    finally:
        state_holder.SessionState = before
    full = SessionState(blocks)
    assert type(light) is LightSession and full.config_values and not light.config_values
    assert vars(light).keys() == vars(full).keys()  # a new Gradio may need more
    assert light[state._id] == [] and light.blocks_config.blocks == full.blocks_config.blocks


def test_closed_and_idle_sessions_go_and_others_stay_small():
    blocks, state, deleted = page()
    now, holder = datetime.now(), blocks.state_holder
    for name in ("open", "closed", "idle"):
        holder[name][state._id] = [name]
        blocks._queue.pending_event_ids_session[name] = set()
    holder["closed"].is_closed = True
    forget_sessions(blocks, now + KEEP_CLOSED + timedelta(seconds=9))
    assert set(holder.session_data) == {"open", "idle"} and deleted == [["closed"]]
    assert holder["open"][state._id] == ["open"]
    holder.time_last_used["open"] = now + KEEP_IDLE
    forget_sessions(blocks, now + KEEP_IDLE + timedelta(seconds=9))
    assert set(holder.session_data) == set(holder.time_last_used) == {"open"}
    assert set(blocks._queue.pending_event_ids_session) == {"open"}
