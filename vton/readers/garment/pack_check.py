"""Checks a pack's pseudo-masks against a first network: where both say the same, the mask can be trusted.

Two views of one photo (Blum and Mitchell, "Co-training", 1998): GrabCut knows colours and no shapes, the network shapes
above all, so that their mistakes differ.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
import torch

from vton.conditioning.canvas import resize_u8, resized
from vton.conditioning.value_range import image_tensor
from vton.data.garments.pack import GarmentPack
from vton.readers.photo_unet import PhotoUNet
from vton.schema import as_size

AGREE, CONTRADICT = 0.85, 0.7
"""IoU from which a mask counts as sure ("grabcut"), and below which it is dropped ("")."""
_BATCH = 16  # photos at a time


def check_masks(folder: str | os.PathLike, network: PhotoUNet) -> dict[str, int]:
    """Rewrites how sure the masks of photos are; "plain" ones stay, as do the masks themselves.

    Args:
        folder: a garment pack; network: a garment segmenter in evaluation mode.

    Returns:
        How many masks of photos are of which origin now.
    """
    pack, folder = GarmentPack(folder), Path(folder)
    rows = [i for i, item in enumerate(pack.items) if item["kind"] == "photo" and item["mask"] in ("grabcut", "rough")]
    for first in range(0, len(rows), _BATCH):
        batch = rows[first : first + _BATCH]
        for row, found in zip(batch, _masks(network, [pack.photos[row] for row in batch]), strict=True):
            true = pack.masks[row] > 127
            agreement = (found & true).sum() / max((found | true).sum(), 1)
            pack.items[row]["mask"] = "grabcut" if agreement > AGREE else "rough" if agreement > CONTRADICT else ""
    counts = Counter(item["mask"] or "none" for item in pack.items if item["kind"] in ("photo", "packshot"))
    for name, content in (("items.json", pack.items), ("meta.json", pack.meta | {"masks": counts, "checked": True})):
        partial = folder / f"{name}.partial"
        partial.write_text(json.dumps(content, separators=(",", ":")))
        os.replace(partial, folder / name)
    return dict(counts)


def _masks(network: PhotoUNet, photos: list[np.ndarray]) -> np.ndarray:
    """[N, H, W], bool: the mean of what the network says of the photos and of their mirror images."""
    h, w = photos[0].shape[:2]
    small = np.stack([resize_u8(photo, as_size(network.config["size_hw"])) for photo in photos])
    image = image_tensor(small)
    with torch.inference_mode():
        maps = network(image).maps + network(image.flip(3)).maps.flip(3)
    return np.stack([resized(plane, (h, w), "linear") > 0 for plane in maps[:, 0].numpy()])
