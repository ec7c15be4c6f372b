"""The studio's tests need requirements-studio.txt; without it they are left out."""

import importlib.util

import pytest

MISSING = [name for name in ("anny", "numba", "scipy") if importlib.util.find_spec(name) is None]
if MISSING:
    collect_ignore_glob = ["*/test_*.py"]


@pytest.fixture(scope="session")
def model():
    """The baked body; baked now if this machine has never done it (a minute)."""
    from vton.studio.body.baking import load_body_model

    return load_body_model()
