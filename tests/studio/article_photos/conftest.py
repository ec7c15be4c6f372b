"""One mannequin and a few flat garments for all tests of this folder."""

import pytest

from vton.studio.article_photos.laying import FlatGarment
from vton.studio.figures.packshots import Mannequin
from vton.studio.garments.building import build_garment
from vton.studio.specs.outfit import ArticleSpec, FabricSpec

GREY = (0.5, 0.5, 0.5)
CUTS = {
    "longsleeve": {}, "shirt": {"collar": "shirt"}, "midi": {"flare": 0.15}, "straight": {},
    "blazer": {"collar": "lapel", "open": 0.025}, "sneaker": {}, "cap": {}, "handbag": {},
}  # fmt: skip
SLOT = {"longsleeve": "top", "shirt": "top", "midi": "bottom", "straight": "bottom", "blazer": "outer",
        "sneaker": "shoes", "cap": "accessory", "handbag": "accessory"}  # fmt: skip


@pytest.fixture(scope="session")
def mannequin(model):
    return Mannequin(model, "female")


@pytest.fixture(scope="session")
def article():
    """Plain grey articles by type."""

    def make(type_, colour=GREY):
        return ArticleSpec(SLOT[type_], type_, CUTS[type_], FabricSpec("cotton", "solid", (colour,) * 3))

    return make


@pytest.fixture(scope="session")
def pressed(mannequin, article):
    """Flat garments by type, each pressed once."""
    done = {}

    def press(type_):
        if type_ not in done:
            done[type_] = FlatGarment.of(build_garment(article(type_), mannequin.shape), mannequin.resting)
        return done[type_]

    return press
