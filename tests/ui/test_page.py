"""What the guarded page does with errors of its functions."""

import asyncio
import weakref
from concurrent.futures import ThreadPoolExecutor

import gradio as gr
import pytest

from vton.schema import InputError
from vton.ui.page import FAILED, Page
from vton.ui.server.visits import Visits
from vton.ui.widgets import RefusedInput


class Large:
    """Stands for a decoded picture."""


def answer(function, folder):
    """The error of a call of a page that has this function alone."""
    with Page(Visits(folder)) as page:
        gr.Button().click(function, api_name="work")
    number = next(key for key, one in page.fns.items() if one.api_name == "work")

    async def call():
        with pytest.raises(gr.Error) as error:
            await page.process_api(number, [], session_hash="me")
        return error.value

    with ThreadPoolExecutor(1) as thread:  # Playwright keeps a loop running in this one
        return thread.submit(asyncio.run, call()).result()


@pytest.mark.parametrize("kind", ["function", "generator"])
def test_a_refusal_does_not_keep_what_the_function_held(tmp_path, kind):
    held = []

    def function():
        picture = Large()
        held.append(weakref.ref(picture))
        raise InputError("no garment")

    def generator():
        yield function()

    error = answer({"function": function, "generator": generator}[kind], tmp_path)
    assert isinstance(error, RefusedInput) and error.message == "No garment."
    assert held[0]() is None


def test_a_mistake_of_ours_is_one_fixed_sentence(tmp_path):
    def function():
        raise KeyError("/home/somebody/secret")

    error = answer(function, tmp_path)
    assert error.message == FAILED and error.print_exception and isinstance(error.__cause__, KeyError)
