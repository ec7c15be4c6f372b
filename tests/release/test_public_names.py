"""The names that programs may import are there; docs/api.md lists them."""

import importlib
import re
from pathlib import Path

import pytest

from vton import __version__

ROOT = Path(__file__).resolve().parents[2]
SECTION = (ROOT / "docs/api.md").read_text("utf-8").partition("## Modules\n")[2].partition("\n## ")[0]
NAMES = [
    (module, name)
    for module, names in re.findall(r"^\| `([\w.]+)` \| (.+) \|$", SECTION, re.MULTILINE)
    for name in re.findall(r"`(\w+)`", names)
]


@pytest.mark.parametrize(("module", "name"), NAMES)
def test_a_name_is_there_and_says_what_it_is(module, name):
    found = getattr(importlib.import_module(module), name)
    assert not callable(found) or found.__doc__


def test_the_list_is_read():
    assert len(NAMES) > 30 and ("vton.systems", "get_pipeline") in NAMES


def test_the_changelog_begins_with_this_version():
    headings = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert headings[0] == __version__
