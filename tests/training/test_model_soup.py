"""The mean of checkpoints: every weight lies between those it comes from, and other networks are refused."""

import pytest
import torch

from vton.cli import main
from vton.hub import verify
from vton.hub.loading import load_network
from vton.networks.photo_unet import PhotoUNet

TINY = {"size_hw": (64, 32), "channels": (8, 8, 8, 8, 8), "depths": (1, 1, 1, 1), "map_channels": 3, "pooled": 1}


@pytest.fixture
def folders(tmp_path):
    made = []
    for seed in (1, 2):
        torch.manual_seed(seed)
        PhotoUNet(**TINY).save_pretrained(tmp_path / str(seed))
        made.append(tmp_path / str(seed))
    return made


def test_every_weight_is_the_mean(folders, tmp_path):
    out = tmp_path / "mean"
    assert main(["average", *map(str, folders), "--out", str(out)]) == 0
    verify(out)
    first, second, mean = (load_network(PhotoUNet, folder).state_dict() for folder in (*folders, out))
    assert mean.keys() == first.keys()
    for name, value in mean.items():
        assert torch.allclose(value.float(), (first[name].float() + second[name].float()) / 2, atol=1e-6)
    assert not torch.equal(mean["stem.0.weight"], first["stem.0.weight"])


def test_other_networks_and_folders_without_weights_are_refused(folders, tmp_path, capsys):
    PhotoUNet(**{**TINY, "map_channels": 4}).save_pretrained(tmp_path / "wide")
    PhotoUNet(**TINY).save_pretrained(tmp_path / "bare")
    (tmp_path / "bare" / "config.json").unlink()
    for other in ("wide", "bare", "nothing"):
        assert main(["average", str(folders[0]), str(tmp_path / other), "--out", str(tmp_path / "out")]) == 2
        assert other in capsys.readouterr().err and not (tmp_path / "out").exists()
