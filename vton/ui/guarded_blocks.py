"""The page's Blocks: nothing that a client sends reaches a widget or a function unread; refusals are one line."""

from __future__ import annotations

import inspect
from typing import Any

import gradio as gr

from vton.schema import InputError
from vton.ui.client_values import read_values
from vton.ui.widgets import Refused

FAILED = "Something went wrong here, and not by what you sent: try again, or reload the page."


class GuardedBlocks(gr.Blocks):
    """Blocks in which every event and endpoint, whoever adds it, is guarded in the same two places.

    Gradio itself checks only those files that call themselves files, and answers a wrong value with a traceback.
    """

    async def preprocess_data(self, block_fn: Any, inputs: list[Any], state: Any, explicit_call: bool = False) -> Any:
        """Reads the values before any widget does.

        Raises:
            InputError: a value that its widget cannot have, or an event that has no function on the server.
        """
        if block_fn.fn is None and not block_fn.cancels:
            raise InputError("This happens in the page alone: choose an endpoint of Use via API.")
        # Choices and ranges may have changed during the visit.
        known = state if state is not None else ()
        widgets = [state[one._id] if one._id in known and not one.stateful else one for one in block_fn.inputs]
        values = inputs if block_fn.cancels else read_values(widgets, inputs)
        return await super().preprocess_data(block_fn, values, state, explicit_call)

    async def process_api(self, block_fn: Any, *args: Any, event_data: Any = None, **options: Any) -> dict[str, Any]:
        """Answers a call.

        Raises:
            Refused: what was sent cannot be used; nothing is written to the log.
            gr.Error: a mistake of this program, whose traceback is written to the log and not told.
        """
        try:
            function = self.fns[block_fn] if isinstance(block_fn, int) else block_fn
            if _takes_choice(function.fn):
                event_data._data = _read_choice(event_data._data)
            return await super().process_api(function, *args, event_data=event_data, **options)
        except Refused:
            raise
        except InputError as error:
            raise Refused(error) from None
        except gr.Error as error:  # Gradio's own, for example of a file of the wrong type
            raise Refused(error.message) from None
        except Exception as error:
            raise gr.Error(FAILED) from error


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
