"""The folder of a Space: whole, with the metadata that the Hub reads, and a page that runs from it alone."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import SpaceCard

from vton.cli import main
from vton.hub import bundled_names

ROOT = Path(__file__).resolve().parents[2]
RUN = """
import app, vton
from pathlib import Path
from vton import hub
from vton.ui.app import build_app
assert Path(vton.__file__).parents[1] == Path.cwd(), vton.__file__
for name in hub.bundled_names():
    hub.verify(hub.find_checkpoint(name))
print(len(build_app().fns) > 20, *hub.bundled_names())
"""


@pytest.fixture
def space(tmp_path):
    out = tmp_path / "space"
    flags = ["--model", "tester/weights", "--dataset", "tester/studio"]
    assert main(["space", "tester/outfit-studio", "--out", str(out), *flags]) == 0
    yield out
    shutil.rmtree(out)


def test_it_is_whole_and_says_what_it_is(space):
    card = SpaceCard.load(space / "README.md").data
    assert (card.sdk, card.app_file, card.license) == ("gradio", "app.py", "apache-2.0")
    assert (card.suggested_hardware, card.models, card.datasets) == ("cpu-basic", ["tester/weights"], ["tester/studio"])
    assert card.thumbnail.endswith("/tester/outfit-studio/resolve/main/thumbnail.webp")
    assert len(card.short_description) <= 60 and (space / "thumbnail.webp").is_file()
    requirements = (space / "requirements.txt").read_text()
    assert re.search(rf"^gradio\[mcp\]=={card.sdk_version}$", requirements, re.MULTILINE)
    assert re.search(r"^torch==[0-9.]+$", requirements, re.MULTILINE)
    large = [file for file in space.rglob("*") if file.stat().st_size > 10_000_000]
    assert large and all(f"*{file.suffix} filter=lfs" in (space / ".gitattributes").read_text() for file in large)
    assert not list(space.rglob("__pycache__"))


def test_the_page_runs_from_it_alone(space, tmp_path):
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    environment["GRADIO_TEMP_DIR"] = str(tmp_path)
    done = subprocess.run([sys.executable, "-c", RUN], cwd=space, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["True", *bundled_names()]


def test_mistakes(tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    assert main(["space", "tester/name", "--out", str(tmp_path / "full")]) == 2
    assert main(["space", "name", "--out", str(tmp_path / "new")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert "not empty" in lines[0] and "owner/name" in lines[1] and len(lines) == 2
    assert [file.name for file in (tmp_path / "full").iterdir()] == ["mine.txt"] and not (tmp_path / "new").exists()
