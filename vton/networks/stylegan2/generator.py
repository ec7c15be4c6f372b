"""StyleGAN2-type generator of fashion models: unconditional, or conditioned on an outfit and a pose.

Backbone: Karras et al. 2020 (arXiv 1912.04958), skip-RGB generator with weight demodulation. Condition: Yildirim et
al. 2019 (arXiv 1908.08847), the embedding of articles and heatmaps joins z before the mapping network. The spatial
mode adds what one vector cannot carry: pose features joined at the low resolutions (Lewis et al. 2021, arXiv
2101.02285), a parsing accumulated beside the RGB (ibid.), and the articles' own features and pixels
(`article_attention`).
"""

from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import nn

from vton.networks.head_inset import HeadInset
from vton.networks.stylegan2.article_attention import ArticleAttention, upsample_xy, warp_articles
from vton.networks.stylegan2.layers import upsample2
from vton.networks.stylegan2.mapping import MappingNetwork
from vton.networks.stylegan2.outfit_encoder import NUM_SLOTS, TOKEN_STRIDE, OutfitEncoder, OutfitFeatures
from vton.networks.stylegan2.synthesis_block import SynthesisBlock
from vton.schema import TRAITS, SizeHW, as_size

NUM_REGIONS = 10
FIRST_ARTICLE_REGION = 4
_BARRED = 12.0  # logits that a barred region loses: its odds fall to 6e-6 of what they were


class OutfitCondition(NamedTuple):
    """What `StyleGAN2Generator.encode` returns: the encoder's features and the articles whose pixels are warped."""

    features: OutfitFeatures
    articles: torch.Tensor


class SynthesisOutput(NamedTuple):
    """image: ``[N, 3, H, W]``, about -1..1; the rest is None outside the spatial mode.

    parsing_logits: ``[N, 10, H, W]``; warped: list of ``[N, 6, 4, h, w]`` (RGB times mask, mask), coarse to fine;
    correspondence: list of ``[N, 6, 2, h, w]``, the sampling positions behind them; coverage_logits: ``[N, 1, H, W]``,
    whether the picture of its article shows the cloth of a pixel (None in a model without that plane);
    reach: ``[N, 6, 2]``, how far articles reach, as read from their pictures (None in a model that does not read it).
    """

    image: torch.Tensor
    parsing_logits: torch.Tensor | None
    warped: list[torch.Tensor] | None
    correspondence: list[torch.Tensor] | None
    coverage_logits: torch.Tensor | None = None
    reach: torch.Tensor | None = None


class StyleGAN2Generator(ModelMixin, ConfigMixin):
    """Generator of fashion models in 4:3 (portrait) pictures that start from a learned 4x3 constant.

    The style layers count as in the paper: 1024x768 has 18 ``ws``, 512x384 has 16, 256x192 has 14.

    Args:
        size_hw: picture size, height a power of two, width three quarters of it.
        condition: "none" (the unconditional model), "vector" (the paper's 512-d embedding) or "spatial".
        z_dim, w_dim, embedding_dim: widths of the latent, the style and the outfit embedding.
        mapping_layers, mapping_lr_mult: depth of the mapping network and its share of the learning rate.
        channel_base, channel_max: channels at height h are ``min(channel_max, channel_base / h)``.
        token_channels, pose_channels: widths of the outfit encoder.
        article_hw: size of the articles that `encode` takes; their pixels are warped at that resolution.
        pose_height: height of the heatmaps, at which the pose pyramid starts.
        attention_heights: resolutions with cross-attention; the last one starts the correspondence.
        coverage: whether a plane beside the parsing says where the pictures of the articles show the cloth (spatial
            mode); elsewhere the picture is drawn without their pixels.
        article_levels: halvings of the articles' tokens, see `ArticleEncoder`.
        wear: whether it is told how articles are worn (`vton.schema.Wear`).
        reach: whether hems and sleeves are decided before drawing, see `vton.networks.stylegan2.reach` (spatial mode).
        head_config: arguments of the `HeadInset` that is trained apart and draws the head; None for none. `synthesis`
            does not use it.
    """

    @register_to_config
    def __init__(
        self,
        size_hw: SizeHW = (256, 192),
        condition: str = "spatial",
        z_dim: int = 512,
        w_dim: int = 512,
        embedding_dim: int = 512,
        mapping_layers: int = 8,
        mapping_lr_mult: float = 0.01,
        channel_base: int = 8192,
        channel_max: int = 256,
        token_channels: int = 64,
        pose_channels: int = 32,
        article_hw: SizeHW = (128, 96),
        pose_height: int = 64,
        attention_heights: tuple[int, ...] = (16, 32),
        coverage: bool = False,
        article_levels: int = 0,
        wear: bool = False,
        reach: bool = False,
        head_config: dict[str, Any] | None = None,
    ):
        super().__init__()
        height, width = size_hw
        if condition not in ("none", "vector", "spatial"):
            raise ValueError(f"condition must be none, vector or spatial, not {condition!r}")
        if height < 16 or height & (height - 1) or width * 4 != height * 3:
            raise ValueError(f"size_hw must be a power of two of at least 16 by three quarters of it, not {size_hw}")
        conditional, self.spatial = condition != "none", condition == "spatial"
        self.heights = [2**i for i in range(2, height.bit_length())]
        self.pose_hw = (pose_height, pose_height * 3 // 4)
        self.article_hw = as_size(article_hw)
        self.layer_heights = [4] + [h for h in self.heights[1:] for _ in (0, 1)] + [height]
        self.num_ws = len(self.layer_heights)
        self.mapping_network = MappingNetwork(z_dim, embedding_dim if conditional else 0, w_dim, mapping_layers,
                                              mapping_lr_mult)
        # The encoder sees quarter-resolution tokens of 64x48 articles, whatever size the warp samples from.
        encoder_hw = (min(64, article_hw[0]), min(64, article_hw[0]) * 3 // 4)
        self.encoder = None
        if conditional:
            self.encoder = OutfitEncoder(embedding_dim, token_channels, pose_channels, self.pose_hw, encoder_hw,
                                         article_levels, len(TRAITS) if wear else 0, reach)
        token_hw = (encoder_hw[0] // TOKEN_STRIDE, encoder_hw[1] // TOKEN_STRIDE)
        channels = {h: min(channel_max, channel_base // h) for h in self.heights}
        self.const = nn.Parameter(torch.randn(channels[4], 4, 3))
        attended = [h for h in attention_heights if h <= height]
        self.flow_start = attended[-1] if self.spatial else height  # where the correspondence starts, if anywhere
        planes = 3 + NUM_REGIONS + coverage if self.spatial else 3

        def block(h: int) -> SynthesisBlock:
            joined = (pose_channels if h <= self.pose_hw[0] else 0) + (4 + NUM_REGIONS if h > self.flow_start else 0)
            attends = self.spatial and h in attended
            attention = ArticleAttention(channels[h], token_channels, token_hw) if attends else None
            return SynthesisBlock((h, h * 3 // 4), 0 if h == 4 else channels[h // 2], channels[h], w_dim,
                                  joined if self.spatial else 0, planes, attention,
                                  flow=self.spatial and self.flow_start <= h < height)

        self.blocks = nn.ModuleList(block(h) for h in self.heights)
        self.head = None if head_config is None else HeadInset(**head_config)

    def encode(self, articles: torch.Tensor | None, presence: torch.Tensor | None,
               pose_map: torch.Tensor | None, traits: torch.Tensor | None = None,
               reach: torch.Tensor | None = None) -> OutfitCondition | None:
        """Embeds outfits and poses.

        Args:
            articles: ``[N, 6, 4, *article_hw]``, RGB -1..1 and mask 0..1; presence: ``[N, 6]``, 0 or 1.
            pose_map: ``[N, 16, *pose_hw]``, 0..1.
            traits: ``[N, 15]``, 0 or 1, of `vton.schema.Wear`; None, or zeros, where nothing is said.
            reach: ``[N, 6, 2]``, how far articles reach over the body; None, or negative, where their pictures decide.

        Returns:
            The condition for `mapping` and `synthesis`; None for the unconditional model.
        """
        if self.encoder is None:
            return None
        assert articles is not None
        return OutfitCondition(self.encoder(articles, presence, pose_map, traits, reach), articles)

    def latent(self, z: torch.Tensor) -> torch.Tensor:
        """``z: [N, z_dim]``, drawn from N(0, 1) -> latents ``[N, z_dim]`` such as training reads from photos."""
        with torch.autocast(z.device.type, enabled=False):
            return self.mapping_network.z_mean + z.float() @ self.mapping_network.z_factor.t()

    def mapping(self, z: torch.Tensor, cond: OutfitCondition | None, truncation_psi: float = 1.0) -> torch.Tensor:
        """``z: [N, z_dim]``, drawn from N(0, 1) -> ``ws: [N, num_ws, w_dim]``; see `map_latent`."""
        return self.map_latent(self.latent(z), cond, truncation_psi)

    def map_latent(self, latent: torch.Tensor, cond: OutfitCondition | None,
                   truncation_psi: float = 1.0) -> torch.Tensor:
        """``latent: [N, z_dim]`` -> ``ws: [N, num_ws, w_dim]``.

        Truncation moves w towards the average w, in the conditional model towards the w of the mean latent under the
        same condition, so that a low psi does not forget the outfit.
        """
        assert latent.shape[1] == self.config["z_dim"], latent.shape
        embedding = cond.features.embedding if cond is not None else None
        with torch.autocast(latent.device.type, enabled=False):
            w = self.mapping_network(latent.float(), embedding)
            if truncation_psi != 1:
                centre = self.mapping_network.w_avg
                if embedding is not None:
                    centre = self.mapping_network(self.mapping_network.z_mean.expand_as(latent), embedding)
                w = centre + truncation_psi * (w - centre)
        return w[:, None].expand(-1, self.num_ws, -1)

    def synthesis(self, ws: torch.Tensor, cond: OutfitCondition | None, noise: str = "const",
                  barred: torch.Tensor | None = None, sharpness: float = 1.0,
                  until: int | None = None) -> SynthesisOutput:
        """``ws: [N, num_ws, w_dim]`` -> pictures.

        Args:
            noise: "const" (fixed, what a recipe means), "random" (training) or "none".
            barred: ``[N, 10, h, w]``, 0..1, of any size: where a region may not show (spatial mode).
            sharpness: factor of the parsing's logits at the largest size; above 1, where two articles meet one of them
                shows instead of a mean of both (spatial mode).
            until: height at which to stop, of `heights`: the same picture, coarse; None for the whole.
        """
        assert ws.shape[1] == self.num_ws, ws.shape
        assert cond is not None or not self.spatial, "the spatial mode needs a condition"
        x, planes, xy = self._start(ws), None, None
        features, articles = (cond.features, cond.articles) if cond is not None else (None, None)
        warped, flows = [], []
        for i, (h, block) in enumerate(zip(self.heights, self.blocks, strict=True)):
            assert isinstance(block, SynthesisBlock)
            factor = sharpness if h == self.heights[-1] else 1.0
            w0, w1, w_planes = ws[:, max(0, 2 * i - 1)], ws[:, 2 * i], ws[:, 2 * i + 1]
            # 1. The picture so far grows, so that a resolution only adds what those before could not show.
            if planes is not None:
                planes = upsample2(planes)
            if not block.first:
                x = block.conv0(x, w0, noise)
            # 2. Features learn of the pose where limbs are placed, and of the cloth that will lie on them.
            joined = []
            if self.spatial and features is not None and h in features.pose_pyramid:
                joined.append(features.pose_pyramid[h])
            if xy is not None and planes is not None and articles is not None:
                xy = upsample_xy(xy)
                warped.append(warp_articles(articles, xy))
                flows.append(xy)
                joined.append(dress(warped[-1], *_labels(_decided(planes, barred, factor))))
            x = block.conv1(torch.cat([x, *(j.to(x.dtype) for j in joined)], 1) if joined else x, w1, noise)
            # 3. Attention finds where in its article's picture each place's cloth lies; finer ones need but correct it.
            if block.attention is not None and features is not None and planes is not None:
                worn = _labels(_decided(planes, barred, factor))[0].softmax(1)[:, FIRST_ARTICLE_REGION:]
                x, found = block.attention(x, features.tokens, features.token_mask, worn)
                if h == self.flow_start:
                    xy = found
            if block.flow is not None and xy is not None:
                xy = xy.float() + block.flow(x).float().unflatten(1, (NUM_SLOTS, 2))
            # 4. Colours and parsing add up in float32: bf16 would round away what fine resolutions add.
            new = block.to_planes(x, w_planes)[0].float() + block.planes_bias[:, None, None]
            planes = new if planes is None else planes + new
            if h == until:
                break
        assert planes is not None
        planes = _decided(planes, barred, factor)
        image, logits, coverage = planes[:, :3], None, None
        if self.spatial:
            logits, coverage = _labels(planes)
            if warped:  # 5. Patterns and prints are the articles' own pixels: nothing need draw them from memory.
                image = image + dress(warped[-1], logits, coverage)[:, :3]
        return SynthesisOutput(image, logits, warped or None, flows or None, coverage,
                               features.reach if features is not None else None)

    def _start(self, ws: torch.Tensor) -> torch.Tensor:
        """The learned constant ``[N, C, 4, 3]`` of as many pictures, in autocast's type: all that follows has it."""
        x = self.const.expand(ws.shape[0], -1, -1, -1)
        if torch.is_autocast_enabled(ws.device.type):
            x = x.to(torch.get_autocast_dtype(ws.device.type))
        return x.contiguous(memory_format=torch.channels_last)

    def forward(self, z: torch.Tensor, articles: torch.Tensor | None = None, presence: torch.Tensor | None = None,
                pose_map: torch.Tensor | None = None, truncation_psi: float = 1.0,
                noise: str = "const") -> SynthesisOutput:
        """`encode`, `mapping` and `synthesis` in one call; ``z: [N, z_dim]``, the rest as they take it."""
        cond = self.encode(articles, presence, pose_map)
        return self.synthesis(self.mapping(z, cond, truncation_psi), cond, noise)


def dress(warped: torch.Tensor, logits: torch.Tensor, coverage: torch.Tensor | None = None) -> torch.Tensor:
    """Warped articles under the parsing: RGB (3), coverage (1) and the ten region probabilities, ``[N, 14, h, w]``.

    Args:
        warped: ``[N, 6, 4, h, w]``, RGB times mask, mask; logits: ``[N, 10, h, w]``.
        coverage: ``[N, 1, h, w]``, logits of the articles' pixels being the cloth that shows; None for everywhere.
    """
    regions = logits.float().softmax(1)
    worn = regions[:, FIRST_ARTICLE_REGION:]
    if coverage is not None:
        worn = worn * coverage.float().sigmoid()
    return torch.cat([(warped * worn[:, :, None]).sum(1), regions], 1)


def article_pixels(regions: torch.Tensor, presence: torch.Tensor, size_hw: SizeHW) -> torch.Tensor:
    """``[N, 6, h, w]``, 0 or 1: pixels of each article given as a condition, of ``regions: [N, H, W]`` made smaller."""
    if regions.shape[1] != size_hw[0]:
        regions = F.interpolate(regions[:, None].float(), size=size_hw, mode="nearest-exact")[:, 0].long()
    slots = torch.arange(FIRST_ARTICLE_REGION, FIRST_ARTICLE_REGION + NUM_SLOTS, device=regions.device)
    return (regions[:, None] == slots[:, None, None]).float() * presence[:, :, None, None]


def _decided(planes: torch.Tensor, barred: torch.Tensor | None, sharpness: float) -> torch.Tensor:
    """Planes ``[N, 13 or 14, h, w]`` with sharper region logits, lowered where a region is barred."""
    if barred is None and sharpness == 1:
        return planes
    logits = sharpness * planes[:, 3:3 + NUM_REGIONS]
    if barred is not None:
        logits = logits - _BARRED * F.interpolate(barred.to(planes.dtype), planes.shape[2:], mode="area")
    return torch.cat([planes[:, :3], logits, planes[:, 3 + NUM_REGIONS:]], 1)


def _labels(planes: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor | None]:
    """Logits of the regions and, in a model that has it, of the coverage."""
    coverage = planes[:, 3 + NUM_REGIONS:]
    return planes[:, 3:3 + NUM_REGIONS], coverage if coverage.shape[1] else None
