"""Prints as sharp as the garment's larger picture shows them."""

from __future__ import annotations

import numpy as np
import torch
import torch.nn.functional as F

from vton.compositing.layer import Layer
from vton.compositing.scene import Scene
from vton.conditioning.canvas import resize_u8
from vton.conditioning.person.agnostic import garment_tensors
from vton.conditioning.value_range import image_tensor
from vton.networks.thin_plate_spline import warp
from vton.schema import ARTICLE_HW, Article, as_size


def printed(
    scene: Scene, layer: Layer, article: Article, sharp_u8: np.ndarray, own_pixels: np.ndarray, times: int
) -> Layer:
    """On a finer canvas the garment shows what its larger picture shows beyond its small one.

    The grid tells where each pixel of the garment comes from, at any resolution. All that the network did to the pixels
    stays: the difference is added.

    Args:
        layer: the garment's, on the canvas with ``times`` as many pixels on each side.
        article: what the network put on; sharp_u8: [k * 256, k * 192, 3], uint8, the same, larger.
        own_pixels: [h, w], float32, 0..1, where the garment's own pixels are shown.
    """
    if times == 1 or scene.output.grid is None:
        return layer
    size = tuple(side * times for side in own_pixels.shape)
    grid, shown = scene.output.grid.float().cpu(), torch.from_numpy(own_pixels)[None, None]
    small, _ = warp(*garment_tensors([article], own_pixels.shape), grid)
    detail = _sampled(grid, sharp_u8, shown[0, 0] > 0.5, size) - F.interpolate(small, size, mode="bilinear")
    detail = detail * F.interpolate(shown, size, mode="bilinear") * 127.5
    return Layer(layer.colours + detail[0].permute(1, 2, 0).numpy(), layer.cover)


def _sampled(grid: torch.Tensor, sharp_u8: np.ndarray, shown: torch.Tensor, size: tuple[int, int]) -> torch.Tensor:
    """The larger picture warped to the finer canvas: [1, 3, H, W], -1..1.

    Args:
        grid: [1, h, w, 2], -1..1 between the centres of the garment picture's outermost pixels.
        shown: [h, w], bool, where the garment is.
    """
    article = torch.tensor([ARTICLE_HW[1], ARTICLE_HW[0]]).view(1, 2, 1, 1)
    grid = grid.permute(0, 3, 1, 2)
    steps = ((grid[:, :, 1:] - grid[:, :, :-1]) * (article - 1) / 2).norm(dim=1)[0]
    inside = shown[1:] & shown[:-1]
    # Bilinear sampling would skip pixels of a picture that is shown much smaller: it is shrunk as much before.
    pace = float(steps[inside].median()) * sharp_u8.shape[0] / ARTICLE_HW[0] * grid.shape[-2] / size[0]
    if pace > 1:  # not where nothing is shown: then it is no number
        sharp_u8 = resize_u8(sharp_u8, as_size(max(1, round(side / pace)) for side in sharp_u8.shape[:2]))
    # From the centres of the outermost pixels, which move with the resolution, to the picture's edges, which do not.
    grid = (F.interpolate(grid, size, mode="bilinear") * (article - 1) / article).permute(0, 2, 3, 1)
    return F.grid_sample(image_tensor(sharp_u8[None]), grid, padding_mode="border", align_corners=False)
