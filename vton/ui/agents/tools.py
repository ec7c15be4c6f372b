"""Six endpoints as MCP tools; what they do and take is said by the docstrings of the endpoints."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from gradio.mcp import GradioMCPServer
from gradio.utils import get_function_description
from PIL import Image
from PIL.ImageFile import ImageFile

TOOLS = {
    "cutout": "/cutout", "pose": "/pose", "dress": "/generate", "tryon": "/tryon", "lookbook": "/lookbook",
    "verify": "/verify",
}  # fmt: skip
"""Tool -> endpoint. The others are for people: `mix` needs pictures made before, `compare` many seconds."""


class AgentTools(GradioMCPServer):
    """Gradio's MCP server for `TOOLS` alone; it would offer every public endpoint by the name of its function."""

    def get_tool_to_endpoint(self) -> dict[str, str]:
        """Tool -> endpoint; on a Space the names begin with its own, as clients of several expect."""
        return {self.tool_prefix + tool: endpoint for tool, endpoint in TOOLS.items()}

    def simplify_filedata_schema(self, schema: dict[str, Any]) -> tuple[dict[str, Any], list[list[str | int]]]:
        """A schema in which files are strings, and their paths; in lists Gradio leaves references that lead nowhere."""
        schema, positions = super().simplify_filedata_schema(schema)
        for path in positions:
            node = schema["properties"]
            for key in path:
                node = node[key]
            node.pop("$ref", None)
        return schema, positions

    def convert_strings_to_filedata(self, value: Any, filedata_positions: list[list[str | int]]) -> Any:
        """Strings to files, those of lists too, which Gradio leaves as they are.

        Args:
            value: parameter -> value, as an agent sends them.
            filedata_positions: paths in the schema; that of a list ends in "items".
        """
        positions = [*filedata_positions]
        for name, *rest in filedata_positions:
            if rest == ["items"] and isinstance(value.get(name), list):
                positions += [[name, number] for number in range(len(value[name]))]
        return super().convert_strings_to_filedata(value, positions)

    def postprocess_output_data(self, data: Any, root_url: str) -> list[Any]:
        """What an endpoint returns, a part for each file or value; of several Gradio makes one text in Python's way."""
        return super().postprocess_output_data([*_parts(data)], root_url)

    @staticmethod
    def get_base64_data(image: Image.Image, format: str) -> str:
        """The file of a picture as it is: encoded anew it would lose its recipe and marks."""
        assert isinstance(image, ImageFile)
        return base64.b64encode(Path(os.fsdecode(image.filename)).read_bytes()).decode("ascii")


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _parts(one)
    elif isinstance(value, dict) and (value.get("meta") or {}).get("_type") != "gradio.FileData":
        yield json.dumps(value)
    else:
        yield value


def told(function: Callable) -> str:
    """What an endpoint does and takes, in one paragraph for Use via API: its docstring, up to what it returns."""
    does, parameters, _ = get_function_description(function)
    texts = [f"{name}: {text.rstrip('.')}" for name, text in parameters.items() if text]
    return f"{does} {'; '.join(texts)}."
