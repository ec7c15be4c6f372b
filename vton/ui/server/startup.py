"""From `python app.py` to a served page: what has to be settled before Gradio is imported, and how a server ends.

Importing this file does not import Gradio, which reads the environment when it is imported.
"""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import NoReturn

from vton.console import print_any_character
from vton.schema import InputError
from vton.ui.server.folder import server_folder

LOOPBACK = ("localhost", "127.0.0.1", "::1")
DISK_ERRORS = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS}
"""No room, quota used up, file too large, read-only."""

Environment = MutableMapping[str, str]


def main() -> int:
    """Serves the page until it is stopped by Ctrl-C or SIGTERM.

    Returns:
        The exit code: 0, or 2 after one line on stderr when the user has to change something.
    """
    print_any_character()
    _stop_like_ctrl_c("SIGTERM", "SIGHUP")
    try:
        with _disk_errors_in_words():
            _serve(os.environ)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
    except InputError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0


def leave(code: int) -> NoReturn:
    """Ends the process at once: threads that still draw would hold it up for seconds, or make torch abort it."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        with contextlib.suppress(OSError, ValueError):  # whoever read it has gone
            stream.flush()
    os._exit(code)


def _serve(environment: Environment) -> None:
    environment.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    port = check_address(environment)
    keep_loopback_direct(environment)
    check_proxies()
    base = temporary_base(environment)
    with _made_in(base) as folder:
        files = folder / "files"
        files.mkdir()
        environment["GRADIO_TEMP_DIR"] = str(files)
        environment["TMPDIR"] = tempfile.tempdir = str(folder)  # of other libraries too
        _leave_deleted_folder(folder)
        from vton.ui.app import serve

        try:
            serve(port)
        finally:  # a second Ctrl-C must not leave half of the files
            for name in ("SIGINT", "SIGTERM"):
                signal.signal(getattr(signal, name), signal.SIG_IGN)


def check_address(environment: Environment) -> int | None:
    """The port that GRADIO_SERVER_PORT names, None for the first one that is free from 7860 on.

    Raises:
        InputError: it is no port or taken, or GRADIO_SERVER_NAME is no IPv4 address of this machine.
    """
    name = environment.get("GRADIO_SERVER_NAME", LOOPBACK[1])
    text = environment.get("GRADIO_SERVER_PORT")
    if text is not None and not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise InputError(f"GRADIO_SERVER_PORT is '{text[:20]}': set it to a number from 1 to 65535, or unset it.")
    port = None if text is None else int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((name, port or 0))
        except PermissionError:
            raise InputError(f"Port {port} needs the rights of root: set GRADIO_SERVER_PORT to 1024 or more.") from None
        except (OSError, UnicodeError) as error:  # UnicodeError: a name too long to look up
            if port and getattr(error, "errno", None) == errno.EADDRINUSE:
                raise InputError(
                    f"Port {port} is taken: stop the program that uses it, or set GRADIO_SERVER_PORT to another port."
                ) from None
            raise InputError(
                f"GRADIO_SERVER_NAME is '{name[:60]}', no IPv4 address of this machine: use 127.0.0.1 for this machine "
                "alone, or 0.0.0.0 for all networks."
            ) from None
    return port


def keep_loopback_direct(environment: Environment) -> None:
    """Adds this machine to no_proxy: Gradio asks its own server over HTTP whether it has started."""
    names = [*LOOPBACK, *filter(None, [environment.get("GRADIO_SERVER_NAME")])]
    given = [environment.get(key, "") for key in ("no_proxy", "NO_PROXY")]
    words = [word.strip() for text in given for word in text.split(",") if word.strip()]
    environment["no_proxy"] = environment["NO_PROXY"] = ",".join(dict.fromkeys([*words, *names]))


def check_proxies() -> None:
    """Raises InputError when the proxy variables hold what Gradio's HTTP client cannot use."""
    import httpx

    try:
        httpx.Client().close()
    except (ImportError, ValueError, httpx.InvalidURL):
        raise InputError(
            "A proxy variable (http_proxy, https_proxy or all_proxy) cannot be used: "
            "set it to an address like http://host:port, or unset it; the page needs no proxy."
        ) from None


def temporary_base(environment: Environment) -> Path:
    """Where the server's folder goes: GRADIO_TEMP_DIR, or the system's folder for temporary files.

    Raises:
        InputError: there is none that can be used.
    """
    try:
        base = Path(environment.get("GRADIO_TEMP_DIR") or tempfile.gettempdir())
        base.mkdir(parents=True, exist_ok=True)
        return base.resolve()
    except OSError as error:
        raise _unusable(error) from None


@contextlib.contextmanager
def _made_in(base: Path) -> Iterator[Path]:
    """`server_folder`, whose errors name the variable that helps."""
    with contextlib.ExitStack() as stack:
        try:
            folder = stack.enter_context(server_folder(base))
        except OSError as error:
            raise _unusable(error) from None
        yield folder


def _unusable(error: OSError) -> InputError:
    reason = f" ({os.strerror(error.errno).lower()})" if error.errno else ""
    return InputError(
        f"The folder for temporary files cannot be used{reason}: "
        "set GRADIO_TEMP_DIR to a folder that you can write to and that has room."
    )


def _leave_deleted_folder(folder: Path) -> None:
    """Gradio asks for the working directory, which may have been deleted under us."""
    try:
        os.getcwd()
    except OSError:
        os.chdir(folder)


@contextlib.contextmanager
def _disk_errors_in_words() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno not in DISK_ERRORS:
            raise
        raise _unusable(error) from None


def _stop_like_ctrl_c(*names: str) -> None:
    """Lets signals end the program as Ctrl-C does, unless they are ignored (nohup) or unknown to the system."""
    for name in names:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)
