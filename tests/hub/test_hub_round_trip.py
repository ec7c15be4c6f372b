"""Push to a Hub and find by id again, over real HTTP; the address is read at import, hence processes."""

import shutil

import pytest

from vton import hub
from vton.hub.fetching import sha256_of
from vton.hub.lineage import Lineage, Phase

PUSH = """
import json, sys
from pathlib import Path
from vton import hub
said = {"commit": hub.push(Path(sys.argv[1]), "tester/tiny")}
found = hub.find_checkpoint("tester/tiny")
hub.verify(found)
said["revision"], said["files"] = hub.revision(found), sorted(file.name for file in found.iterdir())
print(json.dumps(said))
"""
FIND = """
import json, sys
from vton import hub
from vton.schema import InputError

def found(name):
    try:
        return hub.revision(hub.find_checkpoint(name))
    except InputError as error:
        return str(error)

print(json.dumps([found(name) for name in sys.argv[1:]]))
"""
PINNED = """
import json, sys
from vton.hub.fetching import PinnedFiles
from vton.schema import InputError
hub_id, revision, digest = sys.argv[1:]
files = PinnedFiles(hub_id, revision, {"weights.pth": digest}, "Network")
said = [files.cached() is None]
try:
    said.append((files.fetch() / "weights.pth").read_text())
except InputError as error:
    said.append(str(error))
print(json.dumps([*said, files.cached() is None]))
"""


@pytest.fixture
def folder(tiny_fashion_checkpoint, tmp_path):
    return shutil.copytree(tiny_fashion_checkpoint, tmp_path / "tiny")


def content(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_push_and_find_again(ask, fake_hub, folder):
    phase = Phase("fashion-gan", None, "tiny", {}, 4, None, None, None)
    Lineage("fashion-gan", hub.revision(folder), None, (), (phase,), None, None, None, None).write(folder)
    hub.write_model_card(folder, system="fashion-gan", summary="s", paper="p", data="d")
    (folder / "notes.txt").write_text("stays here")
    (folder / "samples").mkdir()
    (folder / "samples/1.png").write_bytes(b"a picture")
    said = ask(PUSH, folder)
    (pushed,) = fake_hub.repos["tester/tiny"].values()
    assert pushed[hub.WEIGHTS_NAME] == (folder / hub.WEIGHTS_NAME).read_bytes()
    assert "samples/1.png" in pushed and "notes.txt" not in pushed
    assert said["revision"] == hub.revision(folder)
    files = ["README.md", hub.CONFIG_NAME, hub.WEIGHTS_NAME, hub.MANIFEST_NAME, hub.LINEAGE_NAME]
    assert said["files"] == sorted(files)
    assert "/tester/tiny/commit/" in said["commit"]


def test_an_id_stays_what_it_was_until_another_commit_is_named(ask, fake_hub, folder, tiny_outfit_checkpoint):
    first = fake_hub.commit("tester/tiny", content(folder))
    assert ask(FIND, "tester/tiny") == [hub.revision(folder)]
    second = fake_hub.commit("tester/tiny", content(tiny_outfit_checkpoint))
    ids = ["tester/tiny", f"tester/tiny@{first}", f"tester/tiny@{second}", "tester/tiny"]
    old, new = hub.revision(folder), hub.revision(tiny_outfit_checkpoint)
    assert ask(FIND, *ids) == [old, old, new, old]


def test_what_the_hub_does_not_have_or_spoils_is_refused(ask, fake_hub, folder):
    files = content(folder)
    weights = bytearray(files[hub.WEIGHTS_NAME])
    weights[-3] ^= 1
    spoilt = fake_hub.commit("tester/tiny", {**files, hub.WEIGHTS_NAME: bytes(weights)})
    nobody, nowhen, corrupt = ask(FIND, "tester/none", f"tester/tiny@{'f' * 40}", f"tester/tiny@{spoilt}")
    assert nobody.startswith("Checkpoint 'tester/none' is not on the Hub")
    assert nowhen.startswith("Checkpoint 'tester/tiny' has no revision 'ffff")
    assert f"corrupt: {hub.WEIGHTS_NAME} differs from its manifest" in corrupt


def test_files_of_others_are_taken_of_their_commit_and_compared(ask, fake_hub, tmp_path):
    commit = fake_hub.commit("other/network", {"weights.pth": b"as published"})
    fake_hub.commit("other/network", {"weights.pth": b"replaced later"})
    (tmp_path / "weights.pth").write_bytes(b"as published")
    digest = sha256_of(tmp_path / "weights.pth")
    assert ask(PINNED, "other/network", commit, digest) == [True, "as published", False]
    before, said, after = ask(PINNED, "other/network", commit, digest[::-1])
    assert not before and not after and "is not what it was: weights.pth has another sha256" in said
