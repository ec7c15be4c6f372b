"""The two discriminators: photos with their poses, and photos with their segmentations (arXiv 2101.02285, 3.1).

Each is StyleGAN2's, and looks at what belongs to the photo through an encoder of its own, whose maps join the photo's
at the heights of the generator's.
"""

import torch
import torch.nn.functional as F
from torch import nn

from vton.networks.stylegan2.discriminator import ResidualBlock, with_deviation
from vton.networks.stylegan2.layers import EqualConv2d, EqualLinear, lrelu
from vton.networks.stylegan2.outfit_encoder import PoseEncoder
from vton.systems.tryongan.config import TryOnGANConfig
from vton.systems.tryongan.network import NUM_LABELS

JOINED = 64
"""Height in pixels up to which the maps of a segmentation join those of the photo."""


class SegmentationEncoder(nn.Module):
    """A segmentation to maps of every height from its own, of at most `JOINED`, down to 4."""

    def __init__(self, channels: int, height: int):
        super().__init__()
        self.height = height
        self.stem = EqualConv2d(NUM_LABELS, channels, 3)
        self.down = nn.ModuleList(
            EqualConv2d(channels, channels, 3, stride=2) for _ in range(height.bit_length() - 3)
        )

    def forward(self, segmentation: torch.Tensor) -> dict[int, torch.Tensor]:
        """``segmentation: [N, 14, H, W]``, 0..1 -> {64: [N, C, 64, 48], 32: ..., 4: ...}."""
        x = F.adaptive_avg_pool2d(segmentation, (self.height, self.height * 3 // 4))
        x = lrelu(self.stem(x))
        pyramid = {x.shape[2]: x}
        for conv in self.down:
            x = lrelu(conv(x))
            pyramid[x.shape[2]] = x
        return pyramid


class PairDiscriminator(nn.Module):
    """Whether a photo, and what is said of it, belong together and are true.

    Args:
        size_hw: of photos.
        encoder: of what is said, never shared; encoded: channels of its maps; joined: height of the finest one.
        channel_base, channel_max: channels at height h are ``min(channel_max, channel_base / h)``.
    """

    def __init__(self, size_hw: tuple[int, int], encoder: nn.Module, encoded: int, joined: int, channel_base: int,
                 channel_max: int):
        super().__init__()
        heights = [2**i for i in range(2, size_hw[0].bit_length())][::-1]
        channels = {h: min(channel_max, channel_base // h) for h in heights}
        self.encoder = encoder
        self.from_rgb = EqualConv2d(3, channels[heights[0]], 1)
        self.heights = heights
        self.blocks = nn.ModuleList(
            ResidualBlock(channels[h] + (encoded if h <= joined else 0), channels[h // 2]) for h in heights[:-1]
        )
        self.conv = EqualConv2d(channels[4] + encoded + 1, channels[4], 3)
        self.fc = EqualLinear(channels[4] * 12, channels[4])
        self.score = EqualLinear(channels[4], 1)

    def forward(self, image: torch.Tensor, said: torch.Tensor) -> torch.Tensor:
        """``image: [N, 3, H, W]``, -1..1, and what the encoder takes -> logits ``[N, 1]``, float32."""
        pyramid = self.encoder(said)
        x = lrelu(self.from_rgb(image))
        for height, block in zip(self.heights, self.blocks, strict=False):
            if height in pyramid:
                x = torch.cat([x, pyramid[height].to(x.dtype)], 1)
            x = block(x)
        x = with_deviation(torch.cat([x, pyramid[4].to(x.dtype)], 1).float())
        return self.score(lrelu(self.fc(lrelu(self.conv(x)).flatten(1)))).float()


class Discriminators(nn.Module):
    """Both, with equal weights."""

    def __init__(self, config: TryOnGANConfig, size_hw: tuple[int, int], pose_hw: tuple[int, int], encoded: int = 16):
        super().__init__()
        widths = config.discriminator_base, config.discriminator_max
        encoders = PoseEncoder(encoded, pose_hw[0]), SegmentationEncoder(encoded, min(JOINED, size_hw[0]))
        self.pose = PairDiscriminator(size_hw, encoders[0], encoded, pose_hw[0], *widths)
        self.segmentation = PairDiscriminator(size_hw, encoders[1], encoded, encoders[1].height, *widths)

    def forward(self, image: torch.Tensor, pose_map: torch.Tensor, segmentation: torch.Tensor) -> torch.Tensor:
        """Photos ``[N, 3, H, W]``, heatmaps ``[N, 16, h, w]``, labels ``[N, 14, H, W]`` -> logits ``[2 * N, 1]``."""
        return torch.cat([self.pose(image, pose_map), self.segmentation(image, segmentation)])


def hard_labels(logits: torch.Tensor) -> torch.Tensor:
    """The likeliest label of each pixel, 0 or 1, with the gradient of the soft ones: ``[N, K, H, W]``.

    A true segmentation is hard: of a soft one a discriminator sees at once that it is drawn.
    """
    soft = logits.float().softmax(1)
    hard = (soft == soft.amax(1, keepdim=True)).to(soft.dtype)
    return hard + soft - soft.detach()


def r1_penalty(logits: torch.Tensor, image: torch.Tensor, gamma: float) -> torch.Tensor:
    """R1 (Mescheder et al. 2018, arXiv 1801.04406) of true photos that the logits were computed from."""
    (gradient,) = torch.autograd.grad(logits.sum(), image, create_graph=True)
    return gradient.float().square().sum((1, 2, 3)).mean() * (gamma / 2)
