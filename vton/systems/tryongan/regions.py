"""What a garment of a slot means for the labels of a segmentation, and which channels draw which label."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from vton.schema import as_size, tryon_slot
from vton.schema.label_sets import PARSER_LABELS


@dataclass(frozen=True)
class SlotLabels:
    """Numbers of `PARSER_LABELS`.

    Attributes:
        garment: of the new garment; edited: what it takes the place of, itself included.
        free: what it may hide or bare; kept: everything else, without the background.
    """

    garment: tuple[int, ...]
    edited: tuple[int, ...]
    free: tuple[int, ...]
    kept: tuple[int, ...]

    @classmethod
    def of(cls, slot: str) -> "SlotLabels":
        """Of one of ``TRYON_SLOTS``."""
        worn = tryon_slot(slot)
        edited = {slot, *worn.takes_off}
        free = {unsided(name) for name in worn.beneath} - edited
        kept = [name for name in PARSER_LABELS[1:] if name not in edited | free]
        numbers = lambda names: tuple(PARSER_LABELS.index(name) for name in names)  # noqa: E731
        return cls(numbers([slot]), numbers(sorted(edited)), numbers(sorted(free)), numbers(kept))


def unsided(name: str) -> str:
    """Of `SIDED_LABELS`: the same of `PARSER_LABELS`, where left and right are one ("arms")."""
    side, _, part = name.partition("_")
    return f"{part}s" if side in ("left", "right") else name


def share_of(logits: torch.Tensor, labels: tuple[int, ...]) -> torch.Tensor:
    """How likely each pixel is one of the labels: ``logits: [N, 14, h, w]`` -> ``[N, 1, h, w]``, 0..1."""
    return logits.float().softmax(1)[:, list(labels)].sum(1, keepdim=True)


def localisation(activations: list[torch.Tensor], logits: torch.Tensor, slot: SlotLabels) -> list[torch.Tensor]:
    """How much more each channel draws some other region than the garment's (Collins et al. 2020, arXiv 2004.14367).

    ``M[k, c]`` is the mean of the squared activation of channel c in region k. A channel's cost is the largest
    ``M[k, c] - M[garment, c]`` over the other regions, background included, over the channel's largest M: scale-free.

    Args:
        activations: of one or several pictures, ``[N, C, h, w]`` each; logits: theirs, ``[N, 14, H, W]``.

    Returns:
        ``[C]`` each, -1 (it draws the garment alone) .. 1 (it draws something else alone): the dearest over N.
    """
    groups = [slot.edited, *((k,) for k in (PARSER_LABELS.index("background"), *slot.kept))]
    soft = logits.float().softmax(1)
    planes = torch.stack([soft[:, list(group)].sum(1) for group in groups], 1)
    found = []
    for activation in activations:
        energy = activation.float().square()
        region = F.adaptive_avg_pool2d(planes, as_size(energy.shape[2:])).flatten(2)
        mean = torch.einsum("nkp,ncp->nkc", region, energy.flatten(2)) / region.sum(2).clamp(min=1e-3)[..., None]
        mean = mean / mean.amax(1, keepdim=True).clamp(min=1e-8)
        found.append((mean[:, 1:].amax(1) - mean[:, 0]).amax(0))
    return found
