"""Tiny try-on networks with random weights, saved as checkpoint folders."""

import contextlib

import pytest
import torch
from tiny.colour_networks import garment_checkpoint, parser_checkpoint, pose_checkpoint

import vton.readers as readers
import vton.systems as systems
from vton.hub import write_manifest
from vton.systems import find_system


def tryon_class(system):
    """The pipeline's class."""
    return find_system(system).load("pipeline")


def tiny_checkpoint(folder, system):
    """Saves the system's network, no weight at its start, zeros included."""
    with torch.random.fork_rng():
        torch.manual_seed(11)
        network = find_system(system).load("network")(**find_system(system).tiny)
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.add_(0.02 * torch.randn_like(parameter))
    network.save_pretrained(folder)
    write_manifest(folder)
    return folder


def save_networks(folder, slot, systems):
    """Checkpoints of colour-reading estimators, garments being of ``slot``, and of try-on systems: name -> folder."""
    found = {"pose": pose_checkpoint(folder / "pose"), "parser": parser_checkpoint(folder / "parser")}
    found["garment"] = garment_checkpoint(folder / "garment", slot)
    for system in systems:
        tiny_checkpoint(folder / "bundled" / find_system(system).checkpoint, system)
    return found | {"bundled": folder / "bundled"}


@contextlib.contextmanager
def as_bundled(saved):
    """Makes what `save_networks` saved the bundled weights, and the other backends not available."""
    caches = readers._load, systems._load
    with pytest.MonkeyPatch.context() as patch:
        for name in ("pose", "parser", "garment"):
            patch.setattr(f"vton.readers.{name}.bundled.CHECKPOINT", str(saved[name]))
        for variable in ("VTON_OPENPOSE", "VTON_SEGFORMER"):
            patch.setenv(variable, "/nowhere")
        patch.setattr("vton.hub.checkpoints.BUNDLED_ROOT", saved["bundled"])
        for cache in caches:
            cache.cache_clear()
        yield
    for cache in caches:
        cache.cache_clear()
