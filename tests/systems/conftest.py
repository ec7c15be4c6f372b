"""Every generator in turn as a tiny pipeline, and a look that suits it."""

import pytest

from vton.schema import Outfit, Task
from vton.systems import systems


@pytest.fixture(params=systems(Task.GENERATION))
def pipeline(request, load):
    """Every registered generator in turn."""
    return load(request.param)


@pytest.fixture
def look(make_article):
    """``look(pipeline)``: positional inputs that a system accepts."""

    def look(pipeline) -> tuple:
        if not pipeline.record.slots:
            return ()
        return Outfit.of(make_article("top"), make_article("bottom", (30, 30, 120))), "walk-left"

    return look
