"""The layers of a picture: which article is seen, in which light, and how the backdrop goes on."""

import pytest
import torch

from vton.schema import REGIONS, SLOTS
from vton.systems.outfit_tryon.layers import ShownArticles, compose, shading, shown_articles, spread

HW = (16, 12)


def planes(value=0.0, channels=1):
    return torch.full((1, channels, *HW), value)


@pytest.mark.parametrize(("over", "under"), [("outer", "top"), ("top", "bottom"), ("accessory", "outer")])
def test_the_article_whose_region_it_is_lies_on_top(over, under):
    warped = torch.zeros(1, 6, 4, *HW)
    for slot, colour in ((over, 0.5), (under, -0.5)):
        warped[:, SLOTS.index(slot), :3], warped[:, SLOTS.index(slot), 3] = colour, 1
    logits = planes(channels=len(REGIONS))
    logits[:, REGIONS.index(over), :8] = 30
    logits[:, REGIONS.index(under), 8:] = 30
    seen = shown_articles(warped, logits, planes(30.0))
    assert torch.allclose(seen.colours[:, :, :8], torch.tensor(0.5)) and torch.allclose(seen.share, torch.tensor(1.0))
    assert torch.allclose(seen.colours[:, :, 8:], torch.tensor(-0.5))


def test_where_the_article_has_no_cloth_the_ground_is_seen():
    warped, logits = torch.ones(1, 6, 4, *HW), planes(channels=len(REGIONS))
    logits[:, REGIONS.index("top")] = 30
    seen = shown_articles(warped, logits, planes(-30.0))
    picture = compose(seen, planes(0.9, 3), planes(0.25, 3), planes(0.0), planes(-1.0, 3))
    assert torch.allclose(picture, torch.tensor(0.25), atol=1e-4)


def test_light_on_articles_is_no_finer_than_a_cell_and_comes_from_within():
    share, ground = planes(), planes(0.8, 3)
    share[:, :, :, :8] = 1
    ground[:, :, :, :8] = torch.tensor([0.3, -0.1]).repeat(4)  # stripes of a pixel
    light = shading(ground, share)
    assert torch.allclose(light[:, :, :, :8], torch.tensor(0.1), atol=5e-3)
    alone = compose(ShownArticles(share * 0.5, share), light, ground, planes(0.0), ground)
    assert torch.allclose(alone[:, :, :, :8], torch.tensor(0.6), atol=5e-3)
    assert torch.allclose(alone[:, :, :, 8:], torch.tensor(0.8))


def test_known_colours_are_kept_and_carried_on():
    torch.manual_seed(0)
    image, known = torch.rand(1, 3, *HW), planes(1.0)
    known[:, :, 4:9, 3:9] = 0
    filled = spread(image, known)
    assert torch.allclose(torch.where(known > 0, filled, 0), torch.where(known > 0, image, 0), atol=1e-5)
    hole = filled[:, :, 4:9, 3:9]
    assert hole.min() >= image.min() - 1e-5 and hole.max() <= image.max() + 1e-5 and hole.std() > 0
    image[:, :, 4:9, 3:9] = 9  # what is not known does not matter
    assert torch.allclose(spread(image, known), filled)
    assert torch.equal(spread(image, planes()), planes(0.0, 3))
    one = planes()
    one[:, :, 2, 2] = 1
    assert torch.allclose(spread(image, one), image[:, :, 2:3, 2:3].expand_as(image), atol=1e-3)


def test_the_backdrop_goes_on_beside_articles_alone():
    articles = ShownArticles(planes(0.5, 3) * 0.5, planes(0.5))
    picture = compose(articles, planes(0.0, 3), planes(-1.0, 3), planes(1.0), planes(0.2, 3))
    assert torch.allclose(picture, torch.tensor(0.5 * 0.5 + 0.5 * 0.2))
