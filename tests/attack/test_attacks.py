"""The served app attacked over loopback: hostile files, arguments and bodies, visitors who leave, kills, a full disk.

The long form of this is `python -m vton soak`; what fails here can be done again with its --seed, --kind and --only.
"""

import errno
import os
import shutil
import signal
import time

import pytest
from safetensors.torch import load_file, save_file

from vton.hub import write_manifest
from vton.soak.endpoints import data_of, working
from vton.soak.hostile.files import FILE_KINDS
from vton.soak.hostile.raw_requests import ADDRESSES, BODIES
from vton.soak.jobs import Outcome
from vton.soak.load import left_after, visit
from vton.soak.oracle import faults_of, message_of
from vton.soak.server import Server
from vton.soak.wire import Answer, Client, HTTPRefusal

LIMIT = 120
CLIENTS = 20
MAX_MB = 1536
WEIGHTS = "diffusion_pytorch_model.safetensors"


def attack(server, jobs, kind, indices, clients=CLIENTS):
    """Does jobs of one kind and returns what was wrong with the answers, in words."""
    outcomes = [one for one in visit(server, jobs, iter(indices), clients, LIMIT, kind) if isinstance(one, Outcome)]
    assert sum(not one.waits for one in outcomes) == len(indices)
    return [str(one.to_dict()) for one in outcomes if one.faults]


def all_right(server, jobs, endpoints=None):
    """What is wrong with the answers to valid requests, one after the other; to all endpoints by default."""
    return attack(server, jobs, "valid", range(endpoints or len(jobs.known.right)), clients=1)


@pytest.mark.parametrize(
    ("kind", "indices"),
    [
        ("file", range(len(FILE_KINDS))),
        ("arguments", range(60)),
        ("page", range(30)),
        ("body", range(len(BODIES))),
        ("fetch", range(len(ADDRESSES))),
    ],
)
def test_every_attack_gets_a_result_or_one_line(server, jobs, log_of, kind, indices):
    assert attack(server, jobs, kind, indices) == []
    assert log_of() == [] and jobs.bait.trap.calls == 0 and server.deaths == 0


def test_visitors_of_all_kinds_at_once(server, jobs):
    """Twenty at a time, a third of them honest: all answers as on the quiet server, memory within its bound."""
    assert attack(server, jobs, None, range(100, 132)) == []
    assert all_right(server, jobs) == []
    assert server.sample().peak_mb < MAX_MB


def test_visitors_who_leave_or_cancel_leave_nothing_behind(server, jobs, log_of):
    before = server.sample()
    assert attack(server, jobs, "leave", range(8)) == [] and attack(server, jobs, "cancel", range(4)) == []
    assert all_right(server, jobs) == []
    end = time.monotonic() + 10
    while server.sample().descriptors > before.descriptors + 3 and time.monotonic() < end:
        time.sleep(0.2)
    assert server.sample().descriptors <= before.descriptors + 3
    assert log_of() == []


def test_no_file_of_a_visitor_survives_a_kill_and_a_restart(server, jobs):
    assert all_right(server, jobs) == []
    assert set(server.files()) - server.own_files, "visitors must have left files, or this shows nothing"
    assert left_after(server, lambda: server.stop(signal.SIGKILL), restart=True) == []
    assert all_right(server, jobs, endpoints=1) == []


def test_a_full_disk_is_said_and_passes(server, jobs, small_disk):
    if small_disk is None:
        pytest.skip("no file system can be mounted here")
    visitor = Client(server.address, LIMIT)
    uploads = jobs.known.uploads(visitor)
    filler = small_disk / "filler"
    try:
        _fill(filler)
        for endpoint in ("generate", "cutout"):
            answer = visitor.ask(endpoint, data_of(endpoint, working(endpoint, uploads)))
            assert answer.event == "error" and faults_of(answer) == [], answer
        with pytest.raises(HTTPRefusal) as refused:
            visitor.upload("large.png", os.urandom(2**20))
        answer = Answer("refused", refused.value.status, refused.value.text)
        assert faults_of(answer) == [], answer
    finally:
        filler.unlink()
    assert all_right(server, jobs, endpoints=2) == []


def _fill(path):
    """Writes until nothing more fits."""
    with path.open("wb", buffering=0) as file:
        for size in (2**20, 2**12, 1):
            try:
                while file.write(bytes(size)):
                    pass
            except OSError as error:
                assert error.errno == errno.ENOSPC


def test_weights_that_are_no_numbers_are_refused_and_a_polite_stop_leaves_no_file(
    tiny_outfit_checkpoint, jobs, tmp_path
):
    folder = tmp_path / "damaged"
    shutil.copytree(tiny_outfit_checkpoint, folder)
    weights = load_file(folder / WEIGHTS)
    next(iter(weights.values())).view(-1)[0] = float("nan")
    save_file(weights, folder / WEIGHTS)
    write_manifest(folder)
    with Server(tmp_path, environment={"VTON_CHECKPOINT": str(folder)}) as server:
        server.start()
        visitor = Client(server.address, LIMIT)
        answer = jobs.known.ask(visitor, "generate")
        assert answer.event == "error" and faults_of(answer) == [], answer
        assert "damaged" in message_of(answer)
        assert jobs.known.is_right(visitor, "cutout", jobs.known.ask(visitor, "cutout"))
        assert server.tracebacks() == []
        assert set(server.files()) - server.own_files, "visitors must have left files, or this shows nothing"
        codes = []
        left = left_after(server, lambda: codes.append(server.stop(signal.SIGTERM)), restart=False, grace=0)
        assert left == [] and codes != [None]
