"""One loaded tiny pipeline per generator, and a look that suits it."""

import pytest

from vton.pipelines import GENERATORS
from vton.schema import Outfit


@pytest.fixture(scope="session")
def load(request):
    """``load(system)``: the tiny pipeline of a system, from its checkpoint folder."""
    from vton.pipelines import get_pipeline

    def load(system: str):
        fixture = f"tiny_{system.removesuffix('-gan')}_checkpoint"
        return get_pipeline(system, str(request.getfixturevalue(fixture)))

    return load


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
