"""The transfer table against the paper's (colour 13-18, pose 1-3 of 18) and the generator's own layers."""

import pytest

from vton.generation.style_layers import StyleLayers
from vton.networks.stylegan2.generator import StyleGAN2Generator
from vton.schema import InputError


def layers_of(height: int) -> StyleLayers:
    heights = [2**i for i in range(2, height.bit_length())]
    ws_heights = [heights[0], *(h for h in heights[1:] for _ in (0, 1)), heights[-1]]
    return StyleLayers((height, height * 3 // 4), tuple(ws_heights))


@pytest.mark.parametrize(
    ("height", "count", "colour", "colour_ws"),
    [
        (1024, 18, (13, 18), [11, 12, 13, 14, 15, 16, 17]),
        (512, 16, (11, 16), [9, 10, 11, 12, 13, 14, 15]),
        (256, 14, (9, 14), [7, 8, 9, 10, 11, 12, 13]),
        (128, 12, (7, 12), [5, 6, 7, 8, 9, 10, 11]),
        (64, 10, (5, 10), [3, 4, 5, 6, 7, 8, 9]),
    ],
)
def test_the_table_holds_by_resolution(height, count, colour, colour_ws):
    layers = layers_of(height)
    assert (layers.count, layers.colour, layers.pose) == (count, colour, (1, 3))
    assert layers.ws_indices(layers.colour) == colour_ws
    assert layers.ws_indices(layers.pose) == [0, 1]
    assert [layers.height(k) for k in (1, 2, 3, 4, count)] == [4, 4, 8, 8, height]


def test_every_layer_has_a_style_and_every_style_a_layer():
    layers = layers_of(1024)
    owned = [layers.ws_indices((k, k)) for k in range(1, 19)]
    assert owned == [[0], [0], *([k] for k in range(1, 16)), [16, 17]]
    assert layers.ws_indices((1, 18)) == list(range(18))


@pytest.mark.parametrize("height", [64, 256])
def test_the_generator_counts_the_same_way(height):
    generator = StyleGAN2Generator(
        size_hw=(height, height * 3 // 4), condition="none", z_dim=4, w_dim=4, mapping_layers=1, channel_max=2
    )
    assert StyleLayers((height, height * 3 // 4), tuple(generator.layer_heights)) == layers_of(height)


def test_texts_for_the_user():
    layers = layers_of(256)
    assert layers.text("colour") == "layers 9-14 of 14, 64x48 to 256x192"
    assert layers.text("pose") == "layers 1-3 of 14, 4x3 to 8x6"
    assert layers.text((5, 5)) == "layer 5 of 14, 16x12"


def test_what_a_recipe_keeps_reads_back():
    layers = layers_of(256)
    for transfer in ("colour", "color", " Pose ", "5-9", (5, 9), "7", [1, 14]):
        assert layers.parse(layers.name(transfer)) == layers.parse(transfer)
    assert layers.name("color") == "colour" and layers.name((5, 9)) == "5-9"


@pytest.mark.parametrize(
    "transfer", ["", "shape", "0-3", "9-5", "1-15", "1-2-3", "-3", "a-b", (1,), (0, 3), "²"]
)
def test_other_words_are_refused_with_advice(transfer):
    with pytest.raises(InputError, match="Transfer must be colour, pose or|this model has layers 1-14"):
        layers_of(256).parse(transfer)


def test_foreign_layer_lists_are_refused():
    with pytest.raises(ValueError):
        StyleLayers((64, 48), (4, 8, 8, 64))
