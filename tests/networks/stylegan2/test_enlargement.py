"""The enlarged picture: the same one, with more of the articles in it."""

import torch
import torch.nn.functional as F

from vton.networks.stylegan2.article_attention import warp_articles
from vton.networks.stylegan2.enlargement import enlarged
from vton.networks.stylegan2.generator import SynthesisOutput, dress

SIZE = (32, 24)


def worn_everywhere(articles):
    """A grey picture that shows the first article, laid on as it is, but for a margin of background."""
    logits = torch.full((1, 10, *SIZE), -9.0)
    logits[:, 0] = 0
    logits[:, 4, 4:-4, 4:-4] = 9
    lines = [torch.linspace(-1 + 1 / side, 1 - 1 / side, side) for side in SIZE]
    y, x = torch.meshgrid(*lines, indexing="ij")
    xy = torch.stack([x, y])[None, None].expand(1, 6, -1, -1, -1)
    warped = warp_articles(articles, xy)
    image = 0.1 + dress(warped, logits)[:, :3]
    return SynthesisOutput(image, logits, [warped], [xy])


def articles_of(stripes):
    """Six articles of 64x48; stripes one pixel wide are lost at half the size."""
    articles = torch.zeros(1, 6, 4, 64, 48)
    articles[:, :, 3] = 1
    articles[:, 0, :3] = 0.6 * torch.where(torch.arange(64) // stripes % 2 == 0, 1.0, -1.0)[:, None]
    return articles


def half(articles):
    return F.interpolate(articles.flatten(0, 1), scale_factor=0.5, mode="area")[None]


def test_fine_stripes_come_back():
    articles = articles_of(stripes=1)
    small = worn_everywhere(half(articles))
    large = enlarged(small, articles, 2)
    assert large.image.shape == (1, 3, 64, 48) == (1, 3, *large.parsing_logits.shape[2:])
    inside = large.image[:, :, 16:-16, 16:-16]
    assert small.image[:, :, 8:-8, 8:-8].std() < 0.05 < 0.4 < inside.std()


def test_what_is_coarse_stays_where_it_is():
    articles = articles_of(stripes=8)
    small = worn_everywhere(half(articles))
    large = enlarged(small, articles, 2)
    again = F.interpolate(large.image, SIZE, mode="area")
    assert (again - small.image).abs().mean() < 0.05
    same = enlarged(small, half(articles), 1)
    assert torch.allclose(same.image, small.image, atol=1e-4)
