"""The torchvision shim: it mends the one fault it is for, once, and leaves all else alone."""

import subprocess
import sys

import pytest

from vton.readers import torchvision_shim

# In a process of its own: operators are declared for good.
SCRIPT = """
import sys
from vton.readers.torchvision_shim import repair_torchvision
repair_torchvision()
import torch, torchvision, torchvision.transforms
before = sys.modules["torchvision"]
repair_torchvision()
assert sys.modules["torchvision"] is before is torchvision
assert torch.ops.torchvision.nms is not None
print("ok")
"""


@pytest.fixture
def repair(monkeypatch):
    """The function as on its first call; what it did to this process before stays."""
    monkeypatch.setattr(torchvision_shim, "_repair", torchvision_shim._repair.__wrapped__)
    return torchvision_shim.repair_torchvision


def stand_in(folder, monkeypatch, body):
    """A torchvision whose import runs ``body``."""
    (folder / "torchvision").mkdir()
    (folder / "torchvision" / "__init__.py").write_text(body)
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "torchvision", None)
    monkeypatch.delitem(sys.modules, "torchvision")
    monkeypatch.syspath_prepend(folder)


def test_torchvision_can_be_imported():
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and done.stdout.strip() == "ok", done.stderr


def test_a_healthy_torchvision_stays(repair, tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "healthy = True")
    repair()
    assert sys.modules["torchvision"].healthy


def test_no_torchvision_is_no_fault(repair, monkeypatch):
    monkeypatch.setitem(sys.modules, "torchvision", None)
    repair()
    assert sys.modules["torchvision"] is None


def test_another_fault_is_not_hidden(repair, tmp_path, monkeypatch):
    stand_in(tmp_path, monkeypatch, "raise RuntimeError('no such driver')")
    with pytest.raises(RuntimeError, match="no such driver"):
        repair()
