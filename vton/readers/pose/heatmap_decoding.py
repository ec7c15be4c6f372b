"""From maps of joint logits to coordinates (integral around the peak: Sun et al. 2018, arXiv 1711.08229)."""

import torch
import torch.nn.functional as F

from vton.schema import SizeHW

PRESENCE = 18  # place of the logit that somebody is there, behind those of the joints
REACH = 3  # cells around a peak that belong to it: two standard deviations of what training asks for


def decode_joints(maps: torch.Tensor, stride: int = 4) -> tuple[torch.Tensor, torch.Tensor]:
    """The place of each joint: the mean of the cells around the highest one, weighted by their probability.

    Args:
        maps: ``[N, J, h, w]``, logits; their softmax over the cells says where the joint is.
        stride: canvas pixels per cell.

    Returns:
        ``[N, J, 2]``, x and y in canvas pixels (a cell's centre lies at (index + 0.5) * stride), and the share of
        the probability within `REACH` cells of the peak, ``[N, J]``, 0..1: how sure the place is.
    """
    n, joints, h, w = maps.shape
    probability = maps.float().flatten(2).softmax(2)
    peak = probability.argmax(2)
    # The same window of cells for every joint, cut out of a map padded with nothing.
    padded = F.pad(probability.view(n, joints, h, w), (REACH,) * 4)
    offset = torch.arange(2 * REACH + 1, device=maps.device)
    row, column = peak // w, peak % w
    rows = row[..., None, None] + offset[:, None]
    columns = column[..., None, None] + offset
    flat = (rows * (w + 2 * REACH) + columns).flatten(2)
    window = padded.flatten(2).gather(2, flat).view(n, joints, len(offset), len(offset))
    share = window.sum((2, 3))
    shift = offset.float() - REACH
    dx = (window.sum(2) * shift).sum(2) / share.clamp(min=1e-9)
    dy = (window.sum(3) * shift).sum(2) / share.clamp(min=1e-9)
    xy = torch.stack([column + dx + 0.5, row + dy + 0.5], 2) * stride
    return xy, share


def joint_targets(xy: torch.Tensor, size_hw: SizeHW, stride: int, sigma: float) -> torch.Tensor:
    """Probabilities ``[N, J, h, w]`` that sum to one: a Gaussian of ``sigma`` cells around each joint.

    Args:
        xy: ``[N, J, 2]``, canvas pixels.
        size_hw: of the maps.
    """
    cells = xy[..., None] / stride - 0.5
    column, row = (torch.arange(side, device=xy.device) for side in (size_hw[1], size_hw[0]))
    across = (-0.5 * ((column - cells[:, :, 0]) / sigma).square()).softmax(2)
    down = (-0.5 * ((row - cells[:, :, 1]) / sigma).square()).softmax(2)
    return down[..., :, None] * across[..., None, :]
