"""A picture, recipes, and no key."""

import pytest
from drawn.figure import drawn_picture

from vton.schema import Recipe, TryOnOrigin


@pytest.fixture
def picture():
    return drawn_picture()


@pytest.fixture
def recipe():
    return Recipe(system="fashion-gan", checkpoint="c", revision="0" * 12, size_hw=(512, 384), seed=7, psi=0.8)


@pytest.fixture
def tryon_recipe():
    return TryOnOrigin(system="viton", checkpoint="c", revision="0" * 12, slot="top", size_hw=(512, 384),
                       person="1" * 64, garment="2" * 64)  # fmt: skip


@pytest.fixture(autouse=True)
def unsigned(monkeypatch):
    monkeypatch.delenv("VTON_C2PA", raising=False)
