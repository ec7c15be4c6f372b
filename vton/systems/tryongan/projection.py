"""From a photo to the styles that draw it: the encoder's, then better ones by search (arXiv 2101.02285, section 3.4).

The paper projects to Z+ from the average style; the encoder's start takes the place of most of its steps. Tuning the
generator around the styles found is pivotal tuning (Roich et al. 2021, arXiv 2106.05744).
"""

import copy
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import nn

from vton.schema import as_size
from vton.systems.tryongan.network import DressedPicture, TryOnGAN
from vton.systems.tryongan.search import Search, Steps, descend


@dataclass(frozen=True)
class PhotoTensors:
    """N photos as the network knows them.

    Attributes:
        image: ``[N, 3, H, W]``, -1..1; labels: ``[N, 14, H, W]``, 0 or 1; pose_map: ``[N, 16, h, w]``, 0..1.
    """

    image: torch.Tensor
    labels: torch.Tensor
    pose_map: torch.Tensor


@dataclass(frozen=True)
class ProjectionSettings:
    """Ours.

    Attributes:
        steps: of the search for styles; tuning: of the generator around them, none by default.
        l1, distance, parsing: weights of the colours, of how it looks, and of the segmentation.
        stay: weight of how far the styles go from the encoder's: far ones draw the photo, and nothing else.
    """

    steps: Steps = Steps(30, 40, 0.03)
    tuning: Steps = Steps(0, 0, 1e-3)
    l1: float = 1.0
    distance: float = 2.0
    parsing: float = 0.2
    stay: float = 0.05


def project(network: TryOnGAN, photos: PhotoTensors, distance: nn.Module,
            settings: ProjectionSettings = ProjectionSettings()) -> Search[torch.Tensor]:
    """Searches for the styles of N photos at once.

    Returns:
        ``ws: [N, num_ws, w_dim]``.
    """
    with torch.no_grad():
        first = network.encode(photos.image, photos.labels)
        pose = network.pose(photos.pose_map)
    ws = first.clone().requires_grad_(True)

    def loss_at(height: int) -> tuple[torch.Tensor, DressedPicture]:
        drawn = network.synthesis(network.styles(ws), pose, until=height)
        return likeness(drawn, photos, distance, settings) + settings.stay * (ws - first).square().mean(), drawn

    yield from descend("projection", [ws], settings.steps, network.heights, loss_at)
    return ws.detach()


def tune(network: TryOnGAN, ws: torch.Tensor, photos: PhotoTensors, distance: nn.Module,
         settings: ProjectionSettings) -> Search[TryOnGAN]:
    """A copy of the generator that draws the photos better from their styles; itself where no tuning is wanted."""
    if not settings.tuning.coarse + settings.tuning.fine:
        return network
    tuned = copy.deepcopy(network)
    weights = [p.requires_grad_(True) for p in tuned.blocks.parameters() if p.ndim == 4]

    def loss_at(height: int) -> tuple[torch.Tensor, DressedPicture]:
        drawn = tuned.draw(ws, photos.pose_map, until=height)
        return likeness(drawn, photos, distance, settings), drawn

    yield from descend("tuning", weights, settings.tuning, tuned.heights, loss_at)
    return tuned.requires_grad_(False)


def likeness(drawn: DressedPicture, photos: PhotoTensors, distance: nn.Module,
             settings: ProjectionSettings) -> torch.Tensor:
    """How far pictures and segmentations of any height are from the photos, mean over N."""
    size_hw = as_size(drawn.image.shape[2:])
    image, labels = (F.adaptive_avg_pool2d(x, size_hw) for x in (photos.image, photos.labels))
    total = settings.l1 * (drawn.image - image).abs().mean() + settings.distance * distance(drawn.image, image).mean()
    return total - settings.parsing * (labels * drawn.logits.log_softmax(1)).sum(1).mean()
