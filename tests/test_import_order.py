"""The rooms of vton/ import downwards only; heavy or special packages stay in the rooms that own them."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# A room imports itself and rooms of a lower floor. What trains a reader stands above the engine of training, and above
# the rest of its room.
FLOORS = {
    "schema": 0,
    "hub": 1,
    "conditioning": 1,
    "networks": 2,
    "compositing": 3,
    "data": 3,
    "provenance": 3,
    "readers": 3,
    "pipelines": 4,
    "metrics": 4,
    "training": 5,
    "studio": 5,
    "generation": 6,
    "tryon": 6,
    "readers.training": 6,
    "readers.pose.recipe": 6,
    "readers.parser.recipe": 6,
    "readers.parser.soft_labels": 6,
    "readers.parser.teacher_recipe": 6,
    "readers.garment.recipe": 6,
    "readers.garment.pack_check": 6,
    "systems": 7,
    "catalogue": 8,
    "grading": 8,
    "soak": 8,
    "ui": 9,
    "cli": 9,
    "app": 10,
}
# Rooms beside the stairs know these alone.
ALONE = {"conditioning": {"schema"}, "hub": {"schema"}, "soak": {"schema", "systems"}}
# Systems do not import each other, but for one whose paper is built on the other's, nor the list of systems.
BUILT_ON = {("ma_vton", "cp_vton")}
OWNED = {
    "gradio": ("vton/ui/", "app.py"),
    "accelerate": ("vton/training/", "vton/hub/device.py"),
    "anny": ("vton/studio/",),
    "numba": ("vton/studio/",),
    "scipy": ("vton/studio/", "vton/systems/viton/shape_context.py"),
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


def floor_of(module: str) -> int | None:
    """The floor of a module named below ``vton``: that of the longest part of its name that has one."""
    parts = module.split(".")
    names = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
    return next((FLOORS[name] for name in names if name in FLOORS), None)


def violations(path: str, source: str) -> list[str]:
    """What a file at ``path`` (relative to the root) must not import; empty when all is well."""
    room, bad = room_of(path), []
    module = path.removeprefix("vton/").removesuffix(".py").replace("/", ".")
    own = FLOORS["app"] if room == "app" else floor_of(module)
    for name in imports(path, source):
        top, _, rest = name.partition(".")
        if top in OWNED and not path.startswith(OWNED[top]):
            bad.append(f"{path}: {top} belongs in {' and '.join(OWNED[top])}")
        if room == "schema" and top in NOT_IN_SCHEMA:
            bad.append(f"{path}: schema works without {top}")
        target = rest.split(".")[0] if top == "vton" else ""
        if target == room == "systems" and another_system(path, rest):
            bad.append(f"{path}: it imports {name}, and stands alone")
        floor = floor_of(rest) if top == "vton" else None
        if floor is None:
            continue
        if room is None:
            bad.append(f"{path}: the package itself imports {name}")
        elif floor > own or (target != room and (floor == own or target not in ALONE.get(room, FLOORS))):
            bad.append(f"{path}: {room} imports {name}, which is not below it")
    return bad


def another_system(path: str, name: str) -> bool:
    """Whether a file of a system's folder imports more of ``systems`` than its own folder and what that is built on."""
    own, other = path.split("/")[2:-1], name.split(".")[1:2]
    return bool(own) and own[:1] != other and (own[0], *other) not in BUILT_ON


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
        ("vton/networks/stylegan2/generator.py", "import vton.pipelines"),
        ("vton/networks/stylegan2/generator.py", "from vton import training"),
        ("vton/hub/checkpoints.py", "from vton.conditioning.canvas import fit_to_canvas"),
        ("vton/hub/checkpoints.py", "from vton.networks import stylegan2"),
        ("vton/conditioning/canvas.py", "import vton.hub"),
        ("vton/metrics/pictures/fid.py", "from vton.systems import get_pipeline"),
        ("vton/tryon/training/trainer.py", "from vton.systems.viton import network"),
        ("vton/systems/acgpn/network.py", "from vton.systems.viton.network import VITON"),
        ("vton/systems/cp_vton/config.py", "from vton.systems.ma_vton.system import SYSTEM"),
        ("vton/systems/viton/system.py", "NETWORK = 'vton.systems.acgpn.network:ACGPN'"),
        ("vton/systems/viton/pipeline.py", "from vton.systems import get_pipeline"),
        ("vton/systems/viton/pipeline.py", "from vton import systems"),
        ("vton/data/__init__.py", "DATASETS = {'x': 'vton.training.x:X'}"),
        ("vton/ui/app.py", "from vton.cli import main"),
        ("vton/cli/dressing/generate.py", "import gradio as gr"),
        ("vton/networks/stylegan2/generator.py", "from accelerate import Accelerator"),
        ("vton/systems/outfit_gan/pipeline.py", "import accelerate.state"),
        ("vton/__init__.py", "from vton.schema import Pose"),
        ("app.py", "import accelerate"),
        ("vton/generation/training/batches.py", "from numba import njit"),
        ("vton/soak/server.py", "from vton.ui.app import serve"),
        ("vton/soak/known.py", "from vton.provenance import read_recipe"),
        ("vton/readers/pose/bundled.py", "from vton.readers.pose.recipe import PoseRecipe"),
        ("vton/readers/photo_network.py", "from vton.training.state import load_state"),
        ("vton/training/loop.py", "from vton.readers.training.configs import ReaderConfig"),
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
        ("vton/hub/device.py", "from accelerate import PartialState"),
        ("vton/systems/outfit_gan/pipeline.py", "from vton.hub import find\nfrom vton.networks import stylegan2"),
        ("vton/systems/viton/system.py", "P = 'vton.systems.viton.pipeline:VITONPipeline'"),
        ("vton/systems/ma_vton/network.py", "from vton.systems.cp_vton.network import CPVTON"),
        ("vton/systems/comparison.py", "from vton.systems import get_pipeline"),
        ("vton/soak/known.py", "from vton.systems import systems"),
        ("vton/cli/weights/train.py", "from vton.generation.training.trainer import GeneratorTrainer"),
        ("vton/readers/pose/recipe.py", "from vton.readers.training import loop\nfrom vton.training import state"),
        ("vton/__main__.py", "from vton.cli import main"),
        ("app.py", "import gradio\nfrom vton.ui.app import build_app"),
    ],
)
def test_good_imports_pass(path, source):
    assert not violations(path, source)
