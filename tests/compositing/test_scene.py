"""What is known of a try-on is worked out once: every question to body, parsing and scene is asked at most once."""

import sys
from collections import Counter

import pytest
from drawn.tryon import drawn_garment, drawn_person
from tiny.tryon import tiny_checkpoint, tryon_class

from vton.compositing import scene
from vton.conditioning.person import wearer
from vton.conditioning.pose import body_envelope
from vton.schema import TRYON_SLOTS, parsing

WATCHED = tuple(module.__file__ for module in (body_envelope, wearer, scene, parsing))
CHEAP = {"_draw", "_fill", "_taper", "_pixels", "<genexpr>", "size_hw",  # strokes, of which a limb has several; sizes
         "_neck", "_middle", "_torso", "_pair", "_present", "_shoulders", "_sides"}  # sums of a few joints
KEPT = {"Wearer.mask"}  # which keeps what it gives


def questions(work):
    """How often each function was asked the same by ``work()``: a `Counter` of name and arguments."""
    asked, alive = Counter(), []

    def watch(frame, event, _):
        code = frame.f_code
        if event == "call" and code.co_filename in WATCHED and code.co_name not in CHEAP:
            names = code.co_varnames[: code.co_argcount + bool(code.co_flags & 4)]
            given = [frame.f_locals.get(name) for name in names]
            alive.append(given)  # or another object could get the same id
            asked[code.co_qualname, *(v if isinstance(v, str | float | tuple) else id(v) for v in given)] += 1

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    return asked


@pytest.mark.parametrize("slot", TRYON_SLOTS)
def test_nothing_is_asked_twice_in_a_try_on(tmp_path, slot):
    pipeline = tryon_class("cp-vton").from_pretrained(tiny_checkpoint(tmp_path / "tiny", "cp-vton"), device="cpu")
    person, garment = drawn_person((384, 288), ("top", "outer", "bottom")), drawn_garment(slot)
    asked = questions(lambda: pipeline(person, garment, background="plain"))
    by_name = Counter(name for name, *_ in asked)
    assert by_name["Wearer.erased"] == by_name["body_unit"] == by_name["Parsing.silhouette"] == 2  # photo and canvas
    assert by_name["Parsing.mask"] > 10 and by_name["Scene.drawn"] == 1
    assert not {name: count for (name, *_), count in asked.items() if count > 1 and name not in KEPT}
