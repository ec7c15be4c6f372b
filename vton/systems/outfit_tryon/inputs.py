"""What the network sees of people and outfits: of the photo nothing that has to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import torch

from vton.conditioning.pose.heatmaps import pose_heatmaps
from vton.conditioning.value_range import image_tensor
from vton.schema import REGIONS, SizeHW
from vton.systems.outfit_tryon.dressed_wearer import DressedWearer

UNSEEN = 255  # no region's number
PERSON_PLANES = 3 + 1 + len(REGIONS) + 3 + 3


@dataclass
class OutfitTryOnInput:
    """N persons and outfits.

    Attributes:
        kept: [N, 3, H, W], float32, -1..1: the photo, 0 where erased.
        erased: [N, 1, H, W], float32, 0 or 1.
        kept_regions: [N, H, W], uint8, numbers of `REGIONS`, `UNSEEN` where erased or not known.
        body: [N, 3, H, W], float32, 0..1: bare torso, legs and arms of the pose.
        pose_map: [N, 16, h, w], float32, 0..1.
        articles: [N, 6, 4, a, b], RGB -1..1 and mask 0..1; presence: [N, 6], 0 or 1.
        traits: [N, 15], 0 or 1, how they are worn, see `Wear`.
    """

    kept: torch.Tensor
    erased: torch.Tensor
    kept_regions: torch.Tensor
    body: torch.Tensor
    pose_map: torch.Tensor
    articles: torch.Tensor
    presence: torch.Tensor
    traits: torch.Tensor

    def __len__(self) -> int:
        return len(self.kept)

    @property
    def known(self) -> torch.Tensor:
        """``kept_regions`` as one plane each: [N, 10, H, W], float32, 0 or 1, all 0 where unseen."""
        numbers = torch.arange(len(REGIONS), device=self.kept_regions.device)[None, :, None, None]
        return (self.kept_regions[:, None] == numbers).float()

    @property
    def skin(self) -> torch.Tensor:
        """Mean colour of the face and the skin that stay: [N, 3], -1..1; 0 where none is to be seen."""
        shown = self.known[:, [REGIONS.index("face"), REGIONS.index("skin")]].sum(1, keepdim=True)
        return (self.kept * shown).sum((2, 3)) / shown.sum((2, 3)).clamp(min=1)

    def person(self) -> torch.Tensor:
        """All planes about the person: [N, 20, H, W] = kept 3, erased 1, regions 10, body 3, colour of the skin 3."""
        skin = self.skin[:, :, None, None].expand_as(self.kept)
        return torch.cat([self.kept, self.erased, self.known, self.body, skin], 1)

    def to(self, device: torch.device | str) -> OutfitTryOnInput:
        """The same on another device."""
        return replace(self, **{f.name: getattr(self, f.name).to(device) for f in fields(self)})

    def __getitem__(self, index: slice | torch.Tensor) -> OutfitTryOnInput:
        """Some of the samples; the index must keep the first dimension."""
        return replace(self, **{f.name: getattr(self, f.name)[index] for f in fields(self)})


def represent(
    photos_u8: np.ndarray,
    wearers: Sequence[DressedWearer],
    articles: tuple[torch.Tensor, torch.Tensor],
    traits: Sequence[np.ndarray],
    pose_hw: SizeHW,
    erased: Sequence[np.ndarray] | None = None,
) -> OutfitTryOnInput:
    """Persons and outfits -> what the network sees.

    Args:
        photos_u8: [N, H, W, 3], of the network's size; wearers: what is known of the people in them.
        articles: their pictures and presence, as `article_stack` gives them; traits: [15] each, see `Wear`.
        pose_hw: size of the heatmaps.
        erased: [H, W], bool each; by default what the wearers say.
    """
    gone = np.stack([wearer.erased for wearer in wearers] if erased is None else erased)
    regions = np.where(gone, np.uint8(UNSEEN), np.stack([wearer.regions for wearer in wearers]))
    hidden = torch.from_numpy(gone)[:, None]
    return OutfitTryOnInput(
        kept=image_tensor(photos_u8).masked_fill(hidden, 0.0),
        erased=hidden.float(),
        kept_regions=torch.from_numpy(regions),
        body=torch.from_numpy(np.stack([wearer.envelope for wearer in wearers])),
        pose_map=pose_heatmaps([wearer.pose for wearer in wearers], pose_hw),
        articles=articles[0],
        presence=articles[1],
        traits=torch.from_numpy(np.stack(traits)),
    )
