"""Networks that embed an outfit and a pose (Yildirim et al. 2019, arXiv 1908.08847, section 3.2).

The paper concatenates six articles (18 channels) and 16 heatmaps and embeds them into one 512-d vector.
`OutfitEncoder` gives that vector and, for the spatial mode, what it is made of: a feature map per article
(the tokens of the cross-attention) and a pyramid of pose features (TryOnGAN, arXiv 2101.02285, section 3.1).
"""

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import nn

from vton.networks.stylegan2.layers import EqualConv2d, EqualLinear, lrelu, second_moment_normalise
from vton.networks.stylegan2.reach import MAX_REACH, NUM_REACH_PLANES, joints_of, reach_planes
from vton.schema import TRAIT_SLOTS, SizeHW

NUM_SLOTS = 6
NUM_JOINTS = 16
TOKEN_STRIDE = 4
# Pairs of MPII-16 joints: legs, trunk, neck, head, arms, shoulders, hips.
LIMBS = ((0, 1), (1, 2), (3, 4), (4, 5), (6, 7), (7, 8), (8, 9), (10, 11), (11, 12), (13, 14), (14, 15), (12, 13),
         (2, 3))
LIMB_SIGMA = 0.02
_USUAL_REACH = ((0.95, 1.5), (1.2, 1.9), (2.7, 0.0), (2.2, 1.2), (0.0, 0.0), (0.0, 0.0))  # where reading starts from


class OutfitFeatures(NamedTuple):
    """What the encoder knows of an outfit and a pose.

    embedding: ``[N, embedding_dim]``, unit second moment.
    tokens: ``[N, 6, C, h, w]``, one feature map per article.
    token_mask: ``[N, 6, h, w]``, 0..1, share of the cell that the article covers.
    pose_pyramid: height -> ``[N, C, height, width]``.
    reach: ``[N, 6, 2]``, hem and sleeve as read from the pictures, see `reach`; None in a model without it.
    """

    embedding: torch.Tensor
    tokens: torch.Tensor
    token_mask: torch.Tensor
    pose_pyramid: dict[int, torch.Tensor]
    reach: torch.Tensor | None = None


class ArticleEncoder(nn.Module):
    """One U-shaped CNN for every slot; the slot enters as a learned bias after the first layer.

    Tokens of the way down know a neighbourhood: cloth with an edge. What that edge is (the cuff of the left sleeve, the
    inside of a trouser leg) and what the article is (a skirt, shorts) only the whole picture says, so that ``levels``
    halvings follow and their maps come back up. Without levels the tokens are those of the way down.

    Args:
        channels: width of the token maps.
        input_hw: size the articles are area-resized to, a multiple of 4 * 2^levels.
        shape_dim: width of what is said of the whole article; unused without levels.
        num_traits: of what is said of how articles are worn (`vton.schema.Wear`); each is a learned bias of the slots
            that it is about.
    """

    def __init__(self, channels: int, input_hw: SizeHW, levels: int = 0, shape_dim: int = 64, num_traits: int = 0):
        super().__init__()
        self.input_hw = tuple(input_hw)
        self.stem = EqualConv2d(5, channels // 2, 3)
        self.slot_bias = nn.Parameter(torch.randn(NUM_SLOTS, channels // 2) * 0.5)
        self.trait_bias = nn.Parameter(torch.randn(num_traits, channels // 2) * 0.5) if num_traits else None
        self.down1 = EqualConv2d(channels // 2, channels, 3, stride=2)
        self.down2 = EqualConv2d(channels, channels, 3, stride=2)
        self.mix = EqualConv2d(channels, channels, 3)
        widths = [channels, *(2 * channels for _ in range(levels))]
        pairs = list(zip(widths[:-1], widths[1:], strict=True))
        self.deeper = nn.ModuleList(EqualConv2d(a, b, 3, stride=2) for a, b in pairs)
        self.back = nn.ModuleList(EqualConv2d(a + b, a, 3) for a, b in pairs)
        cells = input_hw[0] * input_hw[1] // (TOKEN_STRIDE * 2**levels) ** 2
        self.shape = EqualLinear(widths[-1] * cells, shape_dim) if levels else None

    def forward(self, articles: torch.Tensor, presence: torch.Tensor,
                traits: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor | None]:
        """``articles: [N, 6, 4, H, W]`` (RGB -1..1, mask 0..1), ``presence: [N, 6]``, ``traits: [N, T]`` (0 or 1)
        -> tokens, token mask, shapes.

        Shapes are ``[N, 6, shape_dim]``, None without levels.
        """
        n = articles.shape[0]
        flat = F.interpolate(articles.flatten(0, 1), size=self.input_hw, mode="area")
        bit = presence.reshape(-1, 1, 1, 1).to(flat).expand(-1, 1, *self.input_hw)
        bias = self.slot_bias.repeat(n, 1)
        if self.trait_bias is not None and traits is not None:
            said = traits.to(bias)[:, :, None] * torch.from_numpy(TRAIT_SLOTS).to(bias)
            bias = bias + torch.einsum("nts,tc->nsc", said, self.trait_bias).flatten(0, 1)
        x = self.stem(torch.cat([flat, bit], 1)) + bias[:, :, None, None]
        x = lrelu(self.down1(lrelu(x)))
        x = lrelu(self.down2(x))
        x = x + lrelu(self.mix(x))
        passed, shape = [], None
        for conv in self.deeper:
            passed.append(x)
            x = lrelu(conv(x))
        if self.shape is not None:
            shape = self.shape(x.flatten(1)).unflatten(0, (n, NUM_SLOTS))
        for conv, fine in zip(reversed(self.back), reversed(passed), strict=True):
            x = F.interpolate(x, scale_factor=2, mode="nearest")
            x = fine + lrelu(conv(torch.cat([x, fine], 1)))
        mask = F.avg_pool2d(flat[:, 3:4], TOKEN_STRIDE)
        return x.unflatten(0, (n, NUM_SLOTS)), mask.squeeze(1).unflatten(0, (n, NUM_SLOTS)), shape


def body_geometry(pose_map: torch.Tensor) -> torch.Tensor:
    """What the heatmaps say about every pixel, spelled out so that convolutions need not work it out.

    Args:
        pose_map: ``[N, 16, H, W]``, 0..1, a peak per joint (MPII order), zero where one is missing.

    Returns:
        ``[N, 61, H, W]``, float32: the heatmaps times 4 (thin peaks carry little energy), a soft line per limb, and
        the pixel's offset from each joint in quarters of the height, -2..2. Missing joints and limbs are zero.
    """
    pose_map = pose_map.float()
    h, w = pose_map.shape[2:]
    y = (torch.arange(h, device=pose_map.device) + 0.5) / h
    x = (torch.arange(w, device=pose_map.device) + 0.5) / h
    joint_x, joint_y, present = joints_of(pose_map)
    dx = (x[None, None, None] - joint_x[..., None, None]).expand(-1, -1, h, w)
    dy = (y[None, None, :, None] - joint_y[..., None, None]).expand(-1, -1, h, w)
    a, b = torch.tensor(LIMBS, device=pose_map.device).T
    bone_x, bone_y = joint_x[:, b] - joint_x[:, a], joint_y[:, b] - joint_y[:, a]
    along = dx[:, a] * bone_x[..., None, None] + dy[:, a] * bone_y[..., None, None]
    along = (along / (bone_x.square() + bone_y.square()).clamp(min=1e-6)[..., None, None]).clamp(0, 1)
    off_x = dx[:, a] - along * bone_x[..., None, None]
    off_y = dy[:, a] - along * bone_y[..., None, None]
    lines = torch.exp(-(off_x.square() + off_y.square()) / (2 * LIMB_SIGMA**2))
    lines = lines * (present[:, a] * present[:, b])[..., None, None]
    offsets = torch.cat([dx, dy], 1).mul(4).clamp(-2, 2) * present.repeat(1, 2)[..., None, None]
    return torch.cat([pose_map * 4, lines, offsets], 1)


class PoseEncoder(nn.Module):
    """Heatmaps -> features at every height from the heatmaps' own down to 4 (TryOnGAN's pose encoder).

    Args:
        reach: whether it sees `reach_planes` too.
    """

    def __init__(self, channels: int, height: int, reach: bool = False):
        super().__init__()
        self.stem = EqualConv2d(3 * NUM_JOINTS + len(LIMBS), channels, 3)
        self.reach = EqualConv2d(NUM_REACH_PLANES, channels, 3) if reach else None
        if self.reach is not None:
            torch.nn.init.zeros_(self.reach.weight)  # older weights go on drawing what they drew
        levels = height.bit_length() - 3
        self.down = nn.ModuleList(EqualConv2d(channels, channels, 3, stride=2) for _ in range(levels))

    def forward(self, pose_map: torch.Tensor, planes: torch.Tensor | None = None) -> dict[int, torch.Tensor]:
        """``pose_map: [N, 16, H, W]``, 0..1, and `reach_planes` of it -> {H: [N, C, H, W], H/2: ..., 4: ...}."""
        with torch.autocast(pose_map.device.type, enabled=False):
            geometry = body_geometry(pose_map)
        x = self.stem(geometry)
        if self.reach is not None and planes is not None:
            x = x + self.reach(planes)
        x = lrelu(x)
        pyramid = {x.shape[2]: x}
        for conv in self.down:
            x = lrelu(conv(x))
            pyramid[x.shape[2]] = x
        return pyramid


class ReachReader(nn.Module):
    """Shapes of articles -> how far they reach."""

    def __init__(self, shape_dim: int = 64):
        super().__init__()
        self.hidden = EqualLinear(shape_dim, shape_dim)
        self.out = EqualLinear(shape_dim, 2)
        self.usual = nn.Parameter(torch.tensor(_USUAL_REACH))

    def forward(self, shape: torch.Tensor) -> torch.Tensor:
        """``shape: [N, 6, shape_dim]`` -> ``[N, 6, 2]``, float32, 0 .. `MAX_REACH`."""
        with torch.autocast(shape.device.type, enabled=False):
            reach = self.usual + self.out(lrelu(self.hidden(shape.float())))
            return torch.minimum(reach.clamp(min=0), reach.new_tensor(MAX_REACH))


class OutfitEncoder(nn.Module):
    """Articles and heatmaps -> `OutfitFeatures`. The generator and the discriminator each own one, never shared."""

    def __init__(self, embedding_dim: int, channels: int, pose_channels: int, pose_hw: SizeHW,
                 article_hw: SizeHW, article_levels: int = 0, num_traits: int = 0, reach: bool = False):
        super().__init__()
        self.articles = ArticleEncoder(channels, article_hw, article_levels, num_traits=num_traits)
        self.pose = PoseEncoder(pose_channels, pose_hw[0], reach)
        self.reach = ReachReader() if reach else None
        coarse = pose_channels * 4 * (4 * pose_hw[1] // pose_hw[0])
        self.slot = EqualLinear(2 * channels, 64)
        self.fuse1 = EqualLinear(NUM_SLOTS * 64 + coarse, embedding_dim)
        self.fuse2 = EqualLinear(embedding_dim, embedding_dim)
        self.traits = EqualLinear(num_traits, embedding_dim) if num_traits else None

    def forward(self, articles: torch.Tensor, presence: torch.Tensor, pose_map: torch.Tensor,
                traits: torch.Tensor | None = None, reach: torch.Tensor | None = None) -> OutfitFeatures:
        """Embeds outfits and poses.

        Args:
            articles: ``[N, 6, 4, h, w]``, RGB -1..1 and mask 0..1; presence: ``[N, 6]``, 0 or 1.
            pose_map: ``[N, 16, *pose_hw]``, 0..1.
            traits: ``[N, num_traits]``, 0 or 1; None where nothing is said.
            reach: ``[N, 6, 2]``, hem and sleeve, see `reach`; negative, or None, where the picture decides.
        """
        assert articles.shape[1:3] == (NUM_SLOTS, 4), articles.shape
        assert pose_map.shape[1] == NUM_JOINTS, pose_map.shape
        tokens, token_mask, shape = self.articles(articles, presence, traits)
        read = planes = None
        if self.reach is not None:
            assert shape is not None, "a model with a reach has levels"
            read = self.reach(shape)
            used = read.detach()  # a picture drawn well must not depend on a reach that is read wrongly
            if reach is not None:
                used = torch.where(reach < 0, used, reach.to(used))
            with torch.autocast(pose_map.device.type, enabled=False):
                planes = reach_planes(pose_map, used, presence)
        pyramid = self.pose(pose_map, planes)
        weight = token_mask.to(tokens)[:, :, None]
        colour = (tokens * weight).sum((3, 4)) / (weight.sum((3, 4)) + 1e-3)
        pooled = torch.cat([colour, tokens.mean((3, 4))], 2)
        slots = self.slot(pooled) if shape is None else self.slot(pooled) + shape
        slots = lrelu(slots) * presence.to(pooled)[:, :, None]
        e = torch.cat([slots.flatten(1), pyramid[4].flatten(1)], 1)
        e = self.fuse1(e)
        if self.traits is not None and traits is not None:
            e = e + self.traits(traits.to(e))
        e = self.fuse2(lrelu(e))
        return OutfitFeatures(second_moment_normalise(e), tokens, token_mask, pyramid, read)
