"""A photo of a dressed person to the styles that draw the like of it."""

import torch
import torch.nn.functional as F
from torch import nn

from vton.networks.stylegan2.layers import EqualConv2d, EqualLinear, lrelu
from vton.schema import as_size

INPUT_HW = (128, 96)
REGION_CHANNELS = 16
_OFFSET_GAIN = 0.3


class StyleEncoder(nn.Module):
    """One w for the whole photo, and each layer's distance from it (Tov et al. 2021, arXiv 2102.02766).

    What a region looks like wherever it lies (the colour of a top in any pose) is told by the mean of each label's
    features (Zhu et al. 2020, arXiv 1911.12861); what shape it has, by a coarse map of the whole.

    Args:
        labels: number of labels; w_dim, num_ws: of the generator; channels: width of the first map.
    """

    def __init__(self, labels: int, w_dim: int, num_ws: int, channels: int):
        super().__init__()
        self.num_ws = num_ws
        widths = [3 + labels, channels, 2 * channels, 4 * channels, 4 * channels, 4 * channels]
        self.convs = nn.ModuleList(
            EqualConv2d(a, b, 3, stride=2) for a, b in zip(widths[:-1], widths[1:], strict=True)
        )
        self.region = EqualConv2d(2 * channels, REGION_CHANNELS, 1)
        hidden = 12 * channels
        self.fc = EqualLinear(widths[-1] * 12 + labels * (REGION_CHANNELS + 1), hidden)
        self.w = EqualLinear(hidden, w_dim)
        self.offsets = EqualLinear(hidden, num_ws * w_dim)

    def forward(self, image: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """Pictures ``[N, 3, H, W]``, -1..1, and labels ``[N, K, H, W]``, 0..1 -> ``[N, num_ws, w_dim]``, float32."""
        image, labels = (F.adaptive_avg_pool2d(x.float(), INPUT_HW) for x in (image, labels))
        x = torch.cat([image, labels], 1)
        for conv in self.convs[:2]:
            x = lrelu(conv(x))
        regions = self._by_region(self.region(x), labels)
        for conv in self.convs[2:]:
            x = lrelu(conv(x))
        x = F.adaptive_avg_pool2d(x.float(), (4, 3)).flatten(1)
        x = lrelu(self.fc(torch.cat([x, regions], 1)))
        offsets = self.offsets(x).unflatten(1, (self.num_ws, -1))
        return self.w(x).float()[:, None] + _OFFSET_GAIN * offsets.float()

    @staticmethod
    def _by_region(features: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
        """The mean of ``features: [N, C, h, w]`` in each region, and the root of its share: ``[N, K * (C + 1)]``."""
        share = F.adaptive_avg_pool2d(labels, as_size(features.shape[2:]))
        area = share.sum((2, 3))
        total = torch.einsum("nchw,nkhw->nkc", features.float(), share)
        mean = total / area.clamp(min=1)[..., None]
        return torch.cat([mean.flatten(1), (area / share[0, 0].numel()).sqrt()], 1)
