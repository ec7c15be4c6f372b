"""What of hems and sleeves is told in training."""

import torch

from vton.networks.stylegan2.reach import UNTOLD

_READ = 0.2  # share of articles whose reach is not told but read from their pictures, as it will be later
_JITTER = 0.03  # standard deviation


def partly_told(reach: torch.Tensor) -> torch.Tensor:
    """The true reach of most articles, a little shaken: drawing follows what is told, and forgives its small mistakes.

    Args:
        reach: ``[N, 6, 2]``, see `vton.networks.stylegan2.reach`; negative where it is not known.

    Returns:
        The same shape; `UNTOLD` where the network reads it itself.
    """
    told = (reach >= 0) & (torch.rand_like(reach) >= _READ)
    return torch.where(told, (reach + _JITTER * torch.randn_like(reach)).clamp(min=0), UNTOLD)
