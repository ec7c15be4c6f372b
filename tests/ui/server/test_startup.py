"""`python app.py` in bad surroundings: it serves, or says in one line what to do; dead or alive, nothing is left."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from vton.schema import InputError
from vton.ui.server.outbox import NO_ROOM
from vton.ui.server.startup import check_address, keep_loopback_direct, temporary_base

APP = Path(__file__).parents[3] / "app.py"
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def surroundings(folder, **changes):
    """The environment of a server whose temporary files go below ``folder``."""
    own = {key: value for key, value in os.environ.items() if key.lower() not in PROXIES}
    for key in ("GRADIO_TEMP_DIR", "GRADIO_SERVER_NAME", "GRADIO_SERVER_PORT"):
        own.pop(key, None)
    return {**own, "TMPDIR": str(folder), **changes}


def files(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


class Server:
    """`python app.py` on a free port; ``with`` waits until it answers and kills it at the end."""

    def __init__(self, folder, checkpoint, **options):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        changes = {"VTON_CHECKPOINT": str(checkpoint), "GRADIO_SERVER_PORT": str(port), **options.pop("env", {})}
        self.address = f"http://127.0.0.1:{port}/"
        self.process = subprocess.Popen(
            [sys.executable, str(APP)], env=surroundings(folder, **changes), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, **options,
        )  # fmt: skip

    def __enter__(self):
        end = time.monotonic() + 90
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(httpx.TransportError):
                httpx.get(self.address, trust_env=False, verify=False)
                return self
            time.sleep(0.1)
        self.__exit__()
        raise AssertionError(self.process.stdout.read().decode())

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def upload(self, size=100_000):
        files = {"files": ("photo.jpg", bytes(size))}
        return httpx.post(f"{self.address}gradio_api/upload", files=files, trust_env=False)

    def announce(self, size):
        """The answer to an upload that says how large it will be, before any of it is sent."""
        connection = http.client.HTTPConnection(self.address.split("/")[2], timeout=60)
        connection.putrequest("POST", "/gradio_api/upload")
        connection.putheader("Content-Type", "multipart/form-data; boundary=x")
        connection.putheader("Content-Length", str(size))
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


@pytest.fixture
def deleted_folder(tmp_path):
    """``preexec_fn`` that starts a process in a folder that is gone by then."""
    folder = tmp_path / "gone"
    folder.mkdir()

    def enter():
        os.chdir(folder)
        os.rmdir(folder)

    return enter


def test_bad_surroundings_a_full_disk_and_a_polite_stop(tmp_path, tiny_outfit_checkpoint, deleted_folder):
    """What a killed server leaves is the subject of ``tests/attack``."""
    resource = pytest.importorskip("resource")
    base = tmp_path / "tmp"
    base.mkdir()
    behind_proxy = {f"{kind}_{case}": "http://127.0.0.1:9" for kind, case in (("http", "proxy"), ("HTTP", "PROXY"))}
    env = {**behind_proxy, "no_proxy": "", "PYTHONIOENCODING": "ascii"}
    with Server(base, tiny_outfit_checkpoint, env=env, preexec_fn=deleted_folder) as server:
        (photo,) = server.upload().json()
        (folder,) = base.iterdir()
        assert Path(photo).is_relative_to(folder)
        pid, room = server.process.pid, resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (20_000, room[1]))
        answer = server.upload()
        assert (answer.status_code, answer.text) == server.announce(10**16) == (507, NO_ROOM)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, room)
        assert server.upload().status_code == 200
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0
    assert not list(base.iterdir())


def one_line(env, **options):
    """What a server that cannot start says."""
    done = subprocess.run([sys.executable, str(APP)], env=env, capture_output=True, timeout=120, **options)
    text = done.stderr.decode()
    assert done.returncode == 2 and text.startswith("error: ") and text.count("\n") == 1, text
    return text


def test_a_disk_that_is_full_at_the_start(tmp_path, tiny_outfit_checkpoint):
    resource = pytest.importorskip("resource")
    env = surroundings(tmp_path, VTON_CHECKPOINT=str(tiny_outfit_checkpoint))
    full = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))}
    assert "GRADIO_TEMP_DIR to a folder" in one_line(env, **full)
    assert not files(tmp_path)


def test_a_port_that_is_taken(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        line = one_line(surroundings(tmp_path, GRADIO_SERVER_PORT=str(port)), cwd=tmp_path)
    assert f"Port {port} is taken" in line and "GRADIO_SERVER_PORT" in line


def test_no_port_is_free(tmp_path, tiny_outfit_checkpoint):
    env = surroundings(tmp_path, VTON_CHECKPOINT=str(tiny_outfit_checkpoint), GRADIO_NUM_PORTS="1")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):  # another program has it already
            taken.bind(("127.0.0.1", 7860))
            taken.listen()
        assert "No port is free" in one_line(env)
    assert not files(tmp_path)


@pytest.mark.parametrize("port", ["", "http", "0", "65536", "-1", "7860.0", "٣"])
def test_bad_ports(port):
    with pytest.raises(InputError, match="from 1 to 65535"):
        check_address({"GRADIO_SERVER_PORT": port})


@pytest.mark.parametrize("name", ["999.1.2.3", "no.such.host.invalid", "203.0.113.7", "::1", "x" * 300])
def test_bad_addresses(name):
    with pytest.raises(InputError, match="no IPv4 address of this machine: use 127.0.0.1"):
        check_address({"GRADIO_SERVER_NAME": name})


def test_good_addresses():
    assert check_address({}) is None
    assert check_address({"GRADIO_SERVER_NAME": "0.0.0.0"}) is None


def test_a_temporary_folder_that_cannot_be_used(tmp_path):
    (tmp_path / "file").touch()
    line = one_line(surroundings(tmp_path, GRADIO_TEMP_DIR=str(tmp_path / "file" / "below")))
    assert "set GRADIO_TEMP_DIR to a folder that you can write to" in line and str(tmp_path) not in line


def test_a_temporary_folder_that_was_given_is_kept(tmp_path):
    assert temporary_base({"GRADIO_TEMP_DIR": str(tmp_path / "new")}) == (tmp_path / "new").resolve()


def test_a_proxy_that_no_client_can_use(tmp_path):
    assert "the page needs no proxy" in one_line(surroundings(tmp_path, all_proxy="nonsense://127.0.0.1:9"))


@pytest.mark.parametrize("given", [{}, {"no_proxy": ""}, {"no_proxy": "example.org, localhost", "NO_PROXY": ".lan"}])
def test_loopback_is_added_to_no_proxy(given):
    environment = dict(given)
    keep_loopback_direct(environment)
    words = environment["no_proxy"].split(",")
    assert {"localhost", "127.0.0.1", "::1"} <= set(words) and environment["NO_PROXY"] == environment["no_proxy"]
    before = {word.strip() for text in given.values() for word in text.split(",") if word}
    assert before <= set(words) and len(words) == len(set(words))


def test_a_name_that_the_output_cannot_show():
    code = "from vton.console import print_any_character as p; p(); print('out 结果.png')"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONIOENCODING": "cp1252"}, cwd=APP.parent,
        capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0 and done.stdout.rstrip() == rb"out \u7ed3\u679c.png"
