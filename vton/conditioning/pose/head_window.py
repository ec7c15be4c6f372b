"""The square around a head that a second generator draws: where it lies, by the joints, and how it is cut and put back.

Faces aligned by their joints are far easier to learn than faces anywhere (StyleGAN learnt them so, arXiv 1812.04948);
a body's picture and a head's are joined as in InsetGAN (Fruehstueck et al. 2022, arXiv 2203.07293).
"""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from vton.schema import COCO18, REGIONS, Pose, SizeHW

WINDOW_JOINTS = ("nose", "neck", "right_shoulder", "left_shoulder", "right_eye", "left_eye", "right_ear", "left_ear")
_JOINTS = [COCO18.index(name) for name in WINDOW_JOINTS]
# Sides of the window: of a head with its hair and the shoulders below it, on people who stand.
_SIDE_PER_NECK = 2.2  # neck to nose
_SIDE_PER_TRUNK = 0.8  # neck to the middle of the hips: who looks down has a short neck
SIDES = (0.1, 0.6)  # of the picture's height
_NOSE_SHARE = 0.75  # of the way from neck to nose: where the window's middle lies,
_RISE = 0.06  # and how much of the side above that
_PEAK = 0.025  # of the side: standard deviation of a joint's peak
_BORDER = 0.12  # of the side: where the window fades into the picture
_FACE_AND_NECK = ("face", "skin")
_SOFT = 2  # pixels of the window: around each whose mean is taken of what is the inset's


@dataclass(frozen=True)
class HeadWindow:
    """A square: ``centre_xy`` and ``side`` as shares of the picture's height, the origin top-left."""

    centre_xy: tuple[float, float]
    side: float

    def matrix(self, height: int, size: int) -> np.ndarray:
        """``[2, 3]``: from pixels of a picture of that height to pixels of a window of ``size``."""
        factor = size / (self.side * height)
        shift = size / 2 - factor * height * np.array(self.centre_xy)
        return np.array([[factor, 0, shift[0]], [0, factor, shift[1]]])

    def mirrored(self, size_hw: SizeHW) -> "HeadWindow":
        """The window in the mirrored picture."""
        return HeadWindow((size_hw[1] / size_hw[0] - self.centre_xy[0], self.centre_xy[1]), self.side)


def head_window(pose: Pose) -> HeadWindow | None:
    """The window of a pose; None without nose or neck, or where they give no head of a standing person's size."""
    xy, present = pose.keypoints_xy / pose.size_hw[0], pose.present
    nose, neck, *hips = (COCO18.index(name) for name in ("nose", "neck", "right_hip", "left_hip"))
    if not (present[nose] and present[neck]):
        return None
    side = _SIDE_PER_NECK * float(np.linalg.norm(xy[nose] - xy[neck]))
    if present[hips].all():
        side = max(side, _SIDE_PER_TRUNK * float(np.linalg.norm(xy[hips].mean(0) - xy[neck])))
    centre = _NOSE_SHARE * xy[nose] + (1 - _NOSE_SHARE) * xy[neck] - (0, _RISE * side)
    return HeadWindow((float(centre[0]), float(centre[1])), side) if SIDES[0] <= side <= SIDES[1] else None


def cut_window(image: np.ndarray, window: HeadWindow, size: int, nearest: bool = False) -> np.ndarray:
    """The window of an array ``[H, W]`` or ``[H, W, C]``, uint8, as ``[size, size(, C)]``; the edge is repeated."""
    matrix = window.matrix(image.shape[0], size)
    matrix[:, 2] += matrix[:, :2] @ [0.5, 0.5] - 0.5  # OpenCV's pixels have their middle at whole numbers
    if not nearest and matrix[0, 0] < 1:
        image = cv2.GaussianBlur(image, (0, 0), 0.5 * (1 / matrix[0, 0] - 1) + 1e-3)
    flags = cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR
    return cv2.warpAffine(image, matrix, (size, size), flags=flags, borderMode=cv2.BORDER_REPLICATE)


def window_joints(pose: Pose, window: HeadWindow) -> np.ndarray:
    """``[8, 3]``, float32: x, y (0..1 inside the window) and confidence of `WINDOW_JOINTS`."""
    xy = pose.keypoints_xy[_JOINTS] / pose.size_hw[0]
    inside = (xy - window.centre_xy) / window.side + 0.5
    return np.column_stack([inside, pose.confidence[_JOINTS]]).astype(np.float32)


def joint_planes(joints: torch.Tensor, size: int) -> torch.Tensor:
    """``joints: [N, 8, 3]`` of `window_joints` -> ``[N, 8, size, size]``, 0..1: a peak per joint that is present."""
    place = (torch.arange(size, device=joints.device) + 0.5) / size
    x, y, confidence = joints.float().unbind(2)
    fall = lambda centre: torch.exp(-(place - centre[..., None]).square() / (2 * _PEAK**2))  # noqa: E731
    return (confidence > 0)[..., None, None] * fall(y)[..., :, None] * fall(x)[..., None, :]


def sample_window(planes: torch.Tensor, window: HeadWindow, size: int) -> torch.Tensor:
    """The window of a picture's planes ``[N, C, H, W]`` as ``[N, C, size, size]``; the edge is repeated."""
    height, width = planes.shape[2:]
    x, y = window.centre_xy[0] * height / width * 2 - 1, window.centre_xy[1] * 2 - 1
    theta = planes.new_tensor([[window.side * height / width, 0, x], [0, window.side, y]], dtype=torch.float32)
    grid = F.affine_grid(theta.expand(len(planes), -1, -1), [len(planes), 1, size, size], align_corners=False)
    return F.grid_sample(planes.float(), grid, padding_mode="border", align_corners=False)


def put_window(planes: torch.Tensor, inset: torch.Tensor, window: HeadWindow, share: torch.Tensor) -> torch.Tensor:
    """The picture with the window's planes in it.

    Args:
        planes: ``[N, C, H, W]``; inset: ``[N, C, size, size]``; share: ``[N, 1, size, size]``, 0..1, of the inset.
    """
    (height, width), size = planes.shape[2:], inset.shape[2]
    x, y = window.centre_xy[0] * height / width * 2 - 1, window.centre_xy[1] * 2 - 1
    scale = torch.tensor([window.side * height / width, window.side])
    theta = planes.new_tensor([[1 / scale[0], 0, -x / scale[0]], [0, 1 / scale[1], -y / scale[1]]], dtype=torch.float32)
    grid = F.affine_grid(theta.expand(len(planes), -1, -1), [len(planes), 1, height, width], align_corners=False)
    both = torch.cat([inset.float(), share.float() * window_fade(size, inset.device)], 1)
    reduction = int(size / (window.side * height) + 0.5)
    if reduction > 1:  # a small picture: means of its pixels, or lashes would flicker
        both = F.avg_pool2d(both, reduction)
    sampled = F.grid_sample(both, grid, mode="bicubic", padding_mode="zeros", align_corners=False)
    share = sampled[:, -1:].clamp(0, 1)
    return planes + share * (sampled[:, :-1] - planes)


def window_fade(size: int, device: torch.device | None = None) -> torch.Tensor:
    """``[size, size]``, 0..1: 1 inside the window, 0 along its edge."""
    place = (torch.arange(size, device=device) + 0.5) / size
    near = (torch.minimum(place, 1 - place) / _BORDER).clamp(0, 1)
    near = near * near * (3 - 2 * near)
    return near[:, None] * near[None]


def inset_share(regions: torch.Tensor, inset: torch.Tensor) -> torch.Tensor:
    """How far a pixel of the window is taken from the inset: face and neck. Hair, hats and cloth stay the picture's.

    Two outlines of the same hair, mixed, make a ghost of either.

    Args:
        regions, inset: ``[N, 10, h, w]``, shares of the regions in the picture and in the inset.

    Returns:
        ``[N, 1, h, w]``, 0..1, with a soft border.
    """
    there = 1 - regions[:, [REGIONS.index("background")]]
    face = torch.maximum(_sum(regions, _FACE_AND_NECK), there * _sum(inset, ("face",)))
    soft = F.avg_pool2d(F.pad(face, (_SOFT,) * 4, mode="replicate"), 2 * _SOFT + 1, 1)
    return soft * _sum(inset, (*_FACE_AND_NECK, "hair"))


def _sum(regions: torch.Tensor, names: tuple[str, ...]) -> torch.Tensor:
    return regions[:, [REGIONS.index(name) for name in names]].sum(1, keepdim=True)
