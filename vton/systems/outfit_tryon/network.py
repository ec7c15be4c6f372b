"""Outfit, pose and what stays of a photo -> the person in that outfit.

The articles' side is that of the outfit-conditional generator, layer for layer and name for name, so that its weights
start this network: articles become tokens, each place of the picture attends to them, and the mean position of its
attention says where in an article's picture its cloth lies. New is the photo: what stays of it is read at every
resolution (Ronneberger et al. 2015, arXiv 1505.04597), and joins the features as further channels, which a network
that starts from the generator does not look at yet. There is no latent: the photo says who it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import nn

from vton.networks.stylegan2.article_attention import ArticleAttention, upsample_xy, warp_articles
from vton.networks.stylegan2.generator import FIRST_ARTICLE_REGION, NUM_REGIONS, dress
from vton.networks.stylegan2.layers import EqualConv2d, lrelu, upsample2
from vton.networks.stylegan2.mapping import MappingNetwork
from vton.networks.stylegan2.outfit_encoder import NUM_SLOTS, TOKEN_STRIDE, OutfitEncoder
from vton.networks.stylegan2.synthesis_block import SynthesisBlock
from vton.networks.tryon_output import TryOnOutput
from vton.schema import ARTICLE_HW, REGIONS, TRAITS, SizeHW, as_size
from vton.systems.outfit_tryon.inputs import PERSON_PLANES, OutfitTryOnInput
from vton.systems.outfit_tryon.layers import compose, shading, shown_articles, spread

_KNOWN = 8.0  # logits that a region gains where the photo shows it
_COVERAGE, _CONTINUED = 3 + NUM_REGIONS, 4 + NUM_REGIONS  # planes beyond the colours and regions
_FIRST_CONTINUED = -2.0  # logit of the backdrop going on, before anything is learnt


class Drawn(NamedTuple):
    """What `OutfitTryOn.draw` gives; every plane is of the whole picture, as if nothing of the photo were kept.

    image: ``[N, 3, H, W]``, about -1..1; ground: the same, what no article shows, and its light on articles.
    logits: ``[N, 10, H, W]`` of the regions; coverage: ``[N, 1, H, W]``, logits, whether the article's picture shows
    the cloth of a pixel; continued: ``[N, 1, H, W]``, 0..1, how much of the ground is the photo's backdrop, gone on.
    warped: list of ``[N, 6, 4, h, w]``, coarse to fine; correspondence: list of ``[N, 6, 2, h, w]``, -1..1.
    reach: ``[N, 6, 2]``, hems and sleeves as read from pictures; None in a network that reads none.
    """

    image: torch.Tensor
    ground: torch.Tensor
    logits: torch.Tensor
    coverage: torch.Tensor
    continued: torch.Tensor
    warped: list[torch.Tensor]
    correspondence: list[torch.Tensor]
    reach: torch.Tensor | None = None


@dataclass
class OutfitTryOnOutput(TryOnOutput):
    """What the other systems give too, and the fields from which larger pictures are made: see `Drawn`.

    ``grid`` is that of the article that each pixel most likely shows.
    """

    ground: torch.Tensor | None = None
    logits: torch.Tensor | None = None
    coverage: torch.Tensor | None = None
    continued: torch.Tensor | None = None
    correspondence: torch.Tensor | None = None


class PersonEncoder(nn.Module):
    """What stays of the photo -> features at every height.

    Args:
        heights: ascending, each twice the one before; widths: channels by height.
    """

    def __init__(self, heights: list[int], widths: dict[int, int]):
        super().__init__()
        self.stem = EqualConv2d(PERSON_PLANES, widths[heights[-1]], 3)
        pairs = list(zip(heights[:0:-1], heights[-2::-1], strict=True))
        self.down = nn.ModuleList(EqualConv2d(widths[fine], widths[coarse], 3, stride=2) for fine, coarse in pairs)

    def forward(self, planes: torch.Tensor) -> dict[int, torch.Tensor]:
        """``planes: [N, 20, H, W]`` -> {H: [N, C, H, W], H/2: ..., 4: ...}."""
        x = lrelu(self.stem(planes))
        pyramid = {x.shape[2]: x}
        for conv in self.down:
            x = lrelu(conv(x))
            pyramid[x.shape[2]] = x
        return pyramid


class OutfitTryOn(ModelMixin, ConfigMixin):
    """Dresses people in up to six articles; pictures are three quarters as wide as high.

    Args:
        size_hw: of the pictures, the height a power of two.
        z_dim, w_dim, embedding_dim, mapping_layers, mapping_lr_mult, channel_base, channel_max, token_channels,
        pose_channels, article_hw, pose_height, attention_heights, article_levels, reach: see `StyleGAN2Generator`.
        person_channels, person_max: of the person's features: at the picture's height, and at most; each half of the
            height has half as many more.
    """

    @register_to_config
    def __init__(
        self,
        size_hw: SizeHW = (256, 192),
        z_dim: int = 64,
        w_dim: int = 512,
        embedding_dim: int = 512,
        mapping_layers: int = 4,
        mapping_lr_mult: float = 0.1,
        channel_base: int = 6144,
        channel_max: int = 256,
        token_channels: int = 64,
        pose_channels: int = 32,
        article_hw: SizeHW = ARTICLE_HW,
        pose_height: int = 64,
        attention_heights: tuple[int, ...] = (16, 32),
        article_levels: int = 2,
        reach: bool = False,
        person_channels: int = 16,
        person_max: int = 64,
    ):
        super().__init__()
        height, width = size_hw
        if height < 64 or height & (height - 1) or width * 4 != height * 3:
            raise ValueError(f"size_hw must be a power of two of at least 64 by three quarters of it, not {size_hw}")
        self.size_hw, self.article_hw = as_size(size_hw), as_size(article_hw)
        self.heights = [2**i for i in range(2, height.bit_length())]
        self.pose_hw = (pose_height, pose_height * 3 // 4)
        self.flow_start = attention_heights[-1]
        encoder_hw = (min(64, article_hw[0]), min(64, article_hw[0]) * 3 // 4)
        self.mapping_network = MappingNetwork(z_dim, embedding_dim, w_dim, mapping_layers, mapping_lr_mult)
        self.encoder = OutfitEncoder(embedding_dim, token_channels, pose_channels, self.pose_hw, encoder_hw,
                                     article_levels, len(TRAITS), reach)  # fmt: skip
        widths = {h: min(person_max, person_channels * 2 * height // h // 2) for h in self.heights}
        self.person = PersonEncoder(self.heights, widths)
        token_hw = (encoder_hw[0] // TOKEN_STRIDE, encoder_hw[1] // TOKEN_STRIDE)
        channels = {h: min(channel_max, channel_base // h) for h in self.heights}
        self.const = nn.Parameter(torch.randn(channels[4], 4, 3))

        def block(h: int) -> SynthesisBlock:
            joined = (pose_channels if h <= pose_height else 0) + (4 + NUM_REGIONS if h > self.flow_start else 0)
            attends = h in attention_heights
            attention = ArticleAttention(channels[h], token_channels, token_hw) if attends else None
            return SynthesisBlock((h, h * 3 // 4), 0 if h == 4 else channels[h // 2], channels[h], w_dim,
                                  joined + widths[h], _CONTINUED + 1, attention,
                                  flow=self.flow_start <= h < height)  # fmt: skip

        self.blocks = nn.ModuleList(block(h) for h in self.heights)

    def draw(self, inputs: OutfitTryOnInput, reach: torch.Tensor | None = None) -> Drawn:
        """The whole picture, and everything it is made of.

        Args:
            reach: ``[N, 6, 2]``, hems and sleeves that are told; None, or negative, where pictures decide.
        """
        assert inputs.kept.shape[2:] == self.size_hw, inputs.kept.shape
        known = inputs.known
        features = self.encoder(inputs.articles, inputs.presence, inputs.pose_map, inputs.traits, reach)
        person = self.person(inputs.person())
        mapping = self.mapping_network
        with torch.autocast(known.device.type, enabled=False):
            w = mapping(mapping.z_mean.expand(len(inputs), -1), features.embedding)
        x, planes, xy = self._start(len(inputs)), None, None
        warped, flows = [], []
        for h, block in zip(self.heights, self.blocks, strict=True):
            assert isinstance(block, SynthesisBlock)
            seen = _KNOWN * F.interpolate(known, (h, h * 3 // 4), mode="area")
            # 1. The picture so far grows, so that a resolution only adds what those before could not show.
            if planes is not None:
                planes = upsample2(planes)
            if not block.first:
                x = block.conv0(x, w, "none")
            # 2. Features learn of the pose, of the cloth that will lie there, and of the photo.
            joined = [features.pose_pyramid[h]] if h in features.pose_pyramid else []
            if xy is not None and planes is not None:
                xy = upsample_xy(xy)
                warped.append(warp_articles(inputs.articles, xy))
                flows.append(xy)
                joined.append(dress(warped[-1], _logits(planes) + seen, _coverage(planes)))
            joined.append(person[h])
            x = block.conv1(torch.cat([x, *(plane.to(x.dtype) for plane in joined)], 1), w, "none")
            # 3. Attention finds where in its article's picture each place's cloth lies; finer ones need but correct it.
            if block.attention is not None and planes is not None:
                worn = (_logits(planes) + seen).softmax(1)[:, FIRST_ARTICLE_REGION:]
                x, found = block.attention(x, features.tokens, features.token_mask, worn)
                xy = found if h == self.flow_start else xy
            if block.flow is not None and xy is not None:
                xy = xy.float() + block.flow(x).float().unflatten(1, (NUM_SLOTS, 2))
            # 4. Colours and regions add up in float32: bf16 would round away what fine resolutions add.
            new = block.to_planes(x, w)[0].float() + block.planes_bias[:, None, None]
            planes = new if planes is None else planes + new
        assert planes is not None
        drawn = _composed(inputs, planes, _logits(planes) + seen, warped, flows)
        return drawn._replace(reach=features.reach)

    def _start(self, count: int) -> torch.Tensor:
        """The learned constant ``[count, C, 4, 3]`` in autocast's type: all that follows has it."""
        x = self.const.expand(count, -1, -1, -1)
        if torch.is_autocast_enabled(x.device.type):
            x = x.to(torch.get_autocast_dtype(x.device.type))
        return x.contiguous(memory_format=torch.channels_last)

    def forward(self, inputs: OutfitTryOnInput) -> OutfitTryOnOutput:
        """Tries on: exactly the photo outside the erased region, and what `draw` draws within."""
        drawn, given = self.draw(inputs), inputs.presence[:, :, None, None]
        worn = drawn.logits.softmax(1)[:, FIRST_ARTICLE_REGION:] * given * inputs.erased[:, :1]
        shown = shown_articles(drawn.warped[-1], drawn.logits, drawn.coverage)
        colours = (drawn.warped[-1] * worn[:, :, None]).sum(1)
        anywhere = worn.sum(1, keepdim=True)
        xy = drawn.correspondence[-1]
        first = worn.argmax(1)[:, None, None].expand(-1, 1, 2, -1, -1)
        article = xy.new_tensor(self.article_hw[::-1])
        grid = xy.gather(1, first)[:, 0].permute(0, 2, 3, 1) * article / (article - 1)
        return OutfitTryOnOutput(
            result=torch.where(inputs.erased > 0.5, drawn.image.clamp(-1, 1), inputs.kept),
            warped=(colours[:, :3] / colours[:, 3:].clamp(min=1e-3)).clamp(-1, 1),
            warped_mask=anywhere,
            composition_mask=torch.minimum(shown.share * inputs.erased, anywhere),
            worn=anywhere,
            grid=grid,
            steps={"drawn": drawn.image.clamp(-1, 1), "regions": drawn.logits.softmax(1), "continued": drawn.continued},
            ground=drawn.ground, logits=drawn.logits, coverage=drawn.coverage, continued=drawn.continued,
            correspondence=xy,
        )  # fmt: skip


def backdrop_of(inputs: OutfitTryOnInput) -> torch.Tensor:
    """The photo's backdrop, going on behind the erased region: [N, 3, H, W]."""
    return spread(inputs.kept, inputs.known[:, REGIONS.index("background")][:, None])


def _composed(
    inputs: OutfitTryOnInput, planes: torch.Tensor, logits: torch.Tensor, warped: list[torch.Tensor],
    flows: list[torch.Tensor],
) -> Drawn:
    ground, coverage = planes[:, :3], _coverage(planes)
    articles = shown_articles(warped[-1], logits, coverage)
    continued = (planes[:, _CONTINUED:] + _FIRST_CONTINUED).sigmoid()
    shade = shading(ground, articles.share)
    image = compose(articles, shade, ground, continued, backdrop_of(inputs))
    return Drawn(image, ground, logits, coverage, continued, warped, flows)


def _logits(planes: torch.Tensor) -> torch.Tensor:
    return planes[:, 3:_COVERAGE]


def _coverage(planes: torch.Tensor) -> torch.Tensor:
    return planes[:, _COVERAGE:_CONTINUED]
