"""A tiny network with random weights, and a pack of drawn people."""

import pytest
import torch
from drawn.studio import write_studio

from vton.data.persons.pack import PersonPack, pack_persons
from vton.systems.tryongan.network import TryOnGAN
from vton.systems.tryongan.system import SYSTEM


@pytest.fixture(scope="module")
def network():
    """Frozen, no weight at its start."""
    with torch.random.fork_rng():
        torch.manual_seed(5)
        network = TryOnGAN(**SYSTEM.tiny)
        with torch.no_grad():
            for parameter in network.parameters():
                parameter.add_(0.05 * torch.randn_like(parameter))
    return network.requires_grad_(False).eval()


@pytest.fixture(scope="session")
def pack_folder(tmp_path_factory):
    """Six outfits, three of them held out, two photos of each."""
    folder = tmp_path_factory.mktemp("people")
    pack_persons([write_studio(folder / "studio")], folder / "pack", (64, 48))
    return folder / "pack"


@pytest.fixture(scope="session")
def pack(pack_folder):
    """The same, opened."""
    return PersonPack(pack_folder)
