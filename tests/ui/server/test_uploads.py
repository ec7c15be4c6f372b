"""No file of the server but uploads is opened, whatever path a client sends, and nobody learns which files exist."""

import json
import os
import sys
import tempfile
from pathlib import Path

import pytest
from every_event import FILES, answers, functions, in_place, replaced
from gradio.utils import get_upload_folder
from PIL import Image

from vton.schema import InputError
from vton.ui.server.uploads import NOT_HERE, uploaded

META = {"_type": "gradio.FileData"}
WATCHED = {"folder": "", "seen": []}


def _note(event, args):
    if WATCHED["folder"] and event in ("open", "os.listdir", "os.scandir", "shutil.copyfile"):
        if str(args[0]).startswith(WATCHED["folder"]):
            WATCHED["seen"].append((event, args[0]))


sys.addaudithook(_note)  # Python keeps it for good: it looks only while a test asks it to


@pytest.fixture
def server_files(tmp_path):
    """A folder of the server with a photo in it, and whoever opens something there fails the test."""
    folder = tmp_path / "server"
    folder.mkdir()
    Image.new("RGB", (64, 64), "red").save(folder / "photo.png")
    WATCHED.update(folder=os.path.realpath(folder), seen=[])
    yield folder
    seen, WATCHED["folder"] = list(WATCHED["seen"]), ""
    assert not seen


@pytest.fixture
def upload_folder(server_files):
    """A folder in Gradio's upload folder, with links that lead out."""
    Path(get_upload_folder()).mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=get_upload_folder()))
    links = {"link.png": server_files / "photo.png", "lost.png": server_files / "none.png", "out": server_files}
    for name, target in links.items():
        (folder / name).symlink_to(target)
    yield folder
    for name in links:
        (folder / name).unlink()
    folder.rmdir()


def paths(folder, upload_folder, name):
    """Ways to name a file of a folder that is not the upload folder."""
    path = str(folder / name)
    up = "/.." * (len(Path(upload_folder).parts) - 1)
    return [
        path, f"{upload_folder}{up}{path}", f"/{path}", f"{folder}/./../{folder.name}/{name}", f"file://{path}",
        f"{upload_folder}/out/{name}", f"{upload_folder}/{'link.png' if name == 'photo.png' else 'lost.png'}",
        os.path.relpath(path), f"{path}\0.png", f"http://127.0.0.1:9{path}", f"ftp://127.0.0.1{path}",
        f"\\\\127.0.0.1\\share{path}", f"~{path}", f"{path}/", f"{path}\n", str(folder), str(upload_folder),
        get_upload_folder(), "data:image/png;base64,iVBORw0KGgo=", "a" * 100_000, "\ud800.png", "", ".", "..", "/",
    ]  # fmt: skip


def shapes(path):
    """File objects, with and without what Gradio itself looks at."""
    return [
        {"path": path}, {"path": path, "meta": META}, {"path": path, "meta": META, "is_stream": True},
        {"path": path, "meta": "x", "url": path, "orig_name": "a.png"}, {"url": path}, {"url": path, "meta": META},
        {"path": None, "url": f"/gradio_api/file={path}"}, {"path": [path]}, {"path": {"path": path}},
    ]  # fmt: skip


def test_paths_are_refused_with_one_line(server_files, upload_folder):
    for name in ("photo.png", "none.png"):
        for path in [*paths(server_files, upload_folder, name), None, 3, 0, True, [], {}, ["a"], b"a", 1e300]:
            with pytest.raises(InputError) as error:
                uploaded(path)
            assert str(error.value) == NOT_HERE


def test_what_lies_outside_is_not_even_asked_for(server_files, monkeypatch):
    """On Windows, to ask for a file of another machine is to log in there."""
    asked = []
    for name in ("realpath", "isfile"):
        real = getattr(os.path, name)
        monkeypatch.setattr(os.path, name, lambda path, real=real, **how: asked.append(path) or real(path, **how))
    with pytest.raises(InputError):
        uploaded(str(server_files / "photo.png"))
    assert not [path for path in asked if str(path).startswith(str(server_files))]


def test_uploads_are_taken(upload_folder):
    file = upload_folder / "sub" / "photo.png"
    file.parent.mkdir()
    file.write_bytes(b"x")
    inside = upload_folder / "inside.png"
    inside.symlink_to(file)
    try:
        for path in (file, inside, f"{upload_folder}/sub/../sub/photo.png"):
            assert Path(uploaded(str(path))) == file.resolve()
    finally:
        inside.unlink()
        file.unlink()
        file.parent.rmdir()


def test_every_widget_of_every_function_refuses_files_of_the_server(demo, address, server_files, upload_folder):
    calls = []
    for function in functions(demo):
        for index, widget in enumerate(function.inputs):
            if not isinstance(widget, FILES):
                continue
            for name in ("photo.png", "none.png"):
                files = [one for path in paths(server_files, upload_folder, name)[:7] for one in shapes(path)[:2]]
                files += shapes(str(server_files / name))
                calls += [(function, replaced(function, index, in_place(widget, file)), None) for file in files]
    assert len({id(function) for function, *_ in calls}) > 30
    for call, error in zip(calls, answers(demo, calls), strict=True):
        assert error is not None and error.message == NOT_HERE, (call[0].api_name, call[1], error)


def test_bare_and_nested_paths_are_refused_alike(demo, address, server_files):
    calls = {"photo.png": [], "none.png": []}
    for name, made in calls.items():
        path = str(server_files / name)
        file = {"path": path, "meta": META}
        deep = file
        for _ in range(300):
            deep = [deep]
        for function in functions(demo):
            for index, widget in enumerate(function.inputs):
                values = [path, [path], file, [file], [[file]], {"image": file}, {"root": [file]}, deep]
                if not widget.stateful:
                    made += [(function, replaced(function, index, value), None) for value in values]
    told = [[error and error.message for error in answers(demo, made)] for made in calls.values()]
    for (function, *_), here, missing in zip(calls["photo.png"], *told, strict=True):
        assert (here or "").replace("photo.png", "none.png") == (missing or ""), function.api_name


@pytest.mark.parametrize("endpoint", ["generate", "lookbook", "mix", "pose", "cutout", "tryon", "compare"])
def test_endpoints_over_http(address, http, demo, server_files, endpoint):
    function = next(one for one in functions(demo) if one.api_name == endpoint)
    index = next(i for i, widget in enumerate(function.inputs) if isinstance(widget, FILES))
    for name in ("photo.png", "none.png"):
        for file in shapes(str(server_files / name))[:2]:
            data = replaced(function, index, in_place(function.inputs[index], file))
            url = f"{address}gradio_api/call/{endpoint}"
            event = http.post(url, json={"data": data}).json()["event_id"]
            answer = http.get(f"{url}/{event}").text
            assert json.dumps(NOT_HERE) in answer and "event: error" in answer
