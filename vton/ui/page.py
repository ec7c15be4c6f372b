"""The page as Gradio's Blocks that know which files each visit uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from vton.ui.visits import GONE, Visits


class Page(gr.Blocks):
    """Blocks whose events tell `Visits` the files they are given, and whose visits end with their files.

    Args:
        visits: of the folder that Gradio puts uploads in.
        options: of ``gr.Blocks``.
    """

    def __init__(self, visits: Visits, **options: Any) -> None:
        super().__init__(**options)
        self.visits = visits
        with self:
            self.unload(self._ended_event)

    def _ended_event(self, request: gr.Request) -> None:
        self.visits.end(request.session_hash)

    async def process_api(self, block_fn: Any, inputs: list[Any], *args: Any, **options: Any) -> dict[str, Any]:
        """Runs one event; see Gradio. The files among its inputs are noted for the visit.

        Raises:
            gr.Error: a picture that the visitor gave is no longer here.
        """
        if isinstance(block_fn, int):
            block_fn = self.fns[block_fn]
        with self.visits.of(options.get("session_hash")):
            if options.get("iterator") is None:  # else the event goes on with inputs that it has read
                pairs = zip(block_fn.inputs, inputs, strict=False)
                inputs = [self._noted(widget, value, block_fn.outputs) for widget, value in pairs]
            return await super().process_api(block_fn, inputs, *args, **options)

    def _noted(self, widget: Any, value: Any, outputs: list[Any]) -> Any:
        """The value of an input; None instead of a deleted picture where the event shows anew what is there."""
        if all([self.visits.note(path) for path in _paths(value)]):
            return value
        message = f"{getattr(widget, 'label', None) or 'One of your pictures'}: {GONE}"
        if widget not in outputs:
            raise gr.Error(message, title="Not yet", print_exception=False)
        if getattr(widget, "interactive", None) is not False:
            gr.Warning(message)
        return None

    def forget_deleted(self) -> None:
        """Lets go of the names that Gradio collects of all files it ever handled."""
        for names in self.temp_file_sets:
            names -= {name for name in list(names) if not Path(name).exists()}


def _paths(value: Any) -> Iterator[str]:
    """Paths of the files in a widget's value, as a browser or client sends it."""
    if isinstance(value, dict):
        if isinstance(value.get("path"), str):
            yield value["path"]
        else:
            for one in value.values():
                yield from _paths(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _paths(one)
