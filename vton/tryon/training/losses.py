"""Losses of the try-on systems: what the warp, the composition and the regularisers are judged by."""

from collections.abc import Sequence
from functools import reduce

import torch
import torch.nn.functional as F

from vton.metrics.garments.warp_iou import BEHIND
from vton.schema import SIDED_LABELS

LEAST_AREA = 64  # pixels of a worn garment: a smaller one does not count more


def region_l1(image: torch.Tensor, target: torch.Tensor, region: torch.Tensor) -> torch.Tensor:
    """Mean absolute error over a region: [N, C, H, W] twice, weights [N, 1, H, W]."""
    error = (image.float() - target).abs().mean(1, keepdim=True)
    return (error * region).sum() / region.sum().clamp(min=1)


def masked_on_white(photo: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The pixels under the mask on white: [N, 3, H, W], -1..1, and [N, 1, H, W]."""
    return photo * mask + (1 - mask)


def trusted(labels: torch.Tensor, worn: torch.Tensor, occluded: float) -> torch.Tensor:
    """How much each pixel says of where the garment is: [N, 1, H, W], ``occluded`` or 1.

    The worn mask ends where hair, an arm, a bag or other clothes are in front of the garment, though the garment does
    not: see `hidden_pixels`.

    Args:
        labels: [N, H, W], in ``SIDED_LABELS``; worn: [N, 1, H, W].
    """
    behind = torch.tensor([name in BEHIND for name in SIDED_LABELS], device=labels.device)
    return torch.where(behind[labels.long()][:, None] | (worn > 0.5), 1.0, occluded)


def warped_l1(warped: torch.Tensor, worn_on_white: torch.Tensor, worn: torch.Tensor,
              trust: torch.Tensor) -> torch.Tensor:
    """Sum of absolute errors over the picture by the area of the worn garment, so that small garments count the same.

    Args:
        warped, worn_on_white: [N, 3, H, W]; worn, trust: [N, 1, H, W].
    """
    error = ((warped.float() - worn_on_white).abs().mean(1, keepdim=True) * trust).sum((1, 2, 3))
    return (error / worn.sum((1, 2, 3)).clamp(min=LEAST_AREA)).mean()


def overlap_loss(mask: torch.Tensor, truth: torch.Tensor, trust: torch.Tensor | None = None) -> torch.Tensor:
    """One minus the soft intersection over union of masks [N, 1, H, W], 0..1."""
    weight = torch.ones_like(truth) if trust is None else trust
    mask = mask.float()
    both = (mask * truth * weight).sum((1, 2, 3))
    either = ((mask + truth - mask * truth) * weight).sum((1, 2, 3))
    return (1 - both / either.clamp(min=1)).mean()


def total_variation(mask: torch.Tensor) -> torch.Tensor:
    """Mean absolute difference of neighbours: [N, C, H, W]."""
    mask = mask.float()
    return mask.diff(dim=2).abs().mean() + mask.diff(dim=3).abs().mean()


def logits_of(found: list) -> list[torch.Tensor]:
    """The maps of logits among a discriminator's activations: the last ones, of every scale.

    Args:
        found: [N, C, h, w] each, as `PatchDiscriminator` returns them; or a list of such lists.

    Returns:
        [N, 1, h, w] of each scale.
    """
    return [scale[-1] for scale in found] if isinstance(found[0], list) else [found[-1]]


def judge_loss(real: Sequence[torch.Tensor], fake: Sequence[torch.Tensor], kind: str) -> torch.Tensor:
    """A discriminator's loss, mean over its scales: a scalar.

    True pictures are drawn towards 1. Made ones are drawn towards -1 by "hinge", which stops at what is already told
    apart, and towards 0 by "squares" (LSGAN), which also pulls back what is told apart too well.

    Args:
        real, fake: of each scale, maps of logits [N, 1, h, w].
        kind: "hinge" or "squares".
    """
    if kind == "hinge":
        losses = [F.relu(1 - r.float()).mean() + F.relu(1 + f.float()).mean() for r, f in zip(real, fake, strict=True)]
    else:
        losses = [(r.float() - 1).square().mean() + f.float().square().mean() for r, f in zip(real, fake, strict=True)]
    return 0.5 * reduce(torch.add, losses) / len(losses)


def adversarial_loss(fake: Sequence[torch.Tensor], kind: str) -> torch.Tensor:
    """The generator's part of `judge_loss`, mean over the scales: a scalar.

    Args:
        fake: of each scale, maps of logits [N, 1, h, w]; kind: "hinge" or "squares".
    """
    losses = [-f.float().mean() if kind == "hinge" else (f.float() - 1).square().mean() for f in fake]
    return reduce(torch.add, losses) / len(losses)
