"""A photo to a pose, a parsing or a garment's mask: backends registered by name and imported only when asked for."""

import importlib
from functools import lru_cache
from typing import Any

from vton.hub.first_use import FIRST_USE
from vton.readers.base import GarmentSegmenter, Parser, PoseEstimator
from vton.schema import InputError

POSE_ESTIMATORS: dict[str, str] = {
    "bundled": "vton.readers.pose.bundled:BundledPoseEstimator",
    "openpose": "vton.readers.pose.openpose:OpenposeEstimator",
}
PARSERS: dict[str, str] = {
    "bundled": "vton.readers.parser.bundled:BundledParser",
    "segformer": "vton.readers.parser.segformer:SegformerParser",
}
GARMENT_SEGMENTERS: dict[str, str] = {"bundled": "vton.readers.garment.bundled:BundledGarmentSegmenter"}
AUTO = "auto"


def get_pose_estimator(name: str = AUTO) -> PoseEstimator:
    """The pose backend ``name``, loaded once; see `backend_class` for ``auto``.

    Raises:
        InputError: unknown backend, or its weights cannot be had.
    """
    return _get(POSE_ESTIMATORS, name)


def get_parser(name: str = AUTO) -> Parser:
    """The parsing backend ``name``, loaded once; raises like `get_pose_estimator`."""
    return _get(PARSERS, name)


def get_garment_segmenter(name: str = AUTO) -> GarmentSegmenter:
    """The garment backend ``name``, loaded once; raises like `get_pose_estimator`."""
    return _get(GARMENT_SEGMENTERS, name)


def backend_class(registry: dict[str, str], name: str = AUTO) -> type:
    """The class of a backend, not loaded yet: for ``available`` and ``download_note``.

    ``auto`` is the strongest one (the last of the registry) that works now without the network, else the bundled one.

    Raises:
        InputError: unknown backend.
    """
    if name == AUTO:
        ready = (cls for cls in map(_imported, reversed(registry.values())) if cls.available())
        return next(ready, None) or _imported(registry["bundled"])
    if name not in registry:
        raise InputError(f"Unknown backend '{str(name)[:40]}': choose one of {', '.join([AUTO, *registry])}.")
    return _imported(registry[name])


def _get(registry: dict[str, str], name: str) -> Any:
    with FIRST_USE:
        return _load(backend_class(registry, name))


@lru_cache(maxsize=8)
def _load(backend: type) -> Any:
    return backend()


def _imported(entry: str) -> type:
    module, _, attribute = entry.partition(":")
    with FIRST_USE:
        return getattr(importlib.import_module(module), attribute)
