"""A picture larger than the generator's: what the articles bring is sampled anew from their larger pictures."""

import torch
import torch.nn.functional as F

from vton.networks.stylegan2.article_attention import warp_articles
from vton.networks.stylegan2.generator import SynthesisOutput, dress
from vton.networks.stylegan2.outfit_encoder import NUM_SLOTS


def enlarged(output: SynthesisOutput, articles: torch.Tensor, factor: int) -> SynthesisOutput:
    """Prints, seams and the borders between articles become finer; skin, hair and folds are enlarged.

    Args:
        output: of the spatial mode.
        articles: ``[N, 6, 4, a, b]``, RGB -1..1 and mask 0..1, of any size.
        factor: 1 or more.

    Returns:
        ``image: [N, 3, factor * H, factor * W]`` with its logits, warp and correspondence, each the finest alone.
    """
    assert output.correspondence is not None and output.warped is not None and output.parsing_logits is not None
    xy, logits, coverage = output.correspondence[-1], output.parsing_logits, output.coverage_logits
    drawn = output.image - dress(output.warped[-1], logits, coverage)[:, :3]
    xy = _enlarge(xy.flatten(1, 2), factor).unflatten(1, (NUM_SLOTS, 2))
    # As steep from pixel to pixel as before, so that borders stay as sharp.
    logits = factor * _enlarge(logits, factor)
    coverage = None if coverage is None else factor * _enlarge(coverage, factor)
    warped = warp_articles(articles, xy)
    image = _enlarge(drawn, factor) + dress(warped, logits, coverage)[:, :3]
    return SynthesisOutput(image, logits, [warped], [xy], coverage)


def _enlarge(planes: torch.Tensor, factor: int) -> torch.Tensor:
    return F.interpolate(planes.float(), scale_factor=factor, mode="bicubic", align_corners=False)
