"""What is imported is declared, what is declared is imported, and all of it is pinned exactly."""

import ast
import functools
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BASE, STUDIO, SEGFORMER, C2PA, PARQUET, DEV = (
    f"requirements{part}.txt" for part in ("", "-studio", "-segformer", "-c2pa", "-parquet", "-dev")
)
LOCK = "requirements.lock"
MACHINE = 'python_version == "3.11" and platform_system == "Linux" and platform_machine == "x86_64"'
# Distributions whose modules have another name.
MODULES = {
    "opencv-python-headless": "cv2", "pillow": "PIL", "huggingface-hub": "huggingface_hub",
    "controlnet-aux": "controlnet_aux", "c2pa-python": "c2pa",
}  # fmt: skip
ONLY_HERE = {"vton/studio/": STUDIO, "vton/readers/parser/segformer.py": SEGFORMER,
             "vton/provenance/content_credentials.py": C2PA, "vton/catalogue/table.py": PARQUET}  # fmt: skip


def declared(name: str) -> dict[str, str]:
    """Distribution -> version of a requirements file, those of files that it includes left out."""
    lines = (ROOT / name).read_text("utf-8").splitlines()
    lines = [line for line in lines if not line.startswith(("-r ", "#"))]
    pinned = [re.fullmatch(r"([a-z0-9-]+)(?:\[[a-z]+\])?==([\w.]+)", line) for line in lines]
    assert all(pinned), f"{name} has a line that pins nothing exactly"
    return {match[1]: match[2] for match in pinned}


def modules(name: str) -> set[str]:
    return {MODULES.get(distribution, distribution) for distribution in declared(name)}


@functools.cache
def imported() -> dict[str, set[str]]:
    """Top-level name of other packages -> the files of the program that import it."""
    found: dict[str, set[str]] = {}
    for file in [*(ROOT / "vton").rglob("*.py"), ROOT / "app.py"]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module]
            for top in {name.partition(".")[0] for name in names} - {"vton", *sys.stdlib_module_names}:
                found.setdefault(top, set()).add(file.relative_to(ROOT).as_posix())
    return found


def extra_of(file: str) -> str:
    return next((name for start, name in ONLY_HERE.items() if file.startswith(start)), BASE)


def test_every_import_is_declared_where_it_is_needed():
    missing = [
        (top, file) for top, files in imported().items() for file in files
        if top not in modules(BASE) | modules(extra_of(file))
    ]  # fmt: skip
    assert not missing


@pytest.mark.parametrize("name", [BASE, STUDIO, SEGFORMER, C2PA, PARQUET])
def test_everything_declared_is_imported(name):
    assert not modules(name) - set(imported())


def test_test_tools_are_pinned_too():
    assert {"pytest", "pyright", "ruff"} <= set(declared(DEV))


def test_the_lock_agrees_with_what_is_declared_and_names_no_place():
    lines = [line for line in (ROOT / LOCK).read_text("utf-8").splitlines() if not line.startswith("#")]
    pinned = [re.fullmatch(rf"([a-z0-9-]+)==([\w.]+) ; {re.escape(MACHINE)}", line) for line in lines]
    assert all(pinned)
    locked = {match[1]: match[2] for match in pinned}
    for name in (BASE, STUDIO, SEGFORMER, C2PA, DEV):
        for distribution, version in declared(name).items():
            assert locked[distribution] == version, distribution
