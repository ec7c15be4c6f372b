"""The clothing-agnostic person (VITON, arXiv 1711.08447, section 3.1): what try-on systems may see of the photo.

The papers erase everything but the head and let the network draw the rest. Here only the region that the slot can
change is erased, as in VITON-HD (arXiv 2103.16874, section 3.1), so that bottoms and dresses work like tops and all
other pixels stay the photo's own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import torch
import torch.nn.functional as F

from vton.conditioning.canvas import resized
from vton.conditioning.person.wearer import HEAD, TELLING_SKIN, Wearer
from vton.conditioning.value_range import image_tensor
from vton.schema import SIDED_LABELS, Article, Parsing, Person, Pose, SizeHW
from vton.schema.slots import TRYON_SLOTS

PERSON_CHANNELS = 23
BODY_CHANNELS = 4
ERASED = 255  # no label's number
UPPER_SKIN = [SIDED_LABELS.index(name) for name in TELLING_SKIN]
_SHAPE_CELL = 16  # pixels of the canvas that blur into one: VITON's coarse shape of a body, which hides the clothes
_JOINT_RADIUS = 5 / 256  # of the height: VITON's filled 11x11 squares at 256x192


def kept_labels(parsing: Parsing, erased: np.ndarray) -> np.ndarray:
    """The parsing without the erased region: [H, W], uint8, index into ``SIDED_LABELS``, ``ERASED`` where erased."""
    return np.where(erased, np.uint8(ERASED), parsing.labels)


def joint_squares(pose: Pose) -> np.ndarray:
    """VITON's pose maps: [18, H, W], uint8, 1 in a filled square around each joint, all 0 for a missing one."""
    h, w = pose.size_hw
    radius = max(1, round(_JOINT_RADIUS * h))
    maps = np.zeros((18, h, w), np.uint8)
    for joint in np.flatnonzero(pose.present):
        x, y = (int(np.floor(v)) for v in pose.keypoints_xy[joint])
        maps[joint, max(0, y - radius) : max(0, y + radius + 1), max(0, x - radius) : max(0, x + radius + 1)] = 1
    return maps


def body_shape(wearer: Wearer) -> np.ndarray:
    """The blurred silhouette without the head: [H, W], float32, 0..1 (area mean over 16x16 cells, then bilinear)."""
    h, w = wearer.size_hw
    body = (wearer.silhouette & ~wearer.mask(*HEAD)).astype(np.float32)
    small = resized(body, (max(1, h // _SHAPE_CELL), max(1, w // _SHAPE_CELL)), "mean")
    return resized(small, (h, w), "linear")


@dataclass
class TryOnInput:
    """What the try-on networks get of N persons and garments.

    Attributes:
        pose_maps: [N, 18, H, W], float32, 0 or 1, see `joint_squares`.
        shape: [N, 1, H, W], float32, 0..1, see `body_shape`.
        kept: [N, 3, H, W], float32, -1..1: the photo, 0 where erased.
        erased: [N, 1, H, W], float32, 0 or 1.
        kept_labels: [N, H, W], uint8, see the function of this name.
        garment: [N, 3, H, W], float32, -1..1, white outside the mask.
        garment_mask: [N, 1, H, W], float32, 0 or 1.
        slot: [N], int64, into ``TRYON_SLOTS``.
        skin: [N, 3], float32, -1..1, see `mean_skin`; of the whole photo where the maps are windows of it.
        limbs: [N, 1, H, W], float32, 0 or 1: where the pose has arms and legs, see `bare_limbs`.
    """

    pose_maps: torch.Tensor
    shape: torch.Tensor
    kept: torch.Tensor
    erased: torch.Tensor
    kept_labels: torch.Tensor
    garment: torch.Tensor
    garment_mask: torch.Tensor
    slot: torch.Tensor
    skin: torch.Tensor
    limbs: torch.Tensor

    def __len__(self) -> int:
        return len(self.slot)

    def person(self) -> torch.Tensor:
        """The person representation: [N, 23, H, W] = pose 18, shape 1, kept 3, erased 1.

        The papers' 22 channels and the erased region, as grey pixels may also be the photo's own.
        """
        return torch.cat([self.pose_maps, self.shape, self.kept, self.erased], 1)

    @property
    def skin_planes(self) -> torch.Tensor:
        """``skin`` at every pixel: [N, 3, H, W]; what a sleeve uncovers is far from the face in the picture."""
        return self.skin[:, :, None, None].expand(-1, -1, *self.kept.shape[-2:])

    @property
    def body_planes(self) -> torch.Tensor:
        """What the papers' networks do not see and bare arms and legs need: [N, 4, H, W] = skin 3, limbs 1."""
        return torch.cat([self.skin_planes, self.limbs], 1)

    @property
    def kept_parsing(self) -> torch.Tensor:
        """``kept_labels`` as one plane per label: [N, 16, H, W], float32, 0 or 1, all 0 where erased."""
        numbers = torch.arange(len(SIDED_LABELS), device=self.kept_labels.device)[None, :, None, None]
        return (self.kept_labels[:, None] == numbers).float()

    def to(self, device: torch.device | str) -> TryOnInput:
        """The same on another device."""
        return replace(self, **{f.name: getattr(self, f.name).to(device) for f in fields(self)})

    def __getitem__(self, index: slice | torch.Tensor) -> TryOnInput:
        """Some of the samples; the index must keep the first dimension."""
        return replace(self, **{f.name: getattr(self, f.name)[index] for f in fields(self)})


def represent(
    persons: list[Person],
    garments: list[Article],
    erased: list[np.ndarray] | None = None,
    wearers: list[Wearer] | None = None,
) -> TryOnInput:
    """Persons and garments -> what the networks see.

    Args:
        persons: all of one size, the canvas.
        garments: one per person; their slots say what is erased.
        erased: [H, W], bool each; by default what the wearers' slots say.
        wearers: what is known of these persons and slots already.

    Raises:
        ValueError: photos of several sizes.
    """
    if len({person.size_hw for person in persons}) != 1:
        raise ValueError("all photos must have the size of the canvas")
    if wearers is None:
        wearers = [Wearer.of(person, garment.slot) for person, garment in zip(persons, garments, strict=True)]
    if erased is None:
        erased = [wearer.erased for wearer in wearers]
    gone = torch.from_numpy(np.stack(erased))[:, None]
    photos = image_tensor(np.stack([person.image_u8 for person in persons]))
    labels = [kept_labels(person.parsing, region) for person, region in zip(persons, erased, strict=True)]
    labels = torch.from_numpy(np.stack(labels))
    kept = photos.masked_fill(gone, 0.0)
    garment, garment_mask = garment_tensors(garments, persons[0].size_hw)
    return TryOnInput(
        pose_maps=torch.from_numpy(np.stack([joint_squares(person.pose) for person in persons])).float(),
        shape=torch.from_numpy(np.stack([body_shape(wearer) for wearer in wearers]))[:, None],
        kept=kept,
        erased=gone.float(),
        kept_labels=labels,
        garment=garment,
        garment_mask=garment_mask,
        slot=torch.tensor([TRYON_SLOTS.index(article.slot) for article in garments]),
        skin=mean_skin(kept, labels),
        limbs=torch.from_numpy(np.stack([wearer.limbs for wearer in wearers]))[:, None].float(),
    )


def mean_skin(kept: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Mean colour of the skin outside the erased region: [N, 3], -1..1; 0 when none is to be seen.

    Args:
        kept: [N, 3, H, W], -1..1; labels: [N, H, W], uint8, see `kept_labels`.
    """
    skin = torch.stack([labels == number for number in UPPER_SKIN]).sum(0)[:, None].float()
    return (kept * skin).sum((2, 3)) / skin.sum((2, 3)).clamp_min(1)


def garment_tensors(garments: list[Article], size_hw: SizeHW) -> tuple[torch.Tensor, torch.Tensor]:
    """Articles on white: [N, 3, H, W], float32, -1..1, and their masks: [N, 1, H, W], float32, 0 or 1."""
    mask = torch.from_numpy(np.stack([article.mask_u8 > 0 for article in garments]))[:, None]
    image = image_tensor(np.stack([article.image_u8 for article in garments])).masked_fill(~mask, 1.0)
    mask = mask.float()
    if tuple(size_hw) != tuple(image.shape[-2:]):
        image = F.interpolate(image, size=tuple(size_hw), mode="area")
        mask = F.interpolate(mask, size=tuple(size_hw), mode="area").round()
    return image, mask
