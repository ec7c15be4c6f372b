"""The page's texts: complete in every language, none unused; and the messages of the library that have translations."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from vton.conditioning.pose.presets import preset_poses
from vton.schema import InputError
from vton.ui.looks import load_looks
from vton.ui.texts import NAMES, SOURCE, VISITORS, filled, heard, listed, number, say, speaking, texts
from vton.ui.texts.messages import patterns, translated
from vton.ui.widgets import sentence

ROOT = Path(__file__).resolve().parents[3]
OTHERS = [language for language in NAMES if language != SOURCE]
HOLE = re.compile(r"\{\w+\}")
OF_GRADIO = {"errors.use_via_api_or_mcp"}
# What a visitor of the page is told of what was given; the rest is for scripts, training and whoever runs the server.
MET = ("conditioning/photos", "readers/base", "readers/person_photo", "readers/garment", "readers/pose/bundled",
       "schema/outfit", "schema/pose", "provenance/pictures", "tryon/forecast", "provenance/verification", "ui/fitting",
       "ui/page", "ui/panels", "ui/server/turns", "ui/server/outbox", "ui/studio", "ui/tabs", "ui/widgets",
       "generation/lookbook", "systems/outfit_tryon/pipeline", "systems/tryongan/worn_garment")  # fmt: skip
ENGLISH = {
    # Nobody can give these by the controls of the page.
    "Cannot read *: *. Check the path.", "Cannot write *: *. Choose another output path.",
    "`*` holds something that is not a number: use 0, 0, 0 for a missing joint.",
    "`keypoints` must list 18 joints of four numbers each, as DressCode does.",
    "The pose has a joint that is not a finite number: use 0, 0, 0 for a missing joint.",
    "The pose has a joint that is not a finite number: set its confidence to 0 to leave it out.",
    "The canvas size must be whole numbers between 1 and *.",
    "The canvas size must be two whole numbers, height and width.",
    "A pose needs 18 joints in the COCO-18 order of OpenPose, each with x, y and confidence.",
    "Joint confidences must lie between 0 (missing) and 1.",
    "Fewer than * joints of the pose lie on its canvas of *x* pixels: move them.",
    "Unknown slot *: use one of *.", "Unknown slot '*': use auto, *.", "Two articles for *: give one.",
    "No pose preset *: use * or OpenPose JSON.",
    "This happens in the page alone: choose an endpoint of Use via API.",
}  # fmt: skip


def shape(node):
    """A text of the program with a star for each of its holes; empty where it is no text."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(part.value if isinstance(part, ast.Constant) else "*" for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right) if shape(left):
            return shape(left) + (shape(right) or "*")
    return ""


@cache
def nodes(file):
    """All of a file of the program."""
    return list(ast.walk(ast.parse(file.read_text("utf-8"))))


def fits(shape, pattern):
    """Whether the program says what a pattern, or the last sentence of one, stands for."""
    told, wanted = len(shape.replace("*", "")), len(HOLE.sub("", pattern).rsplit(". ", 1)[-1])
    if shape == pattern or not (0.35 * wanted <= told <= len(pattern) and "*" in shape):
        return shape == pattern
    return re.fullmatch(re.escape(shape).replace(r"\*", ".*"), pattern, re.DOTALL) is not None


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_there_with_its_holes(language):
    own, source = texts(language), texts(SOURCE)
    assert own.keys() == source.keys()
    assert [key for key in source if set(HOLE.findall(own[key])) != set(HOLE.findall(source[key]))] == []
    assert all(text.strip() for text in own.values())


def test_no_text_is_unused():
    code = "\n".join(file.read_text("utf-8") for kind in ("py", "js") for file in (ROOT / "vton/ui").rglob(f"*.{kind}"))
    named = set(re.findall(r"""["'`]([a-z-]+\.[\w-]*)""", code))  # some end where a hole begins
    unused = [key for key in texts(SOURCE) if key not in named and not any(key.startswith(one) for one in named
              if one.endswith((".", "-")))]  # fmt: skip
    assert set(unused) == OF_GRADIO


def test_every_look_and_pose_has_a_name():
    assert {f"looks.{look.name}" for look in load_looks()} == {key for key in texts(SOURCE) if key.startswith("looks.")}
    assert {f"poses.{pose}" for pose in preset_poses()} == {key for key in texts(SOURCE) if key.startswith("poses.")}


def test_what_is_said_while_the_page_is_built_is_heard_in_any_language():
    with speaking(VISITORS):
        worn = listed([say("worn.top"), say("worn.shoes"), say("worn.dress")], "and")
        text = "<b>" + say("result.of-outfit", seed=3, articles=worn) + "</b> & " + say("tabs.mix")
        assert "__i18n__" in text and heard(text) == text
    assert heard(text) == "<b>seed 3: model in top, shoes and dress</b> & Mix"
    with speaking("ja"):
        assert heard(text) == "<b>シード 3：モデルの着用はトップス、靴とワンピース</b> & ミックス"


def test_a_hole_without_content_is_a_mistake_in_any_language():
    for language in (VISITORS, SOURCE, "de"):
        with speaking(language), pytest.raises(KeyError):
            say("result.of-seed")


@pytest.mark.parametrize("language", OTHERS)
def test_languages_have_the_same_messages_with_holes_of_the_english(language):
    assert list(patterns(language)) == list(patterns(OTHERS[0]))
    for pattern, text in patterns(language).items():
        assert text.strip() and set(HOLE.findall(text)) <= set(HOLE.findall(pattern)), pattern


def test_the_program_says_each_message_that_is_translated():
    said = {shape(node) for file in (ROOT / "vton").rglob("*.py") for node in nodes(file)} - {""}
    assert [pattern for pattern in patterns("de") if not any(fits(shape, pattern) for shape in said)] == []


def test_messages_that_visitors_meet_are_translated():
    raised = set()
    for file in (ROOT / "vton").rglob("*.py"):
        if not file.relative_to(ROOT / "vton").as_posix().startswith(MET):
            continue
        for node in nodes(file):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "InputError" and shape(node.args[0]):
                raised.add(shape(node.args[0]))
    missing = {one for one in raised if not any(fits(one, pattern) for pattern in patterns("de"))}
    print(f"{len(raised) - len(missing)} of {len(raised)} messages are translated")
    assert missing == ENGLISH


@pytest.mark.parametrize("language", OTHERS)
def test_a_message_keeps_what_was_given_and_names_slots_in_the_language(language):
    with speaking(language):
        told = translated("shoes {x}.png is damaged or cut off: save or download it again.")
        assert "shoes {x}.png" in told and "damaged" not in told
        told = translated(
            "The person in this photo does not wear a dress: take top, bottom from it, or use another photo."
        )
        assert say("article.dress") in told and say("page.comma").join([say("worn.top"), say("worn.bottom")]) in told
        assert translated("Nobody has said this.") == "Nobody has said this."


def test_numbers_and_sentences_end_as_the_language_has_it():
    error = InputError("nobody has said this")
    for language, end, half in (("en", ".", "0.5"), ("de", ".", "0,5"), ("ja", "。", "0.5")):
        with speaking(language):
            assert sentence(error) == f"Nobody has said this{end}" and number(0.5, ".2g") == half
        with speaking(VISITORS):
            text = number(0.5, ".2g")
        with speaking(language):
            assert heard(text) == half


def test_programs_get_english():
    text = "No article yet: add a picture for at least one of top, shoes."
    assert translated(text) == text and say("result.of-seed", seed=1) == "seed 1"
    assert filled("{a} {b}", {"a": "{b}", "b": 2}) == "{b} 2"
