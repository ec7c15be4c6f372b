"""Losses: adversarial (StyleGAN2 and hinge), and those on what the outfit and the pose determine."""

import torch
import torch.nn.functional as F

from vton.networks.stylegan2.generator import article_pixels
from vton.networks.stylegan2.outfit_encoder import NUM_SLOTS
from vton.schema import ARTICLE_HW, REGIONS, as_size

# How much a pixel of a region counts: small regions that people look at first count more than the backdrop.
REGION_WEIGHT = {"background": 0.3, "hair": 1.5, "face": 4.0, "skin": 1.5, "shoes": 2.0, "accessory": 3.0}

HEAD_SHARE = 0.22  # of the picture's height: a head with its hair
HEAD_SIZE = 96  # pixels to which it is enlarged
FEWEST_FACE_PIXELS = 8  # in a picture of _COUNTED pixels: fewer are no face that could be centred on
_COUNTED = 256 * 192
_REACH_BETA = 0.1  # of hems and sleeves: below it the square of the distance counts
_MISMATCHED = 0.3  # share of the discriminator's negative part that photos under other outfits have


def region_weights(device: torch.device) -> torch.Tensor:
    """``[10]``: the weight of each region's pixels."""
    return torch.tensor([REGION_WEIGHT.get(name, 1.0) for name in REGIONS], device=device)


def determined_pixels(regions: torch.Tensor, presence: torch.Tensor) -> torch.Tensor:
    """``[N, 1, H, W]``, bool: pixels that show an article given as a condition."""
    return article_pixels(regions, presence, as_size(regions.shape[1:])).any(1, keepdim=True)


def weighted_l1(image: torch.Tensor, target: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Mean absolute error; ``weight: [N, 1, H, W]``."""
    return ((image - target).abs().mean(1, keepdim=True) * weight).sum() / weight.sum().clamp(min=1)


def head_crops(image: torch.Tensor, regions: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Enlarged squares around the faces.

    Args:
        image: ``[N, C, H, W]``; regions: ``[N, H, W]``, numbers of `REGIONS`.

    Returns:
        ``[N, C, 96, 96]``, and which pictures show a face: ``[N]``, bool (of the others it is the middle).
    """
    (n, _, h, w), face = image.shape, (regions == REGIONS.index("face")).float()
    count = face.sum((1, 2))
    middle = []
    for size, dim in ((w, 1), (h, 2)):
        place = (torch.arange(size, device=image.device) + 0.5) / size * 2 - 1
        middle.append((face.sum(dim) * place).sum(1) / count.clamp(min=1))
    theta = image.new_zeros(n, 2, 3, dtype=torch.float32)
    theta[:, 0, 0], theta[:, 1, 1] = HEAD_SHARE * h / w, HEAD_SHARE
    theta[:, 0, 2], theta[:, 1, 2] = middle
    grid = F.affine_grid(theta, [n, image.shape[1], HEAD_SIZE, HEAD_SIZE], align_corners=False)
    crops = F.grid_sample(image.float(), grid, padding_mode="border", align_corners=False)
    return crops.contiguous(memory_format=torch.channels_last), count >= FEWEST_FACE_PIXELS * h * w / _COUNTED


def parsing_loss(logits: torch.Tensor, regions: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the parsing; ``weight: [N, 1, H, W]``."""
    return (F.cross_entropy(logits.float(), regions, reduction="none") * weight[:, 0]).sum() / weight.sum().clamp(min=1)


def correspondence_loss(correspondence: list[torch.Tensor], places: torch.Tensor, shown: torch.Tensor,
                        regions: torch.Tensor, presence: torch.Tensor) -> torch.Tensor:
    """Distance of each correspondence from the true one in pixels of a 256x192 article, mean over resolutions.

    Smooth L1 (quadratic below a pixel) over the pixels whose cloth the article's picture shows; every article counts
    the same, large or small.

    Args:
        correspondence: of ``[N, 6, 2, h, w]``, -1..1; places, shown, regions, presence: as in `Batch`.
    """
    own = article_pixels(regions, presence, as_size(places.shape[2:])) * (shown == 1)[:, None]
    pixels = places.new_tensor([ARTICLE_HW[1] / 2, ARTICLE_HW[0] / 2])[:, None, None]
    total = places.new_zeros(())
    for xy in correspondence:
        # 1. Both are brought to the coarser of the two grids: finer truth is not known, finer errors not told apart.
        worn, target = own, places[:, None]
        step = xy.shape[3] // places.shape[2]
        if step > 1:
            xy = F.avg_pool2d(xy.float().flatten(1, 2), step).unflatten(1, (NUM_SLOTS, 2))
        elif step == 0:
            step = places.shape[2] // xy.shape[3]
            worn = (F.avg_pool2d(own, step) == 1).float()  # within one article, where the mean is a place in it
            target = F.avg_pool2d(places, step)[:, None]
        # 2. In pixels of the article: smooth L1 turns from the square to the distance at one of them.
        error = F.smooth_l1_loss(xy.float() * pixels, (target * pixels).expand_as(xy), reduction="none").sum(2)
        # 3. The mean over each article first: shoes count as much as a coat.
        count = worn.sum((2, 3))
        total = total + ((error * worn).sum((2, 3)) / count.clamp(min=1)).sum() / (count > 0).sum().clamp(min=1)
    return total / len(correspondence)


def coverage_loss(logits: torch.Tensor, shown: torch.Tensor, regions: torch.Tensor,
                  presence: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of ``logits: [N, 1, H, W]`` with what the articles' pictures show, where that is known."""
    size_hw = as_size(shown.shape[1:])
    own = article_pixels(regions, presence, size_hw).sum(1) * (shown >= 0)
    logits = F.adaptive_avg_pool2d(logits.float(), size_hw)[:, 0]
    error = F.binary_cross_entropy_with_logits(logits, shown.clamp(min=0).float(), reduction="none")
    return (error * own).sum() / own.sum().clamp(min=1)


def reach_loss(read: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    """Smooth L1 of hems and sleeves, mean over those that are known: a scalar.

    Args:
        read, true: ``[N, 6, 2]``, see `vton.networks.stylegan2.reach`; negative in ``true`` where it is not known.
    """
    known = true >= 0
    error = F.smooth_l1_loss(read.float(), torch.where(known, true, read.detach()), reduction="none", beta=_REACH_BETA)
    return error.sum() / known.sum().clamp(min=1)


def kl_to_prior(mean: torch.Tensor, log_var: torch.Tensor) -> torch.Tensor:
    """KL(q(z | photo) || N(0, 1)) in nats, mean over the batch: a scalar.

    Args:
        mean, log_var: [N, z_dim], of the posterior.
    """
    return 0.5 * (mean.square() + log_var.exp() - 1 - log_var).sum(1).mean()


def generator_loss(fake_logits: torch.Tensor, kind: str) -> torch.Tensor:
    """Non-saturating logistic (``kind="logistic"``) or hinge loss of the generator: a scalar.

    Args:
        fake_logits: [N, L]; made pictures are to be taken for photos, above 0.
    """
    return F.softplus(-fake_logits).mean() if kind == "logistic" else -fake_logits.mean()


def discriminator_loss(real: torch.Tensor, fake: torch.Tensor, mismatched: torch.Tensor | None,
                       kind: str) -> torch.Tensor:
    """Loss of the discriminator: a scalar. Photos are drawn above 0, made pictures below it.

    Mismatched ones are drawn below 0, too, and share the made ones' weight: a fine picture of other clothes is no
    answer.

    Args:
        real, fake: [N, L], logits.
        mismatched: [N, L], those of photos under other outfits and poses; None when nothing is conditional.
        kind: "logistic" or "hinge".
    """
    up, down = (lambda x: F.softplus(-x), F.softplus) if kind == "logistic" else (lambda x: F.relu(1 - x),
                                                                                  lambda x: F.relu(1 + x))
    negative = down(fake).mean()
    if mismatched is not None:
        negative = (1 - _MISMATCHED) * negative + _MISMATCHED * down(mismatched).mean()
    return up(real).mean() + negative
