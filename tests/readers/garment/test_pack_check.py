"""Checking pseudo-masks: what the network confirms becomes sure, what it contradicts is dropped."""

import json

import numpy as np
import pytest
import torch

from vton.cli import main
from vton.data.garments.pack import GarmentPack
from vton.readers.garment.pack_check import check_masks
from vton.readers.photo_unet import PhotoUNet


@pytest.fixture
def everywhere():
    """A network that sees garment everywhere."""
    net = PhotoUNet((64, 64), (8, 8, 16, 16, 16), (1, 1, 1, 1), map_channels=1, map_stride=2, pooled=8).eval()
    with torch.no_grad():
        net.head.weight.zero_()
        net.head.bias.fill_(5.0)
    return net


def write_pack(folder, covers_and_origins):
    """A pack of grey photos whose masks cover so much of the canvas."""
    folder.mkdir()
    masks = np.zeros((len(covers_and_origins), 256, 256), np.uint8)
    items = []
    for i, (cover, origin, kind) in enumerate(covers_and_origins):
        masks[i, : round(256 * cover)] = 255
        items.append({"key": str(i), "kind": kind, "slot": "top", "held_out": False, "mask": origin,
                      "box": [0, 0, 256, 256]})  # fmt: skip
    np.save(folder / "photos.npy", np.full((len(masks), 256, 256, 3), 128, np.uint8))
    np.save(folder / "masks.npy", masks)
    (folder / "items.json").write_text(json.dumps(items))
    (folder / "meta.json").write_text(json.dumps({"photos": len(items)}))
    return folder


def test_agreement_decides(everywhere, tmp_path):
    rows = [(0.9, "rough", "photo"), (0.75, "grabcut", "photo"), (0.5, "grabcut", "photo"), (0.3, "plain", "photo"),
            (0.2, "exact", "packshot"), (0.0, "", "photo")]  # fmt: skip
    folder = write_pack(tmp_path / "pack", rows)
    counts = check_masks(folder, everywhere)
    assert [item["mask"] for item in GarmentPack(folder).items] == ["grabcut", "rough", "", "plain", "exact", ""]
    assert counts == {"grabcut": 1, "rough": 1, "none": 2, "plain": 1, "exact": 1}
    assert GarmentPack(folder).meta["checked"] and not list(folder.glob("*.partial"))


def test_only_garment_packs_are_checked(tmp_path, capsys):
    assert main(["pack", "--data", str(tmp_path), "--out", str(tmp_path / "out"), "--check", "garment-bundled"]) == 2
    assert "--kind garments" in capsys.readouterr().err
