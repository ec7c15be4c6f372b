"""`python -m vton studio`: its verbs, and what it says where the studio's packages are missing.

What it renders is looked at in ``tests/studio/test_render.py``.
"""

import importlib.util
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
    assert VERBS["studio"][0] == "vton.cli.data.studio"


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
    axes |= {"top", "outer", "arms", "sleeves", "hems"}
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
