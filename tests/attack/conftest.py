"""The app served in a process of its own, with a tiny generator, as outsiders see it."""

import signal
import subprocess
import tempfile
from pathlib import Path

import pytest

from vton.soak.bait import Bait
from vton.soak.load import prepared
from vton.soak.server import Server

QUICK = ("generate", "mix", "pose", "cutout", "tryon")
LIMIT = 120
TEMPORARY_MB = 300


@pytest.fixture(scope="package")
def small_disk():
    """A folder on a small file system of its own; None where mounting is not possible."""
    folder = Path(tempfile.mkdtemp(prefix="vton-small-"))
    mount = ["mount", "-t", "tmpfs", "-o", f"size={TEMPORARY_MB}m", "vton-test", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True).returncode == 0
    except OSError:
        mounted = False
    yield folder if mounted else None
    if mounted:
        subprocess.run(["umount", str(folder)], check=True)
    folder.rmdir()


@pytest.fixture(scope="package")
def process(tiny_outfit_checkpoint, tmp_path_factory, small_disk):
    """The app, for all tests."""
    folder = tmp_path_factory.mktemp("served")
    environment = {"VTON_CHECKPOINT": str(tiny_outfit_checkpoint)}
    with Server(folder, environment=environment, temporary=small_disk) as server:
        yield server.start()
        server.stop(signal.SIGTERM)


@pytest.fixture
def server(process):
    """The app, running; started again when a test has stopped it."""
    if not process.alive():
        process.start()
    return process


@pytest.fixture(scope="package")
def jobs(process, tmp_path_factory):
    """What visitors do, and the answers that are right."""
    bait = Bait(tmp_path_factory.mktemp("outside"))
    yield prepared(process, bait, seed=20, limit=LIMIT, endpoints=QUICK)
    bait.trap.close()


@pytest.fixture
def log_of(server):
    """``log_of()``: the tracebacks in the server's log since the test began."""
    before = len(server.tracebacks())
    return lambda: server.tracebacks()[before:]
