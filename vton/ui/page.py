"""The page's Blocks: nothing that a client sends is used unread, refusals are one line, files go with their visit."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.context import LocalContext

from vton.schema import InputError
from vton.ui.agents.tools import AgentTools
from vton.ui.server.client_values import read_values
from vton.ui.server.visits import Visits, gone
from vton.ui.texts import VISITORS, heard, say, speak, speaking
from vton.ui.texts.messages import translated
from vton.ui.widgets import RefusedInput, warn

FAILED = "Something went wrong here, and not by what you sent: try again, or reload the page."


class Page(gr.Blocks):
    """Blocks in which every event and endpoint, whoever adds it, is guarded in the same two places.

    Gradio itself checks only those files that call themselves files, answers a wrong value with a traceback, and does
    not know whose an upload is.

    Args:
        visits: of the folder that Gradio puts uploads in; they are told which files an event is given.
        options: of ``gr.Blocks``.
    """

    def __init__(self, visits: Visits, **options: Any) -> None:
        super().__init__(**options)
        self.visits = visits
        with self:
            self.unload(self._ended_event)

    def __enter__(self) -> Page:
        """What is built within has the texts of whoever will visit."""
        self._building = speaking(VISITORS)
        self._building.__enter__()
        super().__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        """Ends the building."""
        super().__exit__(*error)
        self._building.__exit__(None, None, None)

    @property
    def mcp_server_obj(self) -> Any:
        """The server of the tools that agents may use; Gradio sets it, and makes one of all endpoints."""
        return self._agent_tools

    @mcp_server_obj.setter
    def mcp_server_obj(self, server: Any) -> None:
        self._agent_tools = None if server is None else AgentTools(self)

    def _ended_event(self, request: gr.Request) -> None:
        if request.session_hash is not None:
            self.visits.end(request.session_hash)

    async def preprocess_data(self, block_fn: Any, inputs: list[Any], state: Any, explicit_call: bool = False) -> Any:
        """Reads the values before any widget does.

        Raises:
            InputError: a value that its widget cannot have, a picture that was deleted meanwhile, or an event that has
                no function on the server.
        """
        if block_fn.fn is None and not block_fn.cancels:
            raise InputError("This happens in the page alone: choose an endpoint of Use via API.")
        # Choices and ranges may have changed during the visit.
        known = state if state is not None else {}
        widgets = [known[one._id] if one._id in known and not one.stateful else one for one in block_fn.inputs]
        values = inputs
        if not block_fn.cancels:
            pairs = zip(block_fn.inputs, inputs, strict=False)  # `read_values` says so when they are not as many
            here = [self._noted(one, value, one in block_fn.outputs) for one, value in pairs]
            values = read_values(widgets, here + inputs[len(here):])
        return await super().preprocess_data(block_fn, values, state, explicit_call)

    async def process_api(
        self, block_fn: Any, *args: Any, session_hash: str | None = None, event_id: str | None = None,
        event_data: Any = None, **options: Any
    ) -> dict[str, Any]:  # fmt: skip
        """Answers a call.

        Raises:
            RefusedInput: what was sent cannot be used; nothing is written to the log.
            gr.Error: a mistake of this program, whose traceback is written to the log and not told.
        """
        speak(getattr(options.get("request"), "headers", None))
        LocalContext.event_id.set(event_id)  # whom a warning goes to that comes before the event's own function
        try:
            function = self.fns[block_fn] if isinstance(block_fn, int) else block_fn
            if _takes_choice(function.fn):
                event_data._data = _read_choice(event_data._data)
            own = {"session_hash": session_hash, "event_id": event_id, "event_data": event_data}
            with self.visits.of(session_hash):
                return await super().process_api(function, *args, **own, **options)
        except RefusedInput:
            raise
        except (InputError, gr.Error) as error:  # gr.Error: Gradio's own, for example of a file of the wrong type
            reason = getattr(error, "message", str(error))
            traceback.clear_frames(error.__traceback__)  # they hold the visitor's pictures until the next collection
        except Exception as error:
            raise gr.Error(translated(FAILED)) from error
        raise RefusedInput(reason)

    def forget_deleted(self) -> None:
        """Lets go of the names that Gradio collects of all files it ever handled."""
        for names in self.temp_file_sets:
            names -= {name for name in list(names) if not Path(name).exists()}

    def _noted(self, widget: Any, value: Any, shown: bool) -> Any:
        """An input whose files the visit is told of; None instead of a deleted picture that the event shows anew."""
        if all([self.visits.note(path) for path in _paths(value)]):
            return value
        message = f"{heard(getattr(widget, 'label', None) or '') or say('page.one-of-yours')}: {gone()}"
        if not shown:
            raise InputError(message)
        if getattr(widget, "interactive", None) is not False:
            warn(message)
        return None


def _paths(value: Any) -> Iterator[str]:
    """Paths of the files in a widget's value, as a browser or client sends it: one file, or a list of them."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, dict) and isinstance(one.get("path"), str):
            yield one["path"]


def _takes_choice(function: Any) -> bool:
    """Whether a function asks which picture of a gallery was chosen."""
    parameters = inspect.signature(function).parameters.values() if function else ()
    return any(one.annotation in (gr.SelectData, "gr.SelectData") for one in parameters)


def _read_choice(data: Any) -> dict[str, Any]:
    """What the browser says of a choice, without all but its number.

    Raises:
        InputError: no number from 0 on.
    """
    index = data.get("index") if isinstance(data, dict) else None
    if not isinstance(index, int) or isinstance(index, bool) or index < 0:
        raise InputError("Choose one of the pictures.")
    return {"index": index, "value": None}
