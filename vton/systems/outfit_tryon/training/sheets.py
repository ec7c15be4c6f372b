"""What a run shows of itself: held-out photos beside what was erased and what was drawn."""

from __future__ import annotations

import numpy as np
import torch.nn.functional as F

from vton.conditioning.value_range import to_u8
from vton.generation.training.losses import article_pixels
from vton.networks.stylegan2.outfit_encoder import NUM_SLOTS
from vton.schema import ARTICLE_HW, Parsing, as_size
from vton.systems.outfit_tryon.network import OutfitTryOnOutput
from vton.systems.outfit_tryon.training.batches import Batch


def training_rows(batch: Batch, out: OutfitTryOnOutput) -> list[np.ndarray]:
    """One row per photo: articles | photo | what is kept | true regions | drawn regions | articles warped | result.

    Returns:
        N rows [H, 7 W, 3], uint8.
    """
    assert out.logits is not None
    h, w = batch.image.shape[2:]
    tiles = F.interpolate(batch.inputs.articles[:, :, :3].flatten(0, 1), (h // 2, w // 3), mode="area")
    tiles = to_u8(tiles).reshape(len(batch.image), NUM_SLOTS, h // 2, w // 3, 3)
    pictures = [to_u8(x) for x in (batch.image, batch.inputs.kept, out.warped * out.composition_mask, out.result)]
    rows = []
    for i, (photo, kept, warped, result) in enumerate(zip(*pictures, strict=True)):
        board = np.concatenate([np.concatenate(list(tiles[i, j : j + 3]), 1) for j in (0, 3)], 0)
        true, drawn = (Parsing(x[i].byte().cpu().numpy()).colours() for x in (batch.regions, out.logits.argmax(1)))
        rows.append(np.concatenate([board, photo, kept, true, drawn, warped, result], 1))
    return rows


def figures_of(batch: Batch, out: OutfitTryOnOutput) -> dict[str, list[float]]:
    """Quick figures of a batch, one per photo that has them.

    ``l1`` and ``region_accuracy`` are of the erased region; ``warp_px`` is the median distance of the correspondence
    from the true one, in pixels of a 256x192 article, where the article's picture shows the cloth.
    """
    assert out.logits is not None and out.correspondence is not None
    erased = batch.inputs.erased[:, 0] > 0.5
    error = (out.result.float() - batch.image).abs().mean(1)
    right = out.logits.argmax(1) == batch.regions
    found: dict[str, list[float]] = {"l1": [], "region_accuracy": [], "warp_px": []}
    for i, where in enumerate(erased):
        if where.any():
            found["l1"].append(float(error[i][where].mean()))
            found["region_accuracy"].append(float(right[i][where].float().mean()))
    step = out.correspondence.shape[3] // batch.places.shape[2]
    xy = out.correspondence.float()
    if step > 1:
        xy = F.avg_pool2d(xy.flatten(1, 2), step).unflatten(1, (NUM_SLOTS, 2))
    if xy.shape[3:] != batch.places.shape[2:]:
        return found  # of a run whose pictures are smaller than the pack's places
    own = article_pixels(batch.regions, batch.inputs.presence, as_size(batch.places.shape[2:]))
    own = own * (batch.shown == 1)[:, None]
    scale = xy.new_tensor([ARTICLE_HW[1] / 2, ARTICLE_HW[0] / 2])[:, None, None]
    distance = ((xy - batch.places[:, None]) * scale).norm(dim=2)
    found["warp_px"] = [float(d[o > 0].median()) for d, o in zip(distance, own, strict=True) if (o > 0).any()]
    return found
