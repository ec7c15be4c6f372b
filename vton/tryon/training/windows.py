"""Windows of pictures around the region that a system draws: a part of each picture costs a part of the time."""

from dataclasses import fields, replace

import torch

from vton.conditioning.person.agnostic import TryOnInput
from vton.schema import SizeHW

Places = list[tuple[int, int]]
_WHOLE = ("garment", "garment_mask", "slot", "skin")


def window_places(region: torch.Tensor, size_hw: SizeHW) -> Places:
    """Top left corners of windows around one random pixel of each region [N, 1, H, W], inside the picture."""
    (h, w), (height, width) = region.shape[-2:], size_hw
    places = []
    for one in region[:, 0]:
        inside = one.flatten().nonzero()[:, 0]
        at = int(inside[torch.randint(len(inside), ())]) if len(inside) else (h // 2) * w + w // 2
        top, left = at // w - height // 2, at % w - width // 2
        places.append((min(max(top, 0), max(h - height, 0)), min(max(left, 0), max(w - width, 0))))
    return places


def cut(image: torch.Tensor, places: Places, size_hw: SizeHW) -> torch.Tensor:
    """Windows [N, ..., height, width] (smaller where the picture is) of [N, ..., H, W]."""
    height, width = size_hw
    return torch.stack([x[..., y : y + height, z : z + width] for x, (y, z) in zip(image, places, strict=True)])


def cut_input(inputs: TryOnInput, places: Places, size_hw: SizeHW) -> TryOnInput:
    """The persons' maps in windows; the garments' pictures stay whole, so a warp must be made before."""
    names = [f.name for f in fields(inputs) if f.name not in _WHOLE]
    return replace(inputs, **{name: cut(getattr(inputs, name), places, size_hw) for name in names})
