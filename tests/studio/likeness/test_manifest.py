"""Assets that are missing, cut short or others are named in one line."""

import json

import pytest

from vton.schema import InputError
from vton.studio.likeness.manifest import MANIFEST, digest, verify


@pytest.fixture
def folder(tmp_path):
    for name in ("skins/a.webp", "portraits/b.webp"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_bytes(name.encode() * 40)
    return tmp_path


@pytest.fixture
def manifest(folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("manifest") / "manifest.json"
    path.write_text(json.dumps({name: digest(folder / name) for name in ("skins/a.webp", "portraits/b.webp")}))
    return path


def test_what_is_whole_passes(folder, manifest):
    verify(folder, manifest)


@pytest.mark.parametrize("damage", ["missing", "short", "other"])
def test_what_is_not_is_named(folder, manifest, damage):
    path = folder / "portraits" / "b.webp"
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] if damage == "short" else b"x" * 600)
    with pytest.raises(InputError, match="portraits/b.webp") as error:
        verify(folder, manifest)
    assert "\n" not in str(error.value) and str(folder) not in str(error.value)


def test_the_manifest_names_portraits_and_makehuman():
    names = json.loads(MANIFEST.read_text())
    assert sum(name.startswith("portraits/") for name in names) == 201
    assert {name.split("/")[0] for name in names} == {"portraits", "makehuman"}
