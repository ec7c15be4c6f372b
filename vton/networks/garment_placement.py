"""Where a garment goes roughly, read off the joints: the frame in which the learnt warps work.

The papers' photos show an upper body that fills the frame, as the garment fills its own picture. On a full-length photo
a 5x5 spline over the whole canvas has two control points per garment. So the garment is first laid on the person by a
scale and a shift, and networks and splines see that part of the canvas only. Nothing here is learnt.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from vton.conditioning.person.agnostic import TryOnInput
from vton.networks.thin_plate_spline import pixel_lattice
from vton.schema import TRYON_SLOTS, SizeHW, tryon_slot

MARGIN = 1.25  # of the garment's box: room for what the spline pulls out of it
_NECK, _SHOULDERS, _HIPS = 1, (2, 5), (8, 11)
_SCALES = (0.1, 2.5)  # of a garment's picture on the person's, least and largest: beyond, joints or masks mislead
# Of standing people: the trunk over the width of the shoulders, and that over the trunk where they are not both seen.
_TRUNK_PER_SHOULDERS, _SHOULDERS_PER_TRUNK = 1.5, 0.62
_LEAST_SHOULDERS = 0.5  # of the trunk: narrower ones are seen from the side, and the trunk tells the size
_SHORTEST_TRUNK, _NARROWEST = 4, 2  # pixels: below, joints lie on top of each other; shoulders by which to divide
_LARGEST = (1.3, 1.05)
"""The garment's box over that of the erased region: sleeves are spread on a picture, and what is cut off misleads."""


@dataclass(frozen=True)
class Placement:
    """A box on the canvas, a box on the garment's picture, and the map between: all [N, 2], (x, y) in -1..1."""

    person_centre: torch.Tensor
    person_half: torch.Tensor
    garment_centre: torch.Tensor
    garment_half: torch.Tensor

    @classmethod
    def whole(cls, count: int, device: torch.device | str = "cpu") -> Placement:
        """Canvas on picture, as the papers have it."""
        zeros, ones = torch.zeros(count, 2, device=device), torch.ones(count, 2, device=device)
        return cls(zeros, ones, zeros, ones)

    def local(self, size_hw: SizeHW) -> torch.Tensor:
        """Each pixel of the canvas in the box's own coordinates (-1..1 inside): [N, H, W, 2]."""
        places = pixel_lattice(size_hw, self.person_centre.device)
        return (places - self.person_centre[:, None, None]) / self.person_half[:, None, None]

    def to_garment(self, local: torch.Tensor) -> torch.Tensor:
        """The box's coordinates [N, ..., 2] to those of the garment's picture."""
        shape = (-1, *[1] * (local.ndim - 2), 2)
        return self.garment_centre.reshape(shape) + self.garment_half.reshape(shape) * local

    def grid(self, size_hw: SizeHW) -> torch.Tensor:
        """The backward grid of the rough placement alone: [N, H, W, 2]."""
        return self.to_garment(self.local(size_hw))

    def crop_person(self, maps: torch.Tensor, size_hw: SizeHW) -> torch.Tensor:
        """The person's maps [N, C, H, W] inside the box: [N, C, *size_hw]."""
        return _crop(maps, self.person_centre, self.person_half, size_hw, "zeros")

    def crop_garment(self, maps: torch.Tensor, size_hw: SizeHW) -> torch.Tensor:
        """The garment's maps [N, C, h, w] inside its box: [N, C, *size_hw]."""
        return _crop(maps, self.garment_centre, self.garment_half, size_hw, "border")


def place_by_joints(inputs: TryOnInput) -> Placement:
    """Lays each garment's body on its person's, by shoulders and hips; without them its box on the erased region's."""
    slots = [tryon_slot(TRYON_SLOTS[number]) for number in inputs.slot.tolist()]
    size_wh = torch.tensor(inputs.garment.shape[:1:-1], device=inputs.garment.device).float()
    box = mask_box(inputs.garment_mask, size_wh)
    middle, half = (box[:, :2] + box[:, 2:]) / 2, (box[:, 2:] - box[:, :2]) / 2
    xy, present = joints_of(inputs.pose_maps)
    region = mask_box(inputs.erased, size_wh)
    neck, hips, width, known = _skeleton(xy, present)
    body = _body_width(inputs.garment_mask, box, torch.tensor([slot.width_rows for slot in slots]).to(box))
    factor = torch.tensor([slot.width for slot in slots]).to(width)
    below = torch.tensor([slot.upper_edge for slot in slots]).to(width)
    bound = ((region[:, 2:] - region[:, :2]) / (2 * half) * region.new_tensor(_LARGEST)).amin(1)
    length = hips[:, 1] - neck[:, 1]
    shortest = torch.tensor([-1.0 if slot.least_end is None else slot.least_end for slot in slots]).to(width)
    least = (shortest - below) * length / (2 * half[:, 1])
    scale = torch.minimum(torch.maximum(factor * width / body, least), bound).clamp(*_SCALES)
    top = neck[:, 1] + below * length
    along = below.clamp(0, 1)
    centre = torch.stack([neck[:, 0] + along * (hips[:, 0] - neck[:, 0]), top + scale * half[:, 1]], 1)
    fallback = ((region[:, 2:] - region[:, :2]) / (2 * half)).amin(1).clamp(*_SCALES)
    scale = torch.where(known, scale, fallback)
    centre = torch.where(known[:, None], centre, (region[:, :2] + region[:, 2:]) / 2)
    return _framed(centre, scale, middle, half, size_wh)


def joints_of(pose_maps: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Joints back from their maps [N, 18, H, W]: pixels [N, 18, 2] and whether each is there [N, 18]."""
    height, width = pose_maps.shape[-2:]
    mass = pose_maps.sum((2, 3))
    x = (pose_maps.sum(2) * torch.arange(width, device=mass.device)).sum(2)
    y = (pose_maps.sum(3) * torch.arange(height, device=mass.device)).sum(2)
    return torch.stack([x, y], -1) / mass.clamp_min(1)[..., None], mass > 0


def mask_box(mask: torch.Tensor, size_wh: torch.Tensor) -> torch.Tensor:
    """The box of what exceeds one half in ``mask: [N, 1, H, W]``: [N, 4] as x0, y0, x1, y1; all of it when empty."""
    filled = mask[:, 0] > 0.5
    edges = []
    for axis in (1, 2):  # columns first: the x of the box
        line = filled.any(axis).float()
        edges.append((line.argmax(1), line.shape[1] - 1 - line.flip(1).argmax(1)))
    (x0, x1), (y0, y1) = edges
    box = torch.stack([x0, y0, torch.maximum(x1, x0 + 4), torch.maximum(y1, y0 + 4)], 1).float()
    everything = torch.cat([torch.zeros_like(size_wh), size_wh - 1])
    return torch.where(filled.any((1, 2))[:, None], box, everything)


def _skeleton(
    xy: torch.Tensor, present: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """Neck and middle of the hips [N, 2], width of the shoulders [N], and whether all could be found [N]."""
    (right, left), (right_hip, left_hip) = _SHOULDERS, _HIPS
    shoulders, both = (xy[:, right] + xy[:, left]) / 2, present[:, right] & present[:, left]
    neck = torch.where(present[:, _NECK, None], xy[:, _NECK], shoulders)
    width = (xy[:, right] - xy[:, left]).norm(dim=1)
    weight = present[:, _HIPS].float()
    hips = (xy[:, right_hip] * weight[:, :1] + xy[:, left_hip] * weight[:, 1:]) / weight.sum(1, True).clamp_min(1)
    has_hips = weight.sum(1) > 0
    # A half-length photo shows no hips.
    hips = torch.where(has_hips[:, None], hips, neck + F.pad(_TRUNK_PER_SHOULDERS * width[:, None], (1, 0)))
    length = (hips - neck).norm(dim=1)
    width = torch.where(both, torch.maximum(width, _LEAST_SHOULDERS * length), _SHOULDERS_PER_TRUNK * length)
    known = (present[:, _NECK] | both) & (has_hips | both) & (length > _SHORTEST_TRUNK) & (hips[:, 1] > neck[:, 1])
    return neck, hips, width.clamp_min(_NARROWEST), known


def _body_width(mask: torch.Tensor, box: torch.Tensor, rows: torch.Tensor) -> torch.Tensor:
    """How wide the garment's trunk is: [N], pixels, the median over rows of the run through the box's middle column."""
    filled = mask[:, 0] > 0.5
    count, height, width = filled.shape
    columns = torch.arange(width, device=mask.device).expand(count, height, width)
    middle = ((box[:, 0] + box[:, 2]) / 2).round()[:, None, None]
    left = torch.where(~filled & (columns <= middle), columns, -1).amax(2)
    right = torch.where(~filled & (columns >= middle), columns, width).amin(2)
    run = (right - left - 1).float()
    y = (torch.arange(height, device=mask.device) - box[:, 1:2]) / (box[:, 3:] - box[:, 1:2])
    seen = (y >= rows[:, :1]) & (y <= rows[:, 1:]) & (run > 0)
    median = torch.where(seen, run, torch.nan).nanmedian(1).values
    return torch.where(median.isnan(), box[:, 2] - box[:, 0], median).clamp_min(4)


def _framed(
    centre: torch.Tensor, scale: torch.Tensor, middle: torch.Tensor, half: torch.Tensor, size_wh: torch.Tensor
) -> Placement:
    """Both boxes with their margin, widened to the canvas's shape so that neither picture is stretched."""
    aspect = size_wh[0] / size_wh[1]
    high = torch.maximum(half[:, 1], half[:, 0] / aspect) * MARGIN
    half = torch.stack([high * aspect, high], 1)
    return Placement(
        _unit(centre, size_wh), 2 * scale[:, None] * half / (size_wh - 1),
        _unit(middle, size_wh), 2 * half / (size_wh - 1),
    )  # fmt: skip


def _unit(xy: torch.Tensor, size_wh: torch.Tensor) -> torch.Tensor:
    return 2 * xy / (size_wh - 1) - 1


def _crop(
    maps: torch.Tensor, centre: torch.Tensor, half: torch.Tensor, size_hw: SizeHW, padding: str
) -> torch.Tensor:
    with torch.autocast(maps.device.type, enabled=False):
        grid = centre[:, None, None] + half[:, None, None] * pixel_lattice(size_hw, maps.device)
        return F.grid_sample(maps.float(), grid, padding_mode=padding, align_corners=True)
