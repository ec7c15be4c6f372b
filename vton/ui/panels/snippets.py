"""At the end of a tab: code that does what its controls say, folded away, and written only while it is unfolded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from vton.ui.agents.tools import TOOLS
from vton.ui.snippets import forms
from vton.ui.snippets.settings import Settings
from vton.ui.studio import LIGHT
from vton.ui.texts import listed, say
from vton.ui.widgets import hint

COMMAND, PYTHON, CLIENT, CURL, AGENT = "command", "python", "client", "curl", "mcp"
# What changes while the fold is closed asks nothing of the server.
REFRESH = """() => {{
    const fold = document.querySelector("#{name}-snippets");
    if (fold.querySelector(".label-wrap.open")) fold.querySelector("#{name}-snippets-go").click();
}}"""


class SnippetsPanel:
    """Builds the fold inside the current Blocks; methods ending in _event answer the browser.

    Args:
        name: of the tab; begins the elements' ids.
        kind: of the settings, whose endpoint tells whether agents have a tool for it.
        settings: makes them of the values of ``inputs``; never of what visitors called their files.
        inputs: the widgets that say what the tab makes.
    """

    def __init__(
        self, name: str, kind: type[Settings], settings: Callable[..., Settings], inputs: Sequence[Any] = ()
    ) -> None:
        self.settings = settings
        self.tool = next((tool for tool, endpoint in TOOLS.items() if endpoint == kind.endpoint), None)
        choices = [(say("snippets.command-line"), COMMAND), ("Python", PYTHON), ("gradio_client", CLIENT),
                   ("curl", CURL), ("MCP", AGENT)]  # fmt: skip
        with gr.Accordion(
            say("snippets.title"), open=False, elem_id=f"{name}-snippets", elem_classes="snippets"
        ) as fold:
            self.form = gr.Radio(
                choices if self.tool else choices[:-1], value=COMMAND, label=say("snippets.form"), show_label=False,
                container=False, elem_id=f"{name}-snippets-form", elem_classes="bare pills",
            )  # fmt: skip
            self.code = gr.Textbox(
                label=say("snippets.code"), lines=3, max_lines=30, interactive=False, buttons=["copy"],
                elem_id=f"{name}-snippets-code", elem_classes="code",
            )  # fmt: skip
            self.note = gr.HTML("", elem_id=f"{name}-snippets-note", padding=False)
            refresh = gr.Button("Refresh", visible="hidden", elem_id=f"{name}-snippets-go")
        asked, answer = [self.form, *inputs], [self.code, self.note]
        fold.expand(self._show_event, asked, answer, **LIGHT)
        self.form.input(self._show_event, asked, answer, trigger_mode="always_last", **LIGHT)
        refresh.click(self._show_event, asked, answer, trigger_mode="always_last", **LIGHT)
        if inputs:
            changes = [widget.change for widget in inputs]
            gr.on(changes, None, None, None, js=REFRESH.format(name=name), api_visibility="private")

    def _show_event(self, request: gr.Request, form: str, *values: Any) -> tuple[str, str]:
        settings, address = self.settings(*values), address_of(request)
        writers: dict[str, Callable[[], str]] = {
            COMMAND: lambda: forms.command(settings),
            PYTHON: settings.python,
            CLIENT: lambda: forms.client(settings, address),
            CURL: lambda: forms.curl(settings, address),
            AGENT: lambda: forms.agent(address),
        }
        notes = []
        if form == AGENT:
            notes.append(say("snippets.tool", tool=self.tool, arguments=forms.tool_arguments(settings)))
        if form not in (COMMAND, PYTHON) and settings.left_out:
            slots = listed((say(f"slot.{slot}") for slot in settings.left_out), "and")
            notes.append(say("snippets.left-out", articles=slots))
        return writers[form](), "".join(map(hint, notes))


def address_of(request: gr.Request) -> str:
    """The page's own address, as its visitor sees it."""
    scheme = request.headers.get("x-forwarded-proto", "http")
    return f"{scheme}://{request.headers.get('host', '127.0.0.1:7860')}"


def placeholders(paths: dict[str, str | None]) -> dict[str, str]:
    """Slot -> file name, of the slots that are filled."""
    return {slot: f"{slot}.jpg" for slot, path in paths.items() if path}
