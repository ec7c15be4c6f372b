"""Losses: adversarial (StyleGAN2 and hinge), and those on what the outfit and the pose determine."""

import torch
import torch.nn.functional as F

from vton.models.outfit_encoder import NUM_SLOTS
from vton.models.stylegan2 import FIRST_ARTICLE_REGION
from vton.schema import REGIONS, SLOTS

# How much a pixel of a region counts: small regions that people look at first count more than the backdrop.
REGION_WEIGHT = {"background": 0.3, "hair": 1.5, "face": 4.0, "skin": 1.5, "shoes": 2.0, "accessory": 3.0}

# Below one: an article that cannot be aligned yet should rather spill than vanish.
SPILL_WEIGHT = 0.3
ALIGNMENT_TOLERANCE = 0.08
HEM_TOLERANCE = 2  # rows of the map on which articles are aligned

HEAD_SHARE = 0.22  # of the picture's height: a head with its hair
HEAD_SIZE = 96
FEWEST_FACE_PIXELS = 8


def region_weights(device: torch.device) -> torch.Tensor:
    """``[10]``: the weight of each region's pixels."""
    return torch.tensor([REGION_WEIGHT.get(name, 1.0) for name in REGIONS], device=device)


def determined_pixels(regions: torch.Tensor, presence: torch.Tensor) -> torch.Tensor:
    """``[N, 1, H, W]``, bool: pixels that show an article given as a condition."""
    table = torch.zeros(len(presence), len(REGIONS), device=presence.device)
    table[:, FIRST_ARTICLE_REGION:FIRST_ARTICLE_REGION + NUM_SLOTS] = presence
    return torch.gather(table, 1, regions.flatten(1)).view(regions.shape)[:, None] > 0


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
    return crops.contiguous(memory_format=torch.channels_last), count >= FEWEST_FACE_PIXELS * h * w / 49152


def parsing_loss(logits: torch.Tensor, regions: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of the parsing; ``weight: [N, 1, H, W]``."""
    return (F.cross_entropy(logits.float(), regions, reduction="none") * weight[:, 0]).sum() / weight.sum().clamp(min=1)


def warp_loss(warped: list[torch.Tensor], image: torch.Tensor, regions: torch.Tensor,
              presence: torch.Tensor) -> torch.Tensor:
    """Aligns each warped article with the photo; mean over resolutions.

    Where the photo shows an article, its warp must cover the pixel and have its colour. On the backdrop around it the
    warp must not cover: without this a warp that magnifies the middle of the article would do. Every article counts
    the same, large or small.

    Args:
        warped: of ``[N, 6, 4, h, w]``, RGB times mask, and mask.
    """
    total = image.new_zeros(())
    shown = F.one_hot(regions, len(REGIONS)).movedim(3, 1).float()
    for level in warped:
        step = image.shape[2] // level.shape[3]
        pool = lambda x, k=step: F.avg_pool2d(x, k) if k > 1 else x  # noqa: E731
        small, parts = pool(image), pool(shown)
        worn = parts[:, FIRST_ARTICLE_REGION:FIRST_ARTICLE_REGION + NUM_SLOTS] * presence[:, :, None, None]
        worn = worn * (worn > 0.5)
        colour, cover = level.split((3, 1), 2)
        cover = cover.squeeze(2)
        error = (colour - small[:, None]).abs().mean(2) + (1 - cover).abs()
        reach = level.shape[3] // 8 // 2 * 2 + 1
        around = running_maximum(running_maximum(worn, 2, reach), 3, reach) * (parts[:, :1] > 0.99)
        seen = (worn.sum((2, 3)) > 0).float()
        inside = (error * worn).sum((2, 3)) / worn.sum((2, 3)).clamp(min=1)
        outside = (cover * around).sum((2, 3)) / around.sum((2, 3)).clamp(min=1)
        total = total + ((inside + SPILL_WEIGHT * outside) * seen).sum() / seen.sum().clamp(min=1)
    return total / len(warped)


def running_maximum(x: torch.Tensor, dim: int, reach: int) -> torch.Tensor:
    """Maximum of ``x`` (not negative) over a window of ``reach`` (odd) places along a dimension, about each place.

    The window doubles with each maximum of two shifted copies: 6 passes for 33 places instead of 33.
    """
    sides = [0] * (2 * (x.ndim - 1 - dim)) + [reach // 2] * 2
    x, width = F.pad(x, sides), 1
    while width < reach:
        shift = min(width, reach - width)
        kept = x.shape[dim] - shift
        x, width = torch.maximum(x.narrow(dim, 0, kept), x.narrow(dim, shift, kept)), width + shift
    return x


def _extents(mask: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """First and one past the last true column of each row of ``mask: [..., h, w]``; (w, 0) for an empty row."""
    column = torch.arange(mask.shape[-1], device=mask.device)
    return torch.where(mask, column, mask.shape[-1]).amin(-1), torch.where(mask, column + 1, 0).amax(-1)


def rough_correspondence(regions: torch.Tensor, articles: torch.Tensor, presence: torch.Tensor,
                         size_hw: tuple[int, int]) -> tuple[torch.Tensor, torch.Tensor]:
    """Where each pixel of a worn article roughly lies in the article: same share of its height, then of its row.

    Under outerwear rows are cut off, so the place in the row follows from the scale of the height, about the middle of
    what shows. This holds where the article's hem shows, below the outerwear or between its open sides: others under
    outerwear, and bottoms, are left out.

    Args:
        regions: ``[N, H, W]``; articles: ``[N, 6, 4, a, b]``; presence: ``[N, 6]``.

    Returns:
        ``[N, 6, 2, h, w]`` in the articles' -1..1 coordinates, and where it holds: ``[N, 6, h, w]``, bool.
    """
    (h, w), (a, b) = size_hw, articles.shape[3:]
    shown = F.one_hot(regions, len(REGIONS)).movedim(3, 1)[:, FIRST_ARTICLE_REGION:FIRST_ARTICLE_REGION + NUM_SLOTS]
    worn = F.adaptive_avg_pool2d(shown.float(), (h, w)) > 0.5
    cover = articles[:, :, 3] > 0.5
    (left, right), (art_left, art_right) = _extents(worn), _extents(cover)
    (top, bottom), (art_top, art_bottom) = (_extents(m.any(3)) for m in (worn, cover))
    under = _under_outerwear(presence)
    worn = worn & ((presence > 0) & (~under | _hem_shows(top, bottom)))[:, :, None, None]
    row = torch.arange(h, device=regions.device) + 0.5
    height = (bottom - top).clamp(min=1)[..., None]
    y = art_top[..., None] + ((row - top[..., None]) / height).clamp(0, 1) * (art_bottom - art_top)[..., None]
    index = y.long().clamp(0, a - 1)
    first, last = art_left.gather(2, index)[..., None], art_right.gather(2, index)[..., None]
    column = torch.arange(w, device=regions.device) + 0.5
    share = ((column - left[..., None]) / (right - left).clamp(min=1)[..., None]).clamp(0, 1)
    x = first + share * (last - first)
    middle = (worn * column).sum((2, 3)) / worn.sum((2, 3)).clamp(min=1)
    art_middle = (art_left.amin(2) + art_right.amax(2)) / 2
    scale = (art_bottom - art_top)[..., None, None] / height[..., None]
    beside = art_middle[..., None, None] + (column - middle[..., None, None]) * scale
    x = torch.where(under[..., None, None], beside.clamp(first, last), x)
    xy = torch.stack([x / b, (y / a)[..., None].expand_as(x)], 2) * 2 - 1
    return xy, worn & (last > first)


def _under_outerwear(presence: torch.Tensor) -> torch.Tensor:
    """``[N, 6]``, bool: slots that outerwear covers in part."""
    below = torch.tensor([slot in ("top", "bottom", "dress") for slot in SLOTS], device=presence.device)
    outer = SLOTS.index("outer")
    return (presence[:, outer:outer + 1] > 0) & below


def _hem_shows(top: torch.Tensor, bottom: torch.Tensor) -> torch.Tensor:
    """``[N, 6]``, bool: tops that end where the bottom begins, dresses that end where the outerwear does or below.

    Args:
        top, bottom: ``[N, 6]``, first and one past the last row in which each slot is seen.
    """
    of = {slot: SLOTS.index(slot) for slot in ("top", "outer", "bottom", "dress")}
    shows = torch.zeros_like(top, dtype=torch.bool)
    shows[:, of["top"]] = (top[:, of["bottom"]] - bottom[:, of["top"]]).abs() <= HEM_TOLERANCE
    shows[:, of["dress"]] = bottom[:, of["dress"]] >= bottom[:, of["outer"]] - HEM_TOLERANCE
    return shows


def alignment_loss(correspondence: torch.Tensor, regions: torch.Tensor, articles: torch.Tensor,
                   presence: torch.Tensor) -> torch.Tensor:
    """Distance of ``correspondence: [N, 6, 2, h, w]`` from the rough one beyond a tolerance.

    Colours alone leave a warp free where cloth is plain; this tells it the scale, and leaves the rest to the photo.
    """
    target, valid = rough_correspondence(regions, articles, presence, correspondence.shape[3:])
    error = ((correspondence - target).abs() - ALIGNMENT_TOLERANCE).clamp(min=0).sum(2)
    count = valid.sum((2, 3))
    return ((error * valid).sum((2, 3)) / count.clamp(min=1)).sum() / (count > 0).sum().clamp(min=1)


def flow_roughness(correspondence: list[torch.Tensor]) -> torch.Tensor:
    """Mean squared second difference of the correspondences, in pixels of their own map."""
    total = correspondence[0].new_zeros(())
    for xy in correspondence:
        xy = xy * xy.shape[3] / 2
        for d in (xy.diff(n=2, dim=3), xy.diff(n=2, dim=4)):
            total = total + d.square().clamp(max=4).mean()
    return total / len(correspondence)


def kl_to_prior(mean: torch.Tensor, log_var: torch.Tensor) -> torch.Tensor:
    """KL(q(z | photo) || N(0, 1)) in nats, mean over the batch."""
    return 0.5 * (mean.square() + log_var.exp() - 1 - log_var).sum(1).mean()


def generator_loss(fake_logits: torch.Tensor, kind: str) -> torch.Tensor:
    """Non-saturating logistic (``kind="logistic"``) or hinge loss of the generator."""
    return F.softplus(-fake_logits).mean() if kind == "logistic" else -fake_logits.mean()


def discriminator_loss(real: torch.Tensor, fake: torch.Tensor, mismatched: torch.Tensor | None,
                       kind: str) -> torch.Tensor:
    """Loss of the discriminator; ``mismatched`` are the logits of real photos under other outfits and poses."""
    up, down = (lambda x: F.softplus(-x), F.softplus) if kind == "logistic" else (lambda x: F.relu(1 - x),
                                                                                  lambda x: F.relu(1 + x))
    negative = down(fake).mean()
    if mismatched is not None:
        negative = 0.7 * negative + 0.3 * down(mismatched).mean()
    return up(real).mean() + negative
