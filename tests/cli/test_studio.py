"""`python -m vton studio`: its verbs, and what it says where the studio's packages are missing."""

import importlib.util
import json
import subprocess
import sys

import pytest

from vton.cli import VERBS, main

needs_studio = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("anny", "numba", "scipy")),
    reason="needs requirements-studio.txt",
)


def run_python(code: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)


def test_the_command_line_starts_without_the_studios_packages():
    code = (
        "import sys; sys.modules.update(anny=None, numba=None, scipy=None)\n"
        "from vton.cli import main; main(['studio', '--help'])"
    )
    done = run_python(code)
    assert done.returncode == 0 and "render-one" in done.stdout
    assert VERBS["studio"][0] == "vton.cli.studio"


def test_a_missing_package_says_what_to_install():
    code = (
        "import sys; sys.modules.update(numba=None)\n"
        "from vton.cli import main; sys.exit(main(['studio', 'coverage']))"
    )
    done = run_python(code)
    assert done.returncode == 2 and "pip install -r requirements-studio.txt" in done.stderr


@needs_studio
def test_coverage_prints_a_table(capsys):
    assert main(["studio", "coverage", "--outfits", "60"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(int(line.split()[2]) for line in lines if line.startswith("gender")) == 60
    assert sum(int(line.split()[2]) for line in lines if line.startswith("pose ")) == 120
    axes = {"gender", "body", "pregnant", "age", "height", "skin", "hair", "view", "stance", "pose"}
    assert {line.split()[0] for line in lines} == axes


@needs_studio
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["render", "OUT", "--outfits", "0"], "--outfits"),
        (["render", "OUT", "--outfits", "1", "--seed", "2000"], "--seed"),
        (["render", "OUT", "--outfits", "1", "--assets", "nowhere"], "--assets lacks makehuman/"),
        (["render-one", "--spec", "missing.json"], "missing.json"),
        (["proof", "--articles", "0"], "--articles"),
    ],
)
def test_mistakes_of_users(words, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["studio", *words]) == 2
    assert message in capsys.readouterr().err


@needs_studio
def test_render_and_render_one_agree(tmp_path, capsys):
    """A look made again from its JSON is the look of the shard."""
    import cv2
    import numpy as np

    from vton.data.studio_shards import StudioShards
    from vton.studio.writing import read_look

    out = str(tmp_path / "set")
    words = ["--outfits", "1", "--poses", "1", "--looks", "1", "--workers", "1", "--seed", "4"]
    assert main(["studio", "render", out, *words]) == 0
    assert "1 outfits, 1 looks, 1 photos" in capsys.readouterr().out
    (entry,) = StudioShards(out)
    spec = tmp_path / "look.json"
    spec.write_text(json.dumps(read_look(tmp_path / "set", entry.key)))
    assert main(["studio", "render-one", "--spec", str(spec), "--out", str(tmp_path / "one")]) == 0
    again = cv2.imread(str(tmp_path / "one" / "p0.png"))[..., ::-1]
    assert np.abs(again.astype(int) - entry.photos[0].image_u8).mean() < 2.5, "but for the photo's compression"
