"""The rooms of vton/studio are those of the table in docs/studio.md, and import only rooms above them in it."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STUDIO = ROOT / "vton" / "studio"
ROW = re.compile(r"^\| `(\w+)` \| (.+) \|$", re.MULTILINE)
MOST_FILES = 15


def table() -> dict[str, str]:
    """Room -> what is in it, in the order of the table."""
    return dict(ROW.findall((ROOT / "docs" / "studio.md").read_text("utf-8").partition("## Rooms")[2]))


def imported_rooms(source: str) -> set[str]:
    modules = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            modules |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {module.split(".")[2] for module in modules if module.startswith("vton.studio.")}


def upstairs(room: str, source: str, order: list[str]) -> set[str]:
    """Rooms that a file of ``room`` must not import."""
    return {other for other in imported_rooms(source) if order.index(other) > order.index(room)}


def test_the_table_has_every_room_and_says_what_its_docstring_says():
    rooms = {file.parent.name: file.read_text("utf-8") for file in STUDIO.glob("*/__init__.py")}
    assert {room: ast.get_docstring(ast.parse(source)) for room, source in rooms.items()} == table()
    assert [file.name for file in STUDIO.glob("*.py")] == ["__init__.py"], "every module lives in a room"
    crowded = [room for room in rooms if len([f for f in (STUDIO / room).iterdir() if f.is_file()]) > MOST_FILES]
    assert not crowded, "no room holds more files than one takes in at a glance"


def test_rooms_import_rooms_above_them():
    order = list(table())
    bad = {f"{file.relative_to(STUDIO)}: {room}" for file in STUDIO.glob("*/*.py")
           for room in upstairs(file.parent.name, file.read_text("utf-8"), order)}  # fmt: skip
    assert not bad


@pytest.mark.parametrize(
    "source",
    [
        "from vton.studio.cloth.drape import drape_outfit",
        "from vton.studio import photos",
        "def late():\n    import vton.studio.dataset.render",
    ],
)
def test_an_import_of_a_room_below_is_found(source):
    assert upstairs("garments", source, list(table()))
    assert not upstairs("measuring", source, list(table()))
