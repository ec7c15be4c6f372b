"""Files, functions and folders stay small enough to be read at one go."""

import ast
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LINES_OF_A_FILE, LINES_OF_A_FUNCTION, FILES_OF_A_FOLDER = 300, 60, 15

FILES = sorted(
    path.relative_to(ROOT).as_posix() for folder in ("vton", "tests") for path in (ROOT / folder).rglob("*.py")
)


@pytest.mark.parametrize("folder", ["vton", "tests"])
def test_files_and_functions_are_short(folder):
    long = []
    for file in (file for file in FILES if file.startswith(f"{folder}/")):
        text = (ROOT / file).read_text("utf-8")
        if len(text.splitlines()) > LINES_OF_A_FILE:
            long.append(file)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                if (node.end_lineno or 0) - node.lineno >= LINES_OF_A_FUNCTION:
                    long.append(f"{file}: {node.name}")
    assert not long


def test_folders_hold_few_files():
    count = Counter(file.rpartition("/")[0] for file in FILES)
    assert not [folder for folder, files in count.items() if files > FILES_OF_A_FOLDER]
