"""A generator of heads: a coarse head, its joints and a latent of the person -> a head with eyes, a mouth and strands.

The body's generator gives a head some 30 pixels; people look there first. As in InsetGAN (Fruehstueck et al. 2022,
arXiv 2203.07293) a second generator draws the head, here as a U-Net whose way up is StyleGAN2's (modulated
convolutions, skip RGB), so that it follows what the body's picture says of light, skin, hair and collar.
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import nn

from vton.networks.stylegan2.layers import (
    EqualConv2d,
    EqualLinear,
    ModulatedConv2d,
    StyledConv,
    lrelu,
    second_moment_normalise,
    upsample2,
)

NUM_REGIONS = 10
NUM_JOINTS = 8
_LEAST = 1e-3  # probability of a region
_FIRST_PLANES = 32  # height from which on pictures add up
_SOFT = 2  # pixels around each whose mean is taken of coarse borders


class InsetOutput(NamedTuple):
    """image: ``[N, 3, size, size]``, about -1..1; logits: ``[N, 10, size, size]``, of the regions."""

    image: torch.Tensor
    logits: torch.Tensor


class HeadInset(ModelMixin, ConfigMixin):
    """Draws heads in windows of ``size`` pixels.

    Args:
        size: of the window, a power of two; coarse_size: of what is looked at of the coarse picture's colours.
        z_dim: of the latent; w_dim: of the style.
        channels: by height, from ``size`` down by halves.
    """

    z_mean: torch.Tensor
    z_factor: torch.Tensor

    @register_to_config
    def __init__(self, size: int = 128, coarse_size: int = 32, z_dim: int = 64, w_dim: int = 256,
                 channels: tuple[int, ...] = (32, 64, 96, 128, 128)):
        super().__init__()
        self.style = nn.ModuleList([EqualLinear(z_dim, w_dim), EqualLinear(w_dim, w_dim)])
        self.register_buffer("z_mean", torch.zeros(z_dim))
        self.register_buffer("z_factor", torch.eye(z_dim))
        pairs = list(zip(channels[:-1], channels[1:], strict=True))
        self.stem = EqualConv2d(3 + NUM_REGIONS + NUM_JOINTS, channels[0], 3)
        self.down = nn.ModuleList(EqualConv2d(a, b, 3, stride=2) for a, b in pairs)
        lowest = size >> len(pairs)
        self.middle = StyledConv(channels[-1], channels[-1], w_dim, (lowest, lowest))
        ups, joins, planes = [], [], []
        for level, (a, b) in reversed(list(enumerate(pairs))):
            height = size >> level
            ups.append(StyledConv(b, a, w_dim, (height, height), up=True))
            joins.append(StyledConv(2 * a, a, w_dim, (height, height)))
            if height >= _FIRST_PLANES:
                planes.append(ModulatedConv2d(a, 3 + NUM_REGIONS, w_dim, kernel=1, demodulate=False))
        self.ups, self.joins, self.planes = nn.ModuleList(ups), nn.ModuleList(joins), nn.ModuleList(planes)
        self.planes_bias = nn.Parameter(torch.zeros(3 + NUM_REGIONS))

    def latent(self, z: torch.Tensor) -> torch.Tensor:
        """``z: [N, z_dim]``, drawn from N(0, 1) -> latents such as training reads from heads."""
        return self.z_mean + z.float() @ self.z_factor.t()

    def forward(self, latent: torch.Tensor, image: torch.Tensor, logits: torch.Tensor,
                joints: torch.Tensor) -> InsetOutput:
        """Draws heads.

        Args:
            latent: ``[N, z_dim]``, of `latent` or read from a head.
            image: ``[N, 3, size, size]``, -1..1, the coarse head; only its colours at ``coarse_size`` count.
            logits: ``[N, 10, size, size]``, the coarse regions.
            joints: ``[N, 8, size, size]``, 0..1, of `vton.conditioning.pose.head_window.joint_planes`.
        """
        assert image.shape[2:] == (self.config["size"],) * 2, image.shape
        w = second_moment_normalise(latent)
        for layer in self.style:
            w = lrelu(layer(w))
        image = coarse_colours(image, self.config["coarse_size"])
        regions = soft_regions(logits)
        x = lrelu(self.stem(torch.cat([image, regions, joints.to(image)], 1)))
        passed = []
        for conv in self.down:
            passed.append(x)
            x = lrelu(conv(x))
        x = self.middle(x, w, "none")
        planes = image.new_zeros(())
        first = len(self.ups) - len(self.planes)
        for i, (up, join) in enumerate(zip(self.ups, self.joins, strict=True)):
            x = join(torch.cat([up(x, w, "none"), passed.pop()], 1), w, "none")
            if i >= first:
                new = self.planes[i - first](x, w)[0].float()
                planes = new if i == first else upsample2(planes) + new
        planes = planes + self.planes_bias[:, None, None]
        return InsetOutput(image + planes[:, :3], (regions + _LEAST).log() + planes[:, 3:])


def coarse_colours(image: torch.Tensor, size: int) -> torch.Tensor:
    """``image: [N, 3, H, H]`` as ``size`` pixels a side show it, enlarged again."""
    small = F.interpolate(image.float(), size=(size, size), mode="area")
    return F.interpolate(small, size=image.shape[2:], mode="bicubic", align_corners=False)


def soft_regions(logits: torch.Tensor) -> torch.Tensor:
    """Probabilities of the regions, means over 5x5 pixels: borders of the coarse head are not to be trusted.

    Args:
        logits: ``[N, 10, H, W]``.

    Returns:
        ``[N, 10, H, W]``, float32, which sum to one.
    """
    return F.avg_pool2d(F.pad(logits.float().softmax(1), (_SOFT,) * 4, mode="replicate"), 2 * _SOFT + 1, 1)
