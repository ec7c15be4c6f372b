"""What the server answers over HTTP beside the page's own functions: nothing that the page does not need."""

from pathlib import Path
from urllib.parse import quote

import pytest

import vton
from vton.ui.server.open_routes import CLOSED, is_open


@pytest.mark.parametrize(
    "path",
    ["proxy=http://127.0.0.1:9/x", "file=http://127.0.0.1:9/x", "file=https://127.0.0.1/x.png", "stream/a",
     "stream/a/close", "component_server", "custom_component/a/client/component/index.js", "process_recording",
     "vibe-edit", "vibe-code/", "undo-vibe-edit", "deep_link?session_hash=a", "run-history/buckets", "dev/reload",
     "monitoring", "profiling/traces", "mcp/sse", "mcp/x", "file/etc/hostname", "runs", "../monitoring/summary"],
)  # fmt: skip
def test_other_addresses_are_closed(address, http, path):
    for method in ("GET", "POST"):
        answer = http.request(method, f"{address}gradio_api/{path}")
        assert answer.status_code == 404 and answer.json()["detail"] == CLOSED, (method, path)


def test_statistics_of_visitors_are_closed(address, http):
    for path in ("monitoring", "monitoring/", "monitoring/summary", "/monitoring/summary"):
        assert http.get(address + path).json() == {"detail": CLOSED}, path


def test_the_page_and_its_api_stay_open(address, http):
    for path in ("", "config", "theme.css", "robots.txt", "gradio_api/info", "gradio_api/startup-events",
                 "gradio_api/queue/status", "gradio_api/openapi.json"):  # fmt: skip
        assert http.get(address + path).status_code == 200, path
    assert is_open("/gradio_api/upload") and is_open("/gradio_api/heartbeat/abc") and is_open("/assets/index.js")


@pytest.mark.parametrize("name", ["generate", "cutout", "none"])
def test_an_event_that_does_not_exist_ends_in_words(address, http, capfd, name):
    answer = http.get(f"{address}gradio_api/call/{name}/none")
    assert answer.status_code < 500 and ("no such event" in answer.text or answer.status_code == 404)
    assert "Traceback" not in capfd.readouterr().err


def test_files_of_the_program_are_not_served(address, http, tmp_path):
    (tmp_path / "photo.png").write_bytes(b"secret")
    root = Path(vton.__file__).parents[1]
    weights = root / "checkpoints" / "outfit-gan-256" / "config.json"
    others = ["/etc/hostname", "README.md", ".", "../app.py", "%2e%2e/app.py", "C:/x", "//127.0.0.1/share/x"]
    for file in [root / "app.py", weights, tmp_path / "photo.png", *others]:
        for path in (str(file), quote(str(file), safe=""), f"/{file}", f"./{file}"):
            answer = http.get(f"{address}gradio_api/file={path}")
            assert answer.status_code in (400, 403, 404) and b"secret" not in answer.content, path


NAMES = ["../../../evil.png", "..", "/etc/evil.png", "a/../../evil.png", "evil\0.png", "..\\evil.png"]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_uploads_lead_nowhere(address, http, name):
    from gradio.utils import get_upload_folder

    answer = http.post(f"{address}gradio_api/upload", files={"files": (name, b"x" * 20)})
    if answer.status_code == 200:
        (path,) = answer.json()
        assert Path(path).resolve().is_relative_to(Path(get_upload_folder()).resolve())
        assert Path(path).parent.parent == Path(get_upload_folder())
    else:
        assert answer.status_code == 400
