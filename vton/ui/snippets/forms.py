"""The forms that settings are written in: a command line, Python, gradio_client, curl, and what agents (MCP) need."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Mapping
from typing import Any

from vton.ui.snippets.settings import Photo, Settings, TextFile

_MCP_PHOTO = "data:image/jpeg;base64,..."
_UPLOAD = """photo() { printf '{"path": %s, "meta": {"_type": "gradio.FileData"}}' \\
    "$(curl -s -F 'files=@-;filename=photo' "$page/gradio_api/upload" < "$1" | tr -d '[]')"; }
"""


def command(settings: Settings) -> str:
    """The command line, for a shell."""
    (verb, *files), *options = settings.command()
    first = shlex.join(["python", "-m", "vton", verb, *files])
    return " \\\n    ".join([first, *map(shlex.join, options)]) + "\n"


def client(settings: Settings, address: str) -> str:
    """Python that asks the page at an address, by gradio_client."""
    arguments = "".join(f"    {name}={_in_python(value)},\n" for name, value in settings.request().items())
    return (
        f"from gradio_client import Client, handle_file\n\nclient = Client({address!r})\n"
        f"result = client.predict(\n{arguments}    api_name={settings.endpoint!r},\n)\nprint(result)\n"
    )


def curl(settings: Settings, address: str) -> str:
    """Shell that asks the page at an address: uploads, sends the request, waits for the answer."""
    post = f"\"$page/gradio_api/call/v2{settings.endpoint}\" -H 'Content-Type: application/json'"
    return (
        f"page={shlex.quote(address)}\n{_UPLOAD}"
        f"event=$(curl -s {post} -d {_body(settings.request())} | cut -d '\"' -f 4)\n"
        f'curl -sN "$page/gradio_api/call{settings.endpoint}/$event"\n'
    )


def agent(address: str) -> str:
    """The configuration with which an agent finds the page's tools (MCP), as JSON."""
    return json.dumps({"mcpServers": {"vton": {"url": f"{address}/gradio_api/mcp/"}}}, indent=2) + "\n"


def tool_arguments(settings: Settings) -> str:
    """What an agent gives the tool of the same endpoint, as JSON."""
    return json.dumps({name: _in_json(value) for name, value in settings.request().items()}, ensure_ascii=False)


def _in_python(value: Any) -> str:
    match value:
        case Photo(name):
            return f"handle_file({name!r})"
        case TextFile(name):
            return f"open({name!r}).read()"
        case list():
            return f"[{', '.join(map(_in_python, value))}]"
    return repr(value)


def _in_json(value: Any) -> Any:
    match value:
        case Photo():
            return _MCP_PHOTO
        case TextFile(content=content):
            return content
        case list():
            return [*map(_in_json, value)]
    return value


def _body(values: Mapping[str, Any]) -> str:
    """A JSON object as a word of a shell, in which calls of ``photo`` stand for the pictures."""
    word, text = "", ""
    for part in _parts(values):
        if isinstance(part, Photo):
            word += f'{shlex.quote(text)}"$(photo {shlex.quote(part.name)})"'
            text = ""
        else:
            text += part
    return word + shlex.quote(text)


def _parts(value: Any) -> Iterator[str | Photo]:
    """JSON in parts; pictures as they are."""
    match value:
        case Photo():
            yield value
        case TextFile(content=content):
            yield json.dumps(content)
        case list():
            for number, one in enumerate(value):
                yield ", " if number else "["
                yield from _parts(one)
            yield "]"
        case Mapping():
            for number, (name, one) in enumerate(value.items()):
                yield f"{',' if number else '{'}\n  {json.dumps(name)}: "
                yield from _parts(one)
            yield "\n}"
        case _:
            yield json.dumps(value)
