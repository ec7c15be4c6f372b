"""What ``pip install .`` puts in place is whole, and works from any working directory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with what the wheel would install."""
    folder = tmp_path_factory.mktemp("site")
    steps = ["-q", "egg_info", "--egg-base", str(folder), "build_py", "--build-lib", str(folder)]
    subprocess.run([sys.executable, "setup.py", *steps], cwd=ROOT, check=True, capture_output=True, timeout=120)
    return folder


def files_of(folder):
    """All files in a folder but those that Python and Gradio write beside sources."""
    files = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    return {file.as_posix() for file in files if "__pycache__" not in file.parts and file.suffix != ".pyi"}


def test_program_pictures_and_weights_are_all_in_the_wheel(installed):
    wanted = files_of(ROOT / "vton") | {f"checkpoints/{name}" for name in files_of(ROOT / "checkpoints")}
    assert {"ui/style.css", "ui/panels/pose_editor.js", "checkpoints/outfit-gan-256/config.json"} <= wanted
    assert files_of(installed / "vton") == wanted


def test_a_network_runs_in_a_folder_that_knows_nothing_of_the_repository(installed, tmp_path):
    garment = next((installed / "vton" / "ui" / "examples").rglob("outer.webp"))
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}
    command = [sys.executable, "-m", "vton", "cutout", str(garment), "--out", "article.png"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "article.png") as picture:
        assert picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (0, 255)
