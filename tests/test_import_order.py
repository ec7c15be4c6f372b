"""The rooms of vton/ import downwards only; heavy or special packages stay in the rooms that own them."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# A room imports itself and rooms of a lower floor. hub and soak stand beside the stairs: they know schema alone.
FLOORS = {
    "schema": 0,
    "hub": 1,
    "conditioning": 1,
    "models": 2,
    "compositing": 3,
    "data": 3,
    "estimators": 3,
    "pipelines": 4,
    "metrics": 4,
    "training": 5,
    "studio": 5,
    "soak": 1,
    "ui": 6,
    "cli": 6,
    "app": 7,
}
FORBIDDEN_PAIRS = {("conditioning", "hub"), ("hub", "conditioning")}
OWNED = {
    "gradio": ("vton/ui/", "app.py"),
    "accelerate": ("vton/training/", "vton/pipelines/device.py"),
    "anny": ("vton/studio/",),
    "numba": ("vton/studio/",),
    "scipy": ("vton/studio/", "vton/models/shape_context.py"),
}
NOT_IN_SCHEMA = {"torch", "torchvision", "diffusers", "cv2", "scipy", "anny", "numba", "gradio", "accelerate"}
HOMELESS = {"utils", "misc", "common", "helpers"}
REGISTRY_ENTRY = re.compile(r"(vton(?:\.\w+)+):\w+")


def imports(path: str, source: str) -> list[str]:
    """Full names of all modules that a file imports, registry strings such as "vton.a.b:C" included."""
    found = []
    package = path.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found += [f"{module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            entry = REGISTRY_ENTRY.fullmatch(node.value)
            found += [entry[1]] if entry else []
    return found


def room_of(path: str) -> str | None:
    parts = path.split("/")
    if path in ("app.py", "vton/__main__.py"):
        return "app"
    return parts[1] if len(parts) > 2 else None


def violations(path: str, source: str) -> list[str]:
    """What a file at ``path`` (relative to the root) must not import; empty when all is well."""
    room, bad = room_of(path), []
    for name in imports(path, source):
        top, _, rest = name.partition(".")
        if top in OWNED and not path.startswith(OWNED[top]):
            bad.append(f"{path}: {top} belongs in {' and '.join(OWNED[top])}")
        if room == "schema" and top in NOT_IN_SCHEMA:
            bad.append(f"{path}: schema works without {top}")
        target = rest.split(".")[0] if top == "vton" else ""
        if target not in FLOORS or target == room:
            continue
        if room is None:
            bad.append(f"{path}: the package itself imports {name}")
        elif FLOORS[target] >= FLOORS[room] or (room, target) in FORBIDDEN_PAIRS:
            bad.append(f"{path}: {room} imports {name}, which is not below it")
    return bad


def sources() -> dict[str, str]:
    files = [*(ROOT / "vton").rglob("*.py"), ROOT / "app.py"]
    return {file.relative_to(ROOT).as_posix(): file.read_text("utf-8") for file in files if file.exists()}


def test_all_files_keep_the_order():
    assert not [line for path, source in sources().items() for line in violations(path, source)]


def test_every_room_has_a_floor_and_every_module_a_home():
    rooms = {path.split("/")[1] for path in sources() if path.count("/") > 1}
    assert {"schema", "conditioning"} <= rooms <= set(FLOORS)
    assert not [path for path in sources() if HOMELESS & set(path.removesuffix(".py").split("/"))]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("vton/schema/pose.py", "import torch"),
        ("vton/schema/pose.py", "def f():\n    from torch import nn"),
        ("vton/schema/pose.py", "from vton.conditioning import canvas"),
        ("vton/schema/pose.py", "from ..conditioning import canvas"),
        ("vton/schema/pose.py", "from .. import conditioning"),
        ("vton/models/stylegan2.py", "import vton.pipelines"),
        ("vton/models/stylegan2.py", "from vton import training"),
        ("vton/hub/checkpoints.py", "from vton.conditioning.canvas import fit_to_canvas"),
        ("vton/hub/checkpoints.py", "from vton.models import stylegan2"),
        ("vton/conditioning/canvas.py", "import vton.hub"),
        ("vton/metrics/fid.py", "from vton.pipelines import get_pipeline"),
        ("vton/data/__init__.py", "DATASETS = {'x': 'vton.training.x:X'}"),
        ("vton/ui/app.py", "from vton.cli import main"),
        ("vton/cli/generate.py", "import gradio as gr"),
        ("vton/models/stylegan2.py", "from accelerate import Accelerator"),
        ("vton/pipelines/outfit_gan.py", "import accelerate.state"),
        ("vton/__init__.py", "from vton.schema import Pose"),
        ("app.py", "import accelerate"),
        ("vton/training/batches.py", "from numba import njit"),
        ("vton/soak/server.py", "from vton.ui.app import serve"),
        ("vton/soak/known.py", "from vton.conditioning.image_io import read_recipe"),
    ],
)
def test_violations_are_found(path, source):
    assert violations(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("vton/schema/pose.py", "import numpy\nfrom vton.schema.errors import InputError"),
        ("vton/schema/pose.py", "from . import errors"),
        ("vton/hub/checkpoints.py", "from vton.schema import InputError\nimport huggingface_hub"),
        ("vton/pipelines/device.py", "from accelerate import PartialState"),
        ("vton/pipelines/outfit_gan.py", "from vton.hub import find\nfrom vton.models import stylegan2"),
        ("vton/pipelines/__init__.py", "P = {'a': 'vton.pipelines.a:A'}"),
        ("vton/cli/train.py", "from vton.training.loop import train"),
        ("vton/__main__.py", "from vton.cli import main"),
        ("app.py", "import gradio\nfrom vton.ui.app import build_app"),
    ],
)
def test_good_imports_pass(path, source):
    assert not violations(path, source)
