"""Every generator in turn as a tiny pipeline, and a look that suits it."""

import pytest

from vton.schema import Outfit
from vton.systems import GENERATORS


@pytest.fixture(params=GENERATORS)
def pipeline(request, load):
    """Every registered generator in turn."""
    return load(request.param)


@pytest.fixture
def look(make_article):
    """``look(pipeline)``: positional inputs that a system accepts."""

    def look(pipeline) -> tuple:
        if pipeline.system == "fashion-gan":
            return ()
        return Outfit.of(make_article("top"), make_article("bottom", (30, 30, 120))), "walk-left"

    return look
