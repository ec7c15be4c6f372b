"""The one check of every path that comes from a client."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from gradio.utils import get_upload_folder

from vton.schema import InputError

_HANDED_OUT = re.compile(r"https?://[^?#]*/gradio_api/file=(?P<path>[^?#]+)")
# One line for a file that lies elsewhere and for one that does not exist: nobody learns which files this server has.
NOT_HERE = 'This file is not here, or no longer: upload it, in a script with handle_file("photo.jpg").'


def uploaded(path: Any) -> str:
    """The real path of a file in Gradio's upload folder: what visitors sent, and copies of what this page handed out.

    Nothing outside the folder is touched, not even asked for: a path is judged as text before its links are followed.

    Args:
        path: what a client sent, of any type. Of the address of a file that this server handed out, as tools of agents
            return them, the path counts; nothing is fetched.

    Raises:
        InputError: anything else; always the same line.
    """
    folder = get_upload_folder()
    try:
        handed_out = _HANDED_OUT.fullmatch(path) if isinstance(path, str) else None
        named = os.path.abspath(unquote(handed_out["path"]) if handed_out else path)
        if Path(named).is_relative_to(os.path.abspath(folder)) or Path(named).is_relative_to(os.path.realpath(folder)):
            real = os.path.realpath(named, strict=True)
            if Path(real).is_relative_to(os.path.realpath(folder)) and os.path.isfile(real):
                return real
    except (OSError, ValueError, TypeError):  # no such file, a loop of links, a name too long, with NUL, or no text
        pass
    raise InputError(NOT_HERE)
