"""Training-time posterior q(z | photo): what of a person the outfit and the pose do not determine.

With a latent read from another photo of the same person, the true photo supervises every pixel of the generator
(Kingma & Welling 2013, arXiv 1312.6114; with a GAN: Larsen et al. 2015, arXiv 1512.09300). At generation z is drawn
from vton.schema import as_size, as_size
from the prior and this network is not needed.
"""

import torch
import torch.nn.functional as F
from torch import nn

from vton.networks.stylegan2.layers import EqualConv2d, EqualLinear, lrelu
from vton.schema import SizeHW, as_size


class AppearanceEncoder(nn.Module):
    """Photo without its articles -> mean and log-variance of z.

    Args:
        z_dim: width of the generator's latent.
        input_hw: size to which photos are area-resized.
    """

    seen: torch.Tensor
    first_moment: torch.Tensor
    second_moment: torch.Tensor

    def __init__(self, z_dim: int, input_hw: SizeHW = (128, 96), channels: int = 32):
        super().__init__()
        self.input_hw = as_size(input_hw)
        widths = [4, channels, channels * 2, channels * 4, channels * 4, channels * 4]
        self.convs = nn.ModuleList(
            EqualConv2d(a, b, 3, stride=2) for a, b in zip(widths[:-1], widths[1:], strict=True)
        )
        self.fc = EqualLinear(widths[-1] * 4 * 3, 256)
        self.mean = EqualLinear(256, z_dim)
        self.log_var = EqualLinear(256, z_dim)
        self.register_buffer("seen", torch.zeros([]))
        self.register_buffer("first_moment", torch.zeros(z_dim))
        self.register_buffer("second_moment", torch.eye(z_dim))

    def forward(self, image: torch.Tensor, visible: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """``image: [N, 3, H, W]``, -1..1; ``visible: [N, 1, H, W]``, 1 where the photo may be looked at."""
        x = F.interpolate(torch.cat([image * visible, visible], 1), size=self.input_hw, mode="area")
        for conv in self.convs:
            x = lrelu(conv(x))
        x = lrelu(self.fc(F.adaptive_avg_pool2d(x, (4, 3)).flatten(1)))
        return self.mean(x).float() * 0.5, self.log_var(x).float().clamp(-8, 2) - 2

    @torch.no_grad()
    def watch(self, mean: torch.Tensor, log_var: torch.Tensor, decay: float = 0.995) -> None:
        """Updates the running moments of the latents of all photos with those of one batch, ``[N, z_dim]`` each."""
        share = torch.maximum((1 + self.seen).reciprocal(), torch.as_tensor(1 - decay, device=mean.device))
        second = mean.t() @ mean / len(mean) + torch.diag(log_var.exp().mean(0))
        self.first_moment.lerp_(mean.mean(0), share)
        self.second_moment.lerp_(second, share)
        self.seen += 1

    @torch.no_grad()
    def fit_prior(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean ``[z_dim]`` and Cholesky factor ``[z_dim, z_dim]`` of a Gaussian fitted to the latents of all photos."""
        covariance = self.second_moment - torch.outer(self.first_moment, self.first_moment)
        return self.first_moment, torch.linalg.cholesky(covariance + 1e-3 * torch.eye(len(covariance)).to(covariance))
