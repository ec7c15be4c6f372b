"""Bytes to -1..1 and back: every value survives, what lies outside is clamped, memory keeps its order."""

import warnings

import numpy as np
import pytest
import torch

from vton.conditioning.value_range import image_tensor, to_u8


def test_all_values_come_back():
    images_u8 = np.arange(256, dtype=np.uint8).repeat(6).reshape(2, 16, 16, 3)
    image = image_tensor(images_u8)
    assert image.shape == (2, 3, 16, 16) and image.dtype == torch.float32
    assert image.min() == -1 and image.max() == 1
    assert torch.equal(image, torch.from_numpy(images_u8).movedim(-1, 1).float() / 127.5 - 1)
    assert to_u8(image).dtype == np.uint8 and np.array_equal(to_u8(image), images_u8)


def test_values_outside_are_clamped_and_all_are_rounded():
    values = torch.tensor([-7.0, -1.0, -0.999, 0.0, 0.001, 0.999, 1.0, 7.0])
    image = values.expand(1, 3, 1, -1)
    assert to_u8(image)[0, 0, :, 0].tolist() == [0, 0, 0, 128, 128, 255, 255, 255]
    assert to_u8(image.double())[0, 0, :, 2].tolist() == to_u8(image)[0, 0, :, 0].tolist()
    assert to_u8(image.bfloat16())[0, 0, [0, 3, 7], 1].tolist() == [0, 128, 255]


def test_channels_and_axes_go_where_they_belong():
    images_u8 = np.random.default_rng(0).integers(0, 256, (2, 5, 4, 3), np.uint8)
    image = image_tensor(images_u8)
    assert image[1, 2, 3, 0] == torch.tensor(float(images_u8[1, 3, 0, 2])) / 127.5 - 1
    assert np.array_equal(to_u8(image), images_u8)


@pytest.mark.parametrize("memory_format", [torch.contiguous_format, torch.channels_last])
def test_memory_keeps_its_order(memory_format):
    image = torch.zeros(2, 3, 5, 4).to(memory_format=memory_format)
    images_u8 = to_u8(image)
    assert image_tensor(images_u8).stride() == image.stride()
    images_u8.flags.writeable = False
    assert image_tensor(images_u8).stride() == image.stride()


@pytest.fixture
def every_warning():
    torch.set_warn_always(True)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield
    torch.set_warn_always(False)


def test_pictures_are_left_alone_and_need_not_be_writeable(every_warning):
    images_u8 = np.full((1, 2, 2, 3), 9, np.uint8)
    image_tensor(images_u8).fill_(0)
    images_u8.flags.writeable = False
    image = image_tensor(images_u8)
    assert (images_u8 == 9).all() and np.array_equal(to_u8(image), images_u8)
