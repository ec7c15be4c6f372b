"""A client that leaves or cancels, seen through a served page: the server stops, and the next one has its turn."""

import http.client
import json
import time

import gradio as gr
import pytest
from gradio_client import Client

from vton.ui.server.turns import Turns
from vton.ui.server.visitor import Visitor

STEPS = 400


@pytest.fixture(scope="module")
def served():
    """Address of a page whose one event draws 400 pictures of 20 ms, its line, and the pictures drawn so far."""
    turns, drawn = Turns(most_seconds=99), []

    def draw(name):
        tell = turns.between(None)
        with turns.turn("picture", STEPS):
            for number in range(1, STEPS + 1):
                time.sleep(0.02)
                drawn.append(name)
                tell(number, STEPS)
        return name

    with gr.Blocks() as page:
        box = gr.Textbox()
        gr.Button().click(draw, box, box, api_name="draw", concurrency_limit=9)
    _, address, _ = page.launch(prevent_thread_lock=True, quiet=True, server_name="127.0.0.1", inbrowser=False)
    yield address, turns, drawn
    page.close()


def stops(turns):
    """Waits until nobody has a turn, for less time than all pictures would take."""
    limit = time.time() + STEPS * 0.02 - 1
    while time.time() < limit:
        with turns._lock:  # between two steps there is no holder for a moment
            if turns._holder is None:
                return True
        time.sleep(0.02)
    return False


def test_work_stops_when_the_connection_closes(served):
    address, turns, drawn = served
    host = address.removeprefix("http://").rstrip("/")
    post = http.client.HTTPConnection(host, timeout=20)
    body = json.dumps({"data": ["left"]})
    post.request("POST", "/gradio_api/call/draw", body, {"content-type": "application/json"})
    event = json.loads(post.getresponse().read())["event_id"]
    listen = http.client.HTTPConnection(host, timeout=20)
    listen.request("GET", f"/gradio_api/call/draw/{event}")
    response = listen.getresponse()
    while "left" not in drawn:
        time.sleep(0.01)
    response.close()
    listen.close()
    assert stops(turns) and drawn.count("left") < STEPS


def test_work_stops_when_it_is_cancelled(served):
    address, turns, drawn = served
    job = Client(address, verbose=False).submit("cancelled", api_name="/draw")
    while "cancelled" not in drawn:
        time.sleep(0.01)
    job.cancel()
    assert stops(turns) and drawn.count("cancelled") < STEPS


def test_outside_of_an_event_somebody_is_always_there():
    visitor = Visitor.current()
    visitor.tell("nobody hears this", 1, 2)
    assert visitor.here() and visitor.session is None and Visitor.current() is not visitor
