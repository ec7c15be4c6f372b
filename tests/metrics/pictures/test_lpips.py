"""LPIPS on small random weights in the layout of the real files."""

import pytest
import torch
from safetensors.torch import save_file
from tiny.random_networks import random_lpips

from vton.metrics.pictures.lpips import LPIPS
from vton.schema import InputError


@pytest.fixture(params=["vgg16", "alexnet"])
def lpips(request, tmp_path):
    weights = {key: value.half() for key, value in random_lpips(request.param).items()}
    save_file(weights, tmp_path / "weights.safetensors")
    network = LPIPS.from_file(tmp_path / "weights.safetensors")
    assert network.network == request.param and "weights.safetensors" in network.label
    return network


@pytest.fixture
def image():
    return torch.rand(2, 3, 80, 64, generator=torch.Generator().manual_seed(1)) * 2 - 1


def test_zero_on_itself_and_growing_with_noise(lpips, image):
    assert lpips(image, image).tolist() == [0, 0]
    noise = torch.randn(image.shape, generator=torch.Generator().manual_seed(2))
    small, large = lpips(image, image + 0.05 * noise), lpips(image, image + 0.5 * noise)
    assert (0 < small).all() and (small < large).all()
    assert torch.allclose(lpips(image, image + noise), lpips(image + noise, image))


def test_is_per_picture_and_differentiable(lpips, image):
    other = image.flip(0).clone().requires_grad_()
    assert torch.allclose(lpips(image, other)[:1], lpips(image[:1], other[:1]), atol=1e-6)
    lpips(image, other).sum().backward()
    assert other.grad.abs().sum() > 0 and not list(lpips.parameters())


def test_equation_on_one_layer(image):
    """With all heads but the first at zero: the mean over pixels of w . (unit features' difference)^2."""
    weights = random_lpips("vgg16")
    for n in range(1, 5):
        weights[f"lpips{n}.weight"].zero_()
    network, other = LPIPS(weights, "test"), image.flip(3)
    shift, scale = torch.tensor([-0.03, -0.088, -0.188]), torch.tensor([0.458, 0.448, 0.45])
    units = []
    for x in (image, other):
        x = (x - shift.view(1, 3, 1, 1)) / scale.view(1, 3, 1, 1)
        for n in (0, 1):
            x = torch.conv2d(x, weights[f"conv{n}.weight"], weights[f"conv{n}.bias"], padding=1).relu()
        units.append(torch.nn.functional.normalize(x, dim=1))
    expected = ((units[0] - units[1]) ** 2 * weights["lpips0.weight"]).sum(1).mean((1, 2))
    assert network(image, other) == pytest.approx(expected, rel=1e-4)


def test_wrong_files_are_users_errors(tmp_path):
    with pytest.raises(InputError, match="do not exist|not there|missing|no file") as error:
        LPIPS.from_file(tmp_path / "nothing.safetensors")
    assert str(tmp_path) not in str(error.value)
    (tmp_path / "text.safetensors").write_text("hello")
    with pytest.raises(InputError, match="safetensors"):
        LPIPS.from_file(tmp_path / "text.safetensors")
    save_file({"other": torch.zeros(2)}, tmp_path / "other.safetensors")
    with pytest.raises(InputError, match="LPIPS"):
        LPIPS.from_file(tmp_path / "other.safetensors")


@pytest.mark.parametrize("change", ["missing", "extra", "shape"])
def test_nearly_right_weights_are_refused(change):
    weights = random_lpips("alexnet")
    if change == "missing":
        del weights["lpips4.weight"]
    elif change == "extra":
        weights["conv9.bias"] = torch.zeros(1)
    else:
        weights["conv1.weight"] = weights["conv1.weight"][:, :2].clone()
    with pytest.raises(InputError, match="LPIPS"):
        LPIPS(weights, "weights.safetensors")
