"""What the documents point at is there: files, pictures and headings."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("checkpoints/**/*.md")]
LINK = re.compile(r"\]\(([^)\s]+)\)")
VERB = re.compile(r"python -m vton ([\w-]+)")
SOURCE = re.compile(r"`((?:vton|tests|checkpoints)/[\w./-]+|\w+(?:/\w+)+\.py)`")


def without_code(text: str) -> str:
    """The text of a document, blocks of code left out."""
    return re.sub(r"^```.*?^```$", "", text, flags=re.DOTALL | re.MULTILINE)


def anchors(document: Path) -> set[str]:
    """Names by which links reach the headings of a document, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", without_code(document.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(document):
    for link in LINK.findall(without_code(document.read_text("utf-8"))):
        if link.startswith(("https://", "http://")):
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document
        assert target.exists() and target.is_relative_to(ROOT), f"{link} leads nowhere"
        assert not anchor or anchor in anchors(target), f"{link}: no such heading"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_and_folders_of_the_program_are_there(document):
    named = SOURCE.findall(document.read_text("utf-8"))
    assert not [name for name in named if not (ROOT / name).exists() and not (ROOT / "vton" / name).exists()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_have_verbs_that_exist(document):
    from vton.cli import VERBS

    assert set(VERB.findall(document.read_text("utf-8"))) <= set(VERBS)


def test_readme_has_the_table_of_systems():
    from vton.cli.weights.systems import markdown_table

    assert f"\n{markdown_table()}\n" in (ROOT / "README.md").read_text("utf-8"), "python -m vton systems --markdown"


def test_every_document_is_reached_from_the_readme():
    links = LINK.findall(without_code((ROOT / "README.md").read_text("utf-8")))
    assert {file.relative_to(ROOT).as_posix() for file in ROOT.glob("docs/*.md")} <= set(links)
