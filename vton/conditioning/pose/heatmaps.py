"""Poses -> the 16 heatmaps that the networks see (arXiv 1908.08847, section 3.2; size and sigma are ours)."""

import numpy as np
import torch

from vton.schema import Pose, SizeHW

SIGMA_OF_HEIGHT = 0.012
SIGMA_MIN = 0.7


def pose_heatmaps(poses: list[Pose], size_hw: SizeHW) -> torch.Tensor:
    """Rasterises poses as one peak-1 Gaussian per MPII-16 joint, sigma 1.2 % of the height (at least 0.7 px).

    Args:
        poses: each on its own canvas, which is padded to the aspect of ``size_hw``, never stretched.
        size_hw: height and width of the maps.

    Returns:
        ``[N, 16, H, W]``, float32, 0..1. A missing joint is a zero map; confidences above zero do not dim a joint.
    """
    height, width = size_hw
    joints = [pose.fit(size_hw).mpii16() for pose in poses]
    xy = torch.from_numpy(np.stack([j[0] for j in joints])).float()
    present = torch.from_numpy(np.stack([j[1] for j in joints])).float() > 0
    sigma = max(SIGMA_MIN, SIGMA_OF_HEIGHT * height)
    # Keypoints count from the image's corner, so pixel i covers i..i+1.
    dx = torch.arange(width) + 0.5 - xy[..., 0, None]
    dy = torch.arange(height) + 0.5 - xy[..., 1, None]
    gauss_x, gauss_y = (torch.exp(-d.square() / (2 * sigma**2)) for d in (dx, dy))
    return gauss_y[..., :, None] * gauss_x[..., None, :] * present[..., None, None]
