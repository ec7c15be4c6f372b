"""The served app as a process: started on a free port with a temporary folder of its own, measured, killed."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from vton.schema import InputError
from vton.soak.wire import Client

APP = Path(__file__).resolve().parents[2] / "app.py"
_MB = 2**20
# What Gradio writes when somebody asks after an event that nobody remembers, as pages do after a restart.
_GRADIOS_OWN = ("fastapi.exceptions.HTTPException: 404", "RuntimeError: Caught handled exception, but response already")


@dataclass(frozen=True)
class Sample:
    """What the server holds at one moment, and its most memory so far; zeros where the system does not tell."""

    rss_mb: float
    peak_mb: float
    descriptors: int
    threads: int
    files: int
    files_mb: float

    def to_dict(self) -> dict[str, float]:
        """Plain values for JSON."""
        return asdict(self)


class Server:
    """``app.py`` in a process of its own.

    Args:
        folder: for the log and the server's temporary files; several servers may follow each other in it.
        app: the file to run; its folder is the working directory.
        environment: additions to this process's environment.
        temporary: the folder that the server takes for the system's temporary one; one in ``folder`` by default.

    Attributes:
        log: everything it printed.
        own_files: what lay there when the page had just been served, before any visitor.
        deaths: how often it ended by itself; whoever watches it counts them.
    """

    def __init__(
        self,
        folder: Path,
        app: Path = APP,
        environment: dict[str, str] | None = None,
        temporary: Path | None = None,
    ) -> None:
        self.app, self.log, self.temporary = app, folder / "server.log", temporary or folder / "temporary"
        self.temporary.mkdir(parents=True, exist_ok=True)
        self.address = ("127.0.0.1", free_port())
        self.environment = {
            **os.environ,
            "TMPDIR": str(self.temporary),
            "GRADIO_SERVER_NAME": self.address[0],
            "GRADIO_SERVER_PORT": str(self.address[1]),
            **(environment or {}),
        }
        self.environment.pop("GRADIO_TEMP_DIR", None)
        self.own_files: set[str] = set()
        self.deaths = 0
        self._process: subprocess.Popen | None = None

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop(signal.SIGKILL)

    def start(self, limit: float = 120) -> Server:
        """Starts and waits until the page is served; raises InputError when it is not in ``limit`` seconds."""
        end = time.monotonic() + limit
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-u", self.app.name], cwd=self.app.parent, env=self.environment,
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip
        while self.alive() and time.monotonic() < end:
            with contextlib.suppress(OSError, http.client.HTTPException):
                Client(self.address, 30).get("/config")
                self.own_files |= set(self.files())
                return self
            time.sleep(0.05)
        self.stop(signal.SIGKILL)
        raise InputError("The app did not start: run `python app.py` to see why.")

    def stop(self, how: int = signal.SIGTERM, limit: float = 30) -> int | None:
        """Sends a signal and waits; the exit code, or None when it had to be killed after ``limit`` seconds."""
        if self._process is None:
            return None
        if self.alive():
            self._process.send_signal(how)
        try:
            return self._process.wait(limit)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return None

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process is not None and self._process.poll() is None

    def sample(self) -> Sample:
        """What the process holds now."""
        process = Path(f"/proc/{self._process.pid}") if self._process else Path("/nowhere")
        status, descriptors = "", 0
        with contextlib.suppress(OSError):
            status = (process / "status").read_text()
            descriptors = len(os.listdir(process / "fd"))
        facts = dict(re.findall(r"^(VmRSS|VmHWM|Threads):\s+(\d+)", status, re.MULTILINE))
        files = self.files()
        rss_mb, peak_mb = (int(facts.get(name, 0)) / 1024 for name in ("VmRSS", "VmHWM"))
        threads, files_mb = int(facts.get("Threads", 0)), sum(files.values()) / _MB
        return Sample(rss_mb, peak_mb, descriptors, threads, len(files), files_mb)

    def files(self) -> dict[str, int]:
        """Files in the temporary folder and their bytes."""
        found = {}
        for folder, _, names in os.walk(self.temporary):
            for name in names:
                with contextlib.suppress(OSError):  # deleted meanwhile
                    path = os.path.join(folder, name)
                    found[os.path.relpath(path, self.temporary)] = os.lstat(path).st_size
        return found

    def tracebacks(self) -> list[str]:
        """The last line of every traceback in the log, but for those that are Gradio's own."""
        text = self.log.read_text("utf-8", "replace") if self.log.exists() else ""
        blocks = text.split("Traceback (most recent call last):\n")[1:]
        lines = [next((line for line in block.splitlines() if line[:1].strip()), "cut off") for block in blocks]
        return [line for line in lines if not line.startswith(_GRADIOS_OWN)]


def free_port() -> int:
    """A port of this machine on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
