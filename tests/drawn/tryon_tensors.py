"""Tensors of a drawn person and a drawn garment, as the try-on networks get them."""

import torch

from vton.conditioning.person.agnostic import ERASED, TryOnInput, mean_skin
from vton.schema import SIDED_LABELS

HW = (128, 64)
# (joint of COCO-18, x, y) of a person that faces the camera on a canvas of HW.
JOINTS = ((0, 32, 16), (1, 32, 26), (2, 24, 27), (3, 21, 40), (4, 19, 52), (5, 40, 27), (6, 43, 40), (7, 45, 52),
          (8, 28, 56), (9, 28, 80), (10, 28, 104), (11, 36, 56), (12, 36, 80), (13, 36, 104))  # fmt: skip


def drawn_inputs(count: int = 2, slot: int = 0, seed: int = 0) -> TryOnInput:
    """Persons and garments that differ in their colours only."""
    g = torch.Generator().manual_seed(seed)
    poses = torch.zeros(count, 18, *HW)
    for joint, x, y in JOINTS:
        poses[:, joint, y - 2 : y + 3, x - 2 : x + 3] = 1
    erased = torch.zeros(count, 1, *HW)
    erased[:, :, 24:64, 14:50] = 1
    labels = torch.zeros(count, *HW, dtype=torch.uint8)
    labels[:, 8:24, 26:38] = SIDED_LABELS.index("face")
    labels[:, 64:110, 24:40] = SIDED_LABELS.index("bottom")
    labels[erased[:, 0] > 0] = ERASED
    photo = torch.rand(count, 3, *HW, generator=g) * 2 - 1
    mask = torch.zeros(count, 1, *HW)
    mask[:, :, 20:100, 16:48] = 1
    mask[:, :, 24:70, 6:58] = 1
    kept = photo * (1 - erased)
    return TryOnInput(
        pose_maps=poses,
        shape=torch.rand(count, 1, *HW, generator=g),
        kept=kept,
        erased=erased,
        kept_labels=labels,
        garment=torch.where(mask > 0, torch.rand(count, 3, *HW, generator=g) * 2 - 1, 1.0),
        garment_mask=mask,
        slot=torch.full((count,), slot),
        skin=mean_skin(kept, labels),
        limbs=(torch.rand(count, 1, *HW, generator=g) < 0.5).float(),
    )


def wake(network: torch.nn.Module, seed: int = 0) -> torch.nn.Module:
    """Moves every parameter a little: layers that start at zero stop nothing any more."""
    g = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.02 * torch.randn(parameter.shape, generator=g))
    return network
