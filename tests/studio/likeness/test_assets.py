"""Specs that name assets."""

import dataclasses

import numpy as np
import pytest
from drawn.portraits import draw_portrait, write_portraits

from vton.schema import InputError
from vton.studio.likeness.assets import Assets
from vton.studio.likeness.painted_skin import SkinPainter
from vton.studio.photos.materials import person_materials
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.person import LikenessSpec

SKIN = "young_lightskinned_female_diffuse"


@pytest.fixture(scope="module")
def assets(model, tmp_path_factory):
    folder = tmp_path_factory.mktemp("assets")
    write_portraits(folder / "portraits", {"one": (draw_portrait(), {}), "two": (draw_portrait(marked=True), {})})
    manifest = folder / "manifest.json"
    manifest.write_text("{}")
    return Assets(folder, model, manifest)


def with_likeness(**changes):
    (look,) = sample_looks(11, 3, 1, 1)
    likeness = dataclasses.replace(LikenessSpec(SKIN, ("one", "two")), **changes)
    return dataclasses.replace(look, person=dataclasses.replace(look.person, likeness=likeness))


@pytest.mark.parametrize(
    "changes", [{"skin": "../../secret"}, {"portraits": ("one", "../three")}, {"hair": "wig99"}], ids=str
)
def test_names_that_the_assets_have_not_are_refused(model, assets, changes):
    look = with_likeness(**changes)
    with pytest.raises(InputError, match="The assets have no"):
        assets.skin(look.person, (0.2, 0.1, 0.1), SkinPainter(model, 256))
    with pytest.raises(InputError, match="The assets have no"):
        assets.hair_material(look, np.ones(3))


def test_a_person_of_photographs_asks_for_the_assets(model):
    with pytest.raises(InputError, match="--assets DIR"):
        person_materials(with_likeness(), SkinPainter(model, 256))
