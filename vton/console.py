"""What the program prints, on terminals and in files of any encoding."""

import io
import sys


def print_any_character() -> None:
    """From now on stdout and stderr write what their encoding lacks as ``\\u7ed3`` instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None without a console, or replaced by whoever captures output
            stream.reconfigure(errors="backslashreplace")
