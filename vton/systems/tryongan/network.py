"""Pose-conditioned StyleGAN2 with a segmentation (Lewis et al. 2021, arXiv 2101.02285, section 3), and its inverse.

A pose encoder takes the place of StyleGAN2's constant: its coarsest map starts the synthesis, the others are
concatenated at 8 to 64 rows. A segmentation is accumulated beside the RGB at every resolution, from the same styles.
The encoder of styles is ours: it makes a photo's styles a matter of one pass (Tov et al. 2021, arXiv 2102.02766).
"""

from typing import NamedTuple

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import nn

from vton.networks.stylegan2.layers import EqualConv2d, lrelu, upsample2
from vton.networks.stylegan2.mapping import MappingNetwork
from vton.networks.stylegan2.outfit_encoder import PoseEncoder
from vton.networks.stylegan2.synthesis_block import SynthesisBlock
from vton.schema.label_sets import PARSER_LABELS
from vton.systems.tryongan.encoder import StyleEncoder

NUM_LABELS = len(PARSER_LABELS)

Styles = list[torch.Tensor]
"""Of each modulated convolution in the order of the synthesis: the scale of its input channels, ``[N, C]``."""


class DressedPicture(NamedTuple):
    """image: ``[N, 3, h, w]``, about -1..1; logits: ``[N, 14, h, w]``, of `PARSER_LABELS`.

    activations: what each modulated convolution looked at, ``[N, C, h', w']`` each; None unless asked for.
    """

    image: torch.Tensor
    logits: torch.Tensor
    activations: list[torch.Tensor] | None = None


class TryOnGAN(ModelMixin, ConfigMixin):
    """Pose and styles to a dressed person on a plain backdrop, with a label for every pixel.

    Args:
        size_hw: of the pictures, height a power of two, width three quarters of it.
        z_dim, w_dim, mapping_layers, mapping_lr_mult: of the mapping network.
        channel_base, channel_max: channels at height h are ``min(channel_max, channel_base / h)``.
        pose_channels: of the pose encoder's maps; pose_height: height of the heatmaps, and of its finest map.
        encoder_channels: width of the encoder of styles.
    """

    @register_to_config
    def __init__(
        self,
        size_hw: tuple[int, int] = (256, 192),
        z_dim: int = 128,
        w_dim: int = 512,
        mapping_layers: int = 4,
        mapping_lr_mult: float = 0.1,
        channel_base: int = 6144,
        channel_max: int = 256,
        pose_channels: int = 32,
        pose_height: int = 64,
        encoder_channels: int = 32,
    ):
        super().__init__()
        height, width = size_hw
        if height < 16 or height & (height - 1) or width * 4 != height * 3:
            raise ValueError(f"size_hw must be a power of two of at least 16 by three quarters of it, not {size_hw}")
        pose_height = min(pose_height, height)
        self.pose_hw = (pose_height, pose_height * 3 // 4)
        self.heights = [2**i for i in range(2, height.bit_length())]
        self.layer_heights = [4] + [h for h in self.heights[1:] for _ in (0, 1)] + [height]
        self.num_ws = len(self.layer_heights)
        self.mapping_network = MappingNetwork(z_dim, 0, w_dim, mapping_layers, mapping_lr_mult)
        self.pose_encoder = PoseEncoder(pose_channels, pose_height)
        channels = {h: min(channel_max, channel_base // h) for h in self.heights}
        self.start = EqualConv2d(pose_channels, channels[4], 3)
        self.blocks = nn.ModuleList(
            SynthesisBlock((h, h * 3 // 4), 0 if h == 4 else channels[h // 2], channels[h], w_dim,
                           joined=pose_channels if 4 < h <= pose_height else 0, planes=3 + NUM_LABELS)
            for h in self.heights
        )  # fmt: skip
        self.encoder = StyleEncoder(NUM_LABELS, w_dim, self.num_ws, encoder_channels)

    def mapping(self, z: torch.Tensor, truncation_psi: float = 1.0) -> torch.Tensor:
        """``z: [N, z_dim]``, drawn from N(0, 1) -> ``ws: [N, num_ws, w_dim]``, moved towards the average w."""
        with torch.autocast(z.device.type, enabled=False):
            w = self.mapping_network(z.float(), None)
            w = torch.lerp(self.mapping_network.w_avg.expand_as(w), w, truncation_psi)
        return w[:, None].expand(-1, self.num_ws, -1)

    def encode(self, image: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Photos and their parsings to styles.

        Args:
            image: ``[N, 3, H, W]``, -1..1; labels: ``[N, 14, H, W]``, 0..1, all 0 where nothing is known.

        Returns:
            ``ws: [N, num_ws, w_dim]``, each layer's its own (W+).
        """
        return self.mapping_network.w_avg + self.encoder(image, labels)

    def styles(self, ws: torch.Tensor) -> Styles:
        """``ws: [N, num_ws, w_dim]`` -> the scales of all channels, in which photos are interpolated."""
        assert ws.shape[1] == self.num_ws, ws.shape
        found = []
        for i, block in enumerate(self.blocks):
            assert isinstance(block, SynthesisBlock)
            if not block.first:
                found.append(block.conv0.conv.style(ws[:, 2 * i - 1]))
            found += [block.conv1.conv.style(ws[:, 2 * i]), block.to_planes.style(ws[:, 2 * i + 1])]
        return found

    def pose(self, pose_map: torch.Tensor) -> dict[int, torch.Tensor]:
        """``pose_map: [N, 16, *pose_hw]``, 0..1 -> height -> ``[N, pose_channels, height, width]``."""
        return self.pose_encoder(pose_map)

    def synthesis(self, styles: Styles, pose: dict[int, torch.Tensor], noise: str = "const", until: int | None = None,
                  watch: bool = False) -> DressedPicture:
        """Draws people.

        Args:
            styles, pose: as `styles` and `pose` give them.
            noise: "const", "random" (training) or "none".
            until: height at which to stop, of `heights`: the same picture, coarse; None for the whole.
            watch: whether to return the activations.
        """
        queue, planes, seen = iter(styles), None, []
        x = lrelu(self.start(pose[4]))
        for h, block in zip(self.heights, self.blocks, strict=True):
            assert isinstance(block, SynthesisBlock)
            if planes is not None:
                planes = upsample2(planes)
            if not block.first:
                seen.append(x)
                x = block.conv0.styled(x, next(queue), noise)
            if 4 < h <= self.pose_hw[0]:
                x = torch.cat([x, pose[h].to(x.dtype)], 1)
            seen.append(x)
            x = block.conv1.styled(x, next(queue), noise)
            seen.append(x)
            new = block.to_planes.modulated(x, next(queue))[0].float() + block.planes_bias[:, None, None]
            planes = new if planes is None else planes + new
            if h == until:
                break
        assert planes is not None
        return DressedPicture(planes[:, :3], planes[:, 3:], seen if watch else None)

    def draw(self, ws: torch.Tensor, pose_map: torch.Tensor, noise: str = "const",
             until: int | None = None) -> DressedPicture:
        """``ws: [N, num_ws, w_dim]`` at ``pose_map: [N, 16, *pose_hw]``; see `synthesis`."""
        return self.synthesis(self.styles(ws), self.pose(pose_map), noise, until)

    def forward(self, z: torch.Tensor, pose_map: torch.Tensor, truncation_psi: float = 1.0,
                noise: str = "const") -> DressedPicture:
        """`mapping` and `draw` in one call."""
        return self.draw(self.mapping(z, truncation_psi), pose_map, noise)
