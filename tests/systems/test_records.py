"""The records: whole, true, told apart, and read without loading anything."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from vton.schema import SLOTS, TRYON_SLOTS, InputError, Task
from vton.systems import find_system, leading, named_config, systems

ROOT = Path(__file__).parents[2]
# Where data sets and their labels have the names of systems that were trained on them.
DATA_SETS = ("vton/data/", "vton/schema/label_sets.py", "vton/tryon/training/batches.py")
OWN_RUNS = (Task.WORN_TRY_ON, Task.OUTFIT_TRY_ON)
each_record = pytest.mark.parametrize("record", systems().values(), ids=systems())


@each_record
def test_a_record_is_whole(record):
    folder = record.name.replace("-", "_")
    assert record.pipeline.startswith(f"vton.systems.{folder}.")
    assert str(record.year) in record.cited and str(record.year) in record.paper if record.year else not record.arxiv
    assert record.arxiv in record.cited and all(text.endswith(".") for text in record.cannot) and record.cannot
    known = SLOTS if record.task in (Task.GENERATION, Task.OUTFIT_TRY_ON) else TRYON_SLOTS
    assert set(record.slots) <= set(known) and (record.slots or record.task is Task.GENERATION)
    assert record.licence == "Apache-2.0"


@each_record
def test_what_a_record_names_is_there_and_is_its_own(record):
    assert record.load("pipeline").record is record and record.load("recipe").record is record
    assert record.load("network")(**record.tiny).config
    configs = record.load("configs")
    assert {"tiny", record.defaults.get("config", "default")} <= set(configs)
    assert {config.system for config in configs.values()} == {record.name}
    assert all(hasattr(named_config(record), name) for name in record.switches)
    assert bool(record.run) == (record.task in OWN_RUNS) and (not record.run or callable(record.load("run")))


def test_each_task_has_one_system_that_leads_and_every_system_one_task():
    assert sorted(name for task in Task for name in systems(task)) == sorted(systems())
    for task in Task:
        assert [record for record in systems(task).values() if record.leads] == [leading(task)]
    assert len({record.checkpoint for record in systems().values()}) == len(systems())


def test_unknown_names_are_refused():
    with pytest.raises(InputError, match="Unknown system 'cp-vton-9': choose one of outfit-gan"):
        find_system("cp-vton-9")
    with pytest.raises(InputError, match="Unknown system 'cp-vton'"):
        find_system("cp-vton", Task.GENERATION)
    with pytest.raises(InputError, match="--config huge is unknown for viton: choose one of default"):
        named_config(find_system("viton"), "huge")


def test_listing_the_systems_loads_no_torch_and_importing_lists_none():
    code = (
        "import sys, vton.systems\nassert not [m for m in sys.modules if m.startswith('vton.systems.')]\n"
        "vton.systems.systems()\nprint({'torch', 'diffusers', 'cv2', 'gradio'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def words_of_code(source):
    """Names and strings of a program, docstrings left out, as one text."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value.value = ""
    return ast.unparse(tree)


def test_no_code_outside_a_systems_folder_names_the_system():
    """But for MA-VTON's folder, which is built on CP-VTON's."""
    files = {file.relative_to(ROOT).as_posix(): file for file in (*ROOT.glob("vton/**/*.py"), ROOT / "app.py")}
    folders = {name.replace("-", "_"): re.compile(name.replace("-", "[-_ ]?"), re.IGNORECASE) for name in systems()}
    folders["viton"] = re.compile(r"(?<![\w-])viton(?!-hd)", re.IGNORECASE)
    told = set()
    for path, file in files.items():
        source = file.read_text("utf-8")
        if path.startswith(DATA_SETS) or not any(name.search(source) for name in folders.values()):
            continue
        code = words_of_code(source)
        told |= {(path.rpartition("/")[0], system) for system, name in folders.items()
                 if name.search(code) and not path.startswith(f"vton/systems/{system}/")}  # fmt: skip
    assert told == {("vton/systems/ma_vton", "cp_vton")}
