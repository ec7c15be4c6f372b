"""Readers for datasets on disk; one format per file, found by name in `DATASETS`, imported when asked for."""

import importlib

DATASETS = {
    "packed": "vton.data.outfits.pack:PackedDataset",
    "studio": "vton.data.formats.studio_shards:StudioShards",
}


def get_dataset(name: str) -> type:
    """Import and return the reader class registered under ``name``; KeyError for an unknown name."""
    module, attribute = DATASETS[name].split(":")
    return getattr(importlib.import_module(module), attribute)
