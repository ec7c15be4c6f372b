"""Whatever a client sends in place of a value, it gets one line that says what to send, and the log stays clean."""

import json

import gradio as gr
import pytest
from every_event import answers, functions, good_value, replaced
from gradio_client import handle_file
from gradio_client.exceptions import AppError

from vton.schema import MAX_SEED
from vton.ui.page import FAILED
from vton.ui.server.client_values import READERS, read_value

NAN, INF = float("nan"), float("inf")
WRONG = [None, True, "7", "", "a" * 5_000_000, NAN, INF, -INF, 10**30, -(10**30), [], [1], [NAN], {}, {"a": 1}, [[{}]]]
CHOICES = [None, {}, [], "x", 0, *({"index": one} for one in (None, "0", -1, True, 0.5, NAN, [0, 1], {}, 10**9))]


def check(calls, errors):
    """Each error is one plain line for the client alone."""
    for (function, *_), error in zip(calls, errors, strict=True):
        if error is not None:
            assert error.message not in ("", FAILED) and not error.print_exception, (function.api_name, error)
            assert "\n" not in error.message and "gradio." not in error.message and len(error.message) < 800
            assert error.message.endswith((".", "!", "?"))


def test_every_widget_of_every_function(demo, address):
    calls = [
        (function, replaced(function, index, value), {"index": 0})
        for function in functions(demo)
        for index, widget in enumerate(function.inputs)
        if not widget.stateful
        for value in WRONG
    ]
    errors = answers(demo, calls)
    check(calls, errors)
    assert sum(error is not None for error in errors) > 0.8 * len(calls)


def test_too_few_and_too_many_values(demo, address):
    calls = []
    for function in functions(demo):
        good = [good_value(widget) for widget in function.inputs]
        wrong = [[*good, None], [*good, {}, {}], good[:-1], []]
        calls += [(function, values, {"index": 0}) for values in wrong if values != good]
    errors = answers(demo, calls)
    check(calls, errors)
    assert all("values are needed here" in error.message for error in errors)


def test_choices_of_pictures_that_do_not_exist(demo, address):
    asked = [one for one in functions(demo) if "event" in one.fn.__code__.co_varnames and "_event" in one.fn.__name__]
    picking = [one for one in asked if one.targets and one.targets[0][1] == "select" and one.outputs]
    calls = [(one, [good_value(w) for w in one.inputs], data) for one in picking for data in CHOICES]
    assert len(picking) >= 6
    errors = answers(demo, calls)
    check(calls, errors)
    assert all(error is not None and "hoose" in error.message for error in errors)


def test_functions_of_the_page_alone(demo, address):
    alone = [one for one in demo.fns.values() if one.fn is None and not one.cancels]
    errors = answers(demo, [(one, [good_value(widget) for widget in one.inputs], None) for one in alone])
    assert alone and all("in the page alone" in error.message for error in errors)


def test_every_kind_of_widget_has_a_reader_and_every_number_a_range(demo):
    for function in demo.fns.values():
        for widget in function.inputs:
            assert widget.stateful or any(kind in READERS for kind in type(widget).__mro__), type(widget)
            if isinstance(widget, gr.Number | gr.Slider):
                assert widget.minimum is not None and widget.maximum is not None, widget.label
    with pytest.raises(TypeError, match="READERS"):
        read_value(gr.ColorPicker(), "#fff")


def test_good_values_come_through_unchanged():
    number, whole = gr.Number(minimum=0, maximum=2), gr.Number(precision=0, minimum=-1, maximum=MAX_SEED)
    assert [read_value(number, one) for one in (0, 2, 0.5, None)] == [0, 2, 0.5, None]
    assert [read_value(whole, one) for one in (-1, MAX_SEED, 5.0)] == [-1, MAX_SEED, 5]
    assert read_value(gr.Dropdown(["a", "b"], multiselect=True), ["b", "a"]) == ["b", "a"]
    assert read_value(gr.Radio([1, 2]), 2) == 2 and read_value(gr.Checkbox(), True) is True


@pytest.mark.parametrize(
    ("endpoint", "given", "says"),
    [
        ("generate", {"top": "/photos/shirt.jpg"}, r"Top must be a file: .* with handle_file\("),
        ("lookbook", {"tried": "/photos/shirt.jpg"}, r"Articles to try must be a list of .* files.*handle_file"),
        ("mix", {"source": "made.png"}, r"Source PNG must be a file: .* with handle_file\("),
        ("pose", {"photo": ["a.jpg"]}, r"Photo must be a file"),
        ("generate", {"seed": "7"}, f"Seed must be a whole number from -1 to {MAX_SEED}"),
        ("generate", {"seed": 10**20}, f"Seed must be a whole number from -1 to {MAX_SEED}"),
        ("generate", {"seed": 1.5}, "Seed must be a whole number"),
        ("generate", {"seed": [1]}, "Seed must be a whole number"),
        ("generate", {"count": True}, "Count must be a whole number from 1 to 4"),
        ("generate", {"count": None}, "count must be a whole number"),
        ("generate", {"psi": -0.1}, "Psi must be a number from 0 to 2"),
        ("generate", {"pose": ["stand"]}, "Pose preset or OpenPose JSON must be text"),
        ("generate", {"pose": "flying"}, "No pose preset 'flying': use"),
        ("lookbook", {"seed": -1}, "Seed must be a whole number from 0"),
        ("lookbook", {"poses": 3}, "Pose presets must be text"),
        ("mix", {"strength": 2}, "Strength must be a number from 0 to 1"),
        ("mix", {"transfer": "9" * 9000, "source_seed": 1, "target_seed": 1}, "Give a|Transfer must be|No article"),
        ("mix", {"source_seed": -5}, "Source seed must be a whole number from 0"),
        ("pose", {"backend": "magic"}, "Unknown backend 'magic': choose one of"),
        ("cutout", {"photo": None}, "No photo given"),
        ("tryon", {"person": None, "garment": None, "system": {"a": 1}}, "System must be text"),
        ("tryon", {"person": None, "garment": None, "background": 7}, "Background must be text"),
        ("compare", {"systems": ["viton"]}, "Systems must be text"),
    ],
)  # fmt: skip
def test_scripts_are_told_what_to_send(client, photo, capfd, endpoint, given, says):
    needed = {"pose": "photo", "cutout": "photo", "generate": "top", "lookbook": "top"}.get(endpoint)
    good = {needed: handle_file(photo("red", "#b03030"))} if needed else {}
    with pytest.raises(AppError, match=says) as error:
        client.predict(**{**good, **given}, api_name=f"/{endpoint}")
    assert "\n" not in str(error.value) and "Traceback" not in capfd.readouterr().err


def test_nan_and_infinity_over_http(address, http, demo, capfd):
    generate = next(one for one in functions(demo) if one.api_name == "generate")
    index = next(i for i, widget in enumerate(generate.inputs) if widget.label == "Psi")
    for value in (NAN, INF, -INF, 10**4000):
        url, body = f"{address}gradio_api/call/generate", json.dumps({"data": replaced(generate, index, value)})
        event = http.post(url, content=body, headers={"content-type": "application/json"}).json()["event_id"]
        assert "Psi must be a number from 0 to 2." in http.get(f"{url}/{event}").text
    assert "Traceback" not in capfd.readouterr().err


BODIES = [
    "", "{", "[]", "3", "null", '{"data": 3}', '{"data": null}', '{"data": [], "fn_index": 99999}', '{"fn_index": 0}',
    '{"data": [], "fn_index": "x"}', '{"data": [], "fn_index": NaN}', '{"data": {"a": 1}}', '{"a": NaN}', "\ud83d",
    '{"data": [], "session_hash": 7}', '{"data":' + "[" * 5000 + "]" * 5000 + "}", '{"data": [' + "9" * 5000 + "]}",
]  # fmt: skip


ROUTES = [
    "call/generate", "call/nothing", "call/v2/generate", "call/v2/nothing", "run/nothing", "run/predict", "queue/join",
    "cancel", "upload",
]  # fmt: skip


@pytest.mark.parametrize("route", ROUTES)
def test_bodies_that_are_no_request(address, http, capfd, route):
    for body in BODIES:
        answer = http.post(
            f"{address}gradio_api/{route}", content=body.encode("utf-8", "surrogatepass"),
            headers={"content-type": "application/json"},
        )  # fmt: skip
        assert answer.status_code < 500 or "needed here" in answer.text, (route, body[:60], answer.text)
        assert "Traceback" not in answer.text and "/gradio/" not in answer.text
    assert "Traceback" not in capfd.readouterr().err
