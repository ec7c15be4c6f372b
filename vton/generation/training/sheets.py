"""Sample sheets of a run: the same latents and conditions every time."""

import numpy as np
import torch

from vton.conditioning.value_range import to_u8
from vton.generation.training.batches import Batch
from vton.networks.stylegan2.generator import StyleGAN2Generator
from vton.schema import Parsing


@torch.no_grad()
def sample_sheet(generator: StyleGAN2Generator, batch: Batch | None, latents: torch.Tensor) -> np.ndarray:
    """A sheet of one row per condition: articles, true photo, warp, parsing, then one column per latent.

    Args:
        batch: the conditions, one per row; None for the unconditional model.
        latents: ``[rows, columns, z_dim]``.
    """
    rows = []
    for i in range(latents.shape[0]):
        cells = []
        if batch is None:
            cells = list(to_u8(generator(latents[i]).image))
            rows.append(np.concatenate(cells, 1))
            continue
        repeat = lambda a, k=latents.shape[1]: a[i:i + 1].expand(k, *a.shape[1:])  # noqa: B023, E731
        out = generator(latents[i], repeat(batch.articles), repeat(batch.presence), repeat(batch.pose_map))
        h, w = out.image.shape[2:]
        tiles = to_u8(torch.nn.functional.interpolate(batch.articles[i, :, :3], size=(h // 2, w // 2), mode="area"))
        cells.append(np.concatenate([np.concatenate(list(tiles[j::2]), 1) for j in (0, 1)], 0))
        cells.append(to_u8(batch.image[i:i + 1])[0])
        if out.warped:
            regions = out.parsing_logits[:1].softmax(1)
            worn = (out.warped[-1][:1] * regions[:, 4:, None]).sum(1)
            cells += [to_u8(worn[:, :3])[0], Parsing(regions.argmax(1)[0].byte().cpu().numpy()).colours()]
        rows.append(np.concatenate([*cells, *to_u8(out.image)], 1))
    return np.concatenate(rows, 0)
