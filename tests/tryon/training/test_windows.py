"""Windows around the erased region: the same place in every map, and the losses of the try-on part on them."""

from dataclasses import replace

import torch
from drawn.tryon import drawn_pair

from vton.conditioning.person.agnostic import represent
from vton.conditioning.value_range import image_tensor
from vton.systems import find_system, named_config
from vton.tryon.training.recipe import load_recipe
from vton.tryon.training.windows import cut, cut_input, window_places


def batch_of(slots):
    samples = [drawn_pair(slot) for slot in slots]
    worn = torch.stack([torch.from_numpy(sample.worn_mask.copy()).float()[None] for sample in samples])
    labels = torch.stack([torch.from_numpy(sample.person.parsing.labels.astype("int64")) for sample in samples])
    photo = torch.cat([image_tensor(sample.person.image_u8[None]) for sample in samples])
    inputs = represent([sample.person for sample in samples], [sample.garment for sample in samples])
    return {"inputs": inputs, "photo": photo, "worn_mask": worn, "labels": labels}


def test_all_maps_are_cut_alike_and_garments_stay_whole():
    inputs = batch_of(["top", "bottom"])["inputs"]
    torch.manual_seed(0)
    places = window_places(inputs.erased, (192, 128))
    window = cut_input(inputs, places, (192, 128))
    assert window.person().shape == (2, 23, 192, 128) and window.garment.shape == (2, 3, 256, 192)
    assert torch.equal(window.person(), cut(inputs.person(), places, (192, 128)))
    assert torch.equal(window.kept_parsing, cut(inputs.kept_parsing, places, (192, 128)))
    assert (window.erased.sum((1, 2, 3)) > 0).all()


def test_the_try_on_part_learns_from_windows():
    batch = batch_of(["top", "dress"])
    system = find_system("cp-vton")
    recipe = load_recipe(system, replace(named_config(system, "tiny"), window=192, warp=0.0))
    torch.manual_seed(0)
    net = recipe.network()
    sum(recipe.losses(net, batch, 0).terms.values()).backward()
    assert all(p.grad is not None and p.grad.isfinite().all() for p in net.tryon.parameters())
    assert any(p.grad.abs().sum() > 0 for p in net.tryon.parameters())
