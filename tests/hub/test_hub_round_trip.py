"""Push to a Hub and find by id again, over real HTTP; the address is read at import, hence a process."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from vton import hub

SCRIPT = """
import json, sys
from pathlib import Path
from vton import hub
from vton.schema import InputError
said = {"commit": hub.push(Path(sys.argv[1]), "tester/tiny")}
found = hub.find_checkpoint("tester/tiny")
hub.verify(found)
said["revision"], said["files"] = hub.revision(found), sorted(file.name for file in found.iterdir())
try:
    hub.find_checkpoint("tester/none")
except InputError as error:
    said["none"] = str(error)
print(json.dumps(said))
"""


@pytest.fixture
def said(fake_hub, tiny_fashion_checkpoint, tmp_path):
    """What the script says after a round trip through the fake Hub; asserts that the server got the files."""
    folder = shutil.copytree(tiny_fashion_checkpoint, tmp_path / "tiny")
    hub.write_model_card(folder, system="fashion-gan", summary="s", paper="p", data="d")
    (folder / "notes.txt").write_text("stays here")
    environment = {
        **os.environ,
        "HF_ENDPOINT": fake_hub.url,
        "HF_HOME": str(tmp_path / "home"),
        "HF_TOKEN": "hf_of_the_tests",
        "HF_HUB_OFFLINE": "0",
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
    }
    command = [sys.executable, "-c", SCRIPT, str(folder)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert fake_hub.repos["tester/tiny"][hub.WEIGHTS_NAME] == (folder / hub.WEIGHTS_NAME).read_bytes()
    return json.loads(done.stdout)


def test_push_and_find_again(said, tiny_fashion_checkpoint):
    assert said["revision"] == hub.revision(tiny_fashion_checkpoint)
    assert said["files"] == sorted(["README.md", hub.CONFIG_NAME, hub.WEIGHTS_NAME, hub.MANIFEST_NAME])
    assert "/tester/tiny/commit/" in said["commit"]
    assert said["none"].startswith("Checkpoint 'tester/none' is not on the Hub")
