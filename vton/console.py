"""What the program prints, on terminals and in files of any encoding."""

import io
import sys


def print_any_character() -> None:
    """From now on stdout and stderr write what their encoding lacks as ``\\u7ed3`` instead of raising."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # None without a console, or replaced by whoever captures output
            stream.reconfigure(errors="backslashreplace")


def terminal_line(text: str, stays: bool = False) -> None:
    """Shows how far something is on stderr: over the last such line on a terminal, as a line of its own elsewhere.

    Args:
        stays: the next one goes below it.
    """
    live = sys.stderr.isatty()
    print(f"\r\x1b[2K{text}" if live else text, file=sys.stderr, end="" if live and not stays else "\n", flush=True)


def clock(seconds: float) -> str:
    """A time to wait, such as "1:05 h" or "2:07 min"."""
    minutes = int(seconds // 60)
    return f"{minutes // 60}:{minutes % 60:02d} h" if minutes >= 60 else f"{minutes}:{int(seconds % 60):02d} min"
