"""What is sent: drawn from a seed, of every kind, and as hostile as it says."""

import io
import json
import math
import random
from pathlib import Path

import pytest
from PIL import Image

from vton.soak.bait import Bait
from vton.soak.endpoints import FILE, FILES, PARAMETERS
from vton.soak.hostile.arguments import OUTSIDE, hostile_arguments
from vton.soak.hostile.files import FILE_COUNT, FILE_KINDS, hostile_file
from vton.soak.hostile.recipes import RECIPE_KINDS, hostile_recipe, plain_recipe
from vton.soak.page_events import PageEvent, hostile_values


@pytest.fixture
def bait(tmp_path):
    bait = Bait(tmp_path / "outside")
    yield bait
    bait.trap.close()


def test_files_are_those_of_their_seed_and_of_every_kind():
    numbers = [list(FILE_KINDS).index(kind) for kind in ("cut JPEG", "noise", "name 1", "recipe: markup")]
    assert [hostile_file(4, n) for n in numbers] == [hostile_file(4, n) for n in numbers]
    assert [hostile_file(4, n)[2] for n in numbers] != [hostile_file(5, n)[2] for n in numbers]
    assert len(FILE_KINDS) * 3 <= FILE_COUNT


def test_kinds_of_files_are_what_they_say():
    def made(kind):
        return FILE_KINDS[kind](random.Random(2))

    with Image.open(io.BytesIO(made("16 bit"))) as image:
        assert image.mode == "I;16" and min(image.size) >= 1500
        image.load()
    with Image.open(io.BytesIO(made("many frames"))) as image:
        assert image.n_frames >= 2000
    with Image.open(io.BytesIO(made("large"))) as image:
        assert image.width * image.height >= 36_000_000
    with pytest.raises((OSError, SyntaxError)):
        Image.open(io.BytesIO(made("cut PNG"))).load()
    assert len(made("text bomb")) < 300_000 and len(made("data bomb")) < 100_000


@pytest.mark.parametrize("kind", sorted(RECIPE_KINDS.keys() - {"long"}))  # Pillow itself refuses what is long
def test_recipes_travel_in_a_png(kind):
    content = hostile_recipe(kind, random.Random(3))
    with Image.open(io.BytesIO(content)) as image:
        image.load()
        assert isinstance(image.info["vton"], str)


def test_nested_recipes_are_as_deep_as_they_say():
    def depth(recipe):
        return 1 + max(depth(recipe["mix"][side]) for side in ("source", "target")) if recipe["mix"] else 0

    depths = {depth(RECIPE_KINDS["nested, equal"](random.Random(n))) for n in range(40)}
    assert max(depths) == 8 and min(depths) >= 1
    assert depth(RECIPE_KINDS["chain"](random.Random(1))) >= 9
    assert json.loads(json.dumps(plain_recipe(random.Random(1))))["mix"] is None


def test_every_parameter_is_attacked():
    arguments = hostile_arguments(1)
    assert len(arguments) > 400 and arguments != hostile_arguments(2) and arguments == hostile_arguments(1)
    for endpoint, names in PARAMETERS.items():
        for name, kind in names.items():
            labels = {one.label for one in arguments if (one.endpoint, one.name) == (endpoint, name)}
            assert set(OUTSIDE) <= labels if kind in (FILE, FILES) else len(labels) > 15


def test_paths_outside_are_sent_for_a_file_that_is_there_and_one_that_is_not(bait, tmp_path):
    assert bait.secret.is_file() and not bait.gone.exists()
    upload = tmp_path / "uploads" / "picture.png"
    upload.parent.mkdir()
    for argument in hostile_arguments(1):
        if (argument.endpoint, argument.name) == ("cutout", "photo") and argument.label in OUTSIDE:
            there, gone = argument.values(bait, str(upload))
            assert there != gone
    (link, _) = next(a for a in hostile_arguments(1) if a.label == "link").values(bait, str(upload))
    assert Path((link[0] if isinstance(link, list) else link)["path"]).resolve() == bait.secret
    numbers = [a.values(bait, "")[0] for a in hostile_arguments(1) if (a.endpoint, a.name) == ("generate", "psi")]
    assert any(isinstance(value, float) and math.isnan(value) for value in numbers)


def test_page_events_get_one_hostile_value(bait, tmp_path):
    event = PageEvent(3, "some_event", ("state", "image", "textbox"), (None, None, "stand"))
    good, seen = {"path": str(tmp_path / "a.png")}, set()
    for number in range(200):
        what, values, must_refuse = hostile_values(event, random.Random(number), bait, good)
        assert values[0] is None and len(values) == 3
        assert must_refuse <= ("image" in what)
        seen.add(what)
    assert len(seen) > 40 and {"input 2 (textbox): markup", "input 1 (image): link"} <= seen
