"""How far articles reach over the body: a hem and a sleeve each, and planes that say where on a pose these lie.

A picture of a skirt shows neither the legs it will cover nor its own size; if each pixel has to guess, hems are torn.
Here one number decides for all of them. It is read from the article's picture, or told.

Hems are counted along the body: 0 at the shoulders, 1 at the hips, 2 at the knees, 3 at the ankles; sleeves along the
arm: 0 at the shoulder, 1 at the elbow, 2 at the wrist.
"""

from typing import NamedTuple

import torch

from vton.schema import SLOTS

MAX_REACH = (3.3, 2.2)
"""The longest hem and the longest sleeve."""

UNTOLD = -1.0
"""In place of a hem or sleeve that nobody tells, or that no photo shows."""

LEGS, ARMS = ((12, 2, 1, 0), (13, 3, 4, 5)), ((12, 11, 10), (13, 14, 15))
"""Chains of MPII-16 joints: shoulder, hip, knee, ankle; shoulder, elbow, wrist."""

WITH_HEM, WITH_SLEEVES = ("top", "outer", "bottom", "dress"), ("top", "outer", "dress")
"""Slots whose articles have them."""

_WITH_HEM, _WITH_SLEEVES = ([SLOTS.index(slot) for slot in slots] for slots in (WITH_HEM, WITH_SLEEVES))
NUM_REACH_PLANES = 2 * len(_WITH_HEM) + len(_WITH_SLEEVES)
_SOFT = 0.06  # of the height, at which a plane is as sure as it gets
_WIDTH = 0.03  # of the height, around a limb
_MISSING = 0.85  # of the part of the body above, where a knee or an ankle is not in the picture


class Joints(NamedTuple):
    """Of a pose map, in units of its height from the top left. x, y, present: ``[N, 16]``; present is 0 or 1."""

    x: torch.Tensor
    y: torch.Tensor
    present: torch.Tensor


def joints_of(pose_map: torch.Tensor) -> Joints:
    """The middle of each heatmap of ``pose_map: [N, 16, H, W]``, 0..1, float32."""
    h, w = pose_map.shape[2:]
    y = (torch.arange(h, device=pose_map.device) + 0.5) / h
    x = (torch.arange(w, device=pose_map.device) + 0.5) / h
    mass = pose_map.sum((2, 3))
    least = mass.clamp(min=1e-6)
    return Joints((pose_map.sum(2) * x).sum(2) / least, (pose_map.sum(3) * y).sum(2) / least, (mass > 0.1).float())


def hem_heights(joints: Joints, hem: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Where hems lie, over both legs.

    Args:
        hem: ``[N, S]``, 0 .. ``MAX_REACH[0]``.

    Returns:
        ``[N, S]``, in heights of the picture from its top, and ``[N, 1]``, 0 or 1: whether the pose has a shoulder and
        a hip of one side.
    """
    total, count = torch.zeros_like(hem), hem.new_zeros(len(hem), 1)
    for leg in LEGS:
        known = (joints.present[:, leg[0]] * joints.present[:, leg[1]])[:, None]
        total = total + known * _along(_heights(joints, leg), hem)
        count = count + known
    return total / count.clamp(min=1), count.clamp(max=1)


def reach_planes(pose_map: torch.Tensor, reach: torch.Tensor, presence: torch.Tensor) -> torch.Tensor:
    """What a reach says about every pixel.

    Args:
        pose_map: ``[N, 16, H, W]``, 0..1; reach: ``[N, 6, 2]``, hem and sleeve; presence: ``[N, 6]``, 0 or 1.

    Returns:
        ``[N, NUM_REACH_PLANES, H, W]``, float32, -1..1: whether a pixel lies above the hem (1) or below it (-1), then
        the same along the legs alone, then whether a sleeve covers the arm there. 0 for articles that are not given.
    """
    h, w = pose_map.shape[2:]
    joints, reach, presence = joints_of(pose_map.float()), reach.float(), presence.float()
    rows = ((torch.arange(h, device=pose_map.device) + 0.5) / h)[None, None, :, None]
    given = presence[:, _WITH_HEM, None, None]
    height, known = hem_heights(joints, reach[:, _WITH_HEM, 0])
    level = ((height[..., None, None] - rows) / _SOFT).clamp(-1, 1) * known[..., None, None] * given
    legs = sum(_limbs(joints, leg, reach[:, _WITH_HEM, 0], (h, w)) for leg in LEGS)
    arms = sum(_limbs(joints, arm, reach[:, _WITH_SLEEVES, 1], (h, w)) for arm in ARMS)
    assert isinstance(legs, torch.Tensor)
    assert isinstance(arms, torch.Tensor)
    sleeves = arms.clamp(-1, 1) * presence[:, _WITH_SLEEVES, None, None]
    return torch.cat([level.expand(-1, -1, -1, w), legs.clamp(-1, 1) * given, sleeves], 1)


def _heights(joints: Joints, leg: tuple[int, ...]) -> torch.Tensor:
    """``[N, 4]``: of shoulder, hip, knee and ankle; those that are missing go on below as long as what is above."""
    heights = [joints.y[:, leg[0]], joints.y[:, leg[1]]]
    for joint in leg[2:]:
        beyond = heights[-1] + _MISSING * (heights[-1] - heights[-2])
        heights.append(torch.where(joints.present[:, joint] > 0, joints.y[:, joint], beyond))
    return torch.stack(heights, 1)


def _along(stops: torch.Tensor, reach: torch.Tensor) -> torch.Tensor:
    """``stops: [N, K]`` at 0, 1, ... K - 1 -> ``[N, S]``, between them or beyond the last at ``reach: [N, S]``."""
    first = reach.floor().clamp(0, stops.shape[1] - 2).long()
    before, after = stops.gather(1, first), stops.gather(1, first + 1)
    return before + (reach - first) * (after - before)


def _limbs(joints: Joints, chain: tuple[int, ...], reach: torch.Tensor, size_hw: tuple[int, int]) -> torch.Tensor:
    """``[N, S, H, W]``: along a chain of joints, 1 before the reach and -1 after it; 0 apart from the limb."""
    (h, w), total = size_hw, 0.0
    y = ((torch.arange(h, device=reach.device) + 0.5) / h)[None, :, None]
    x = ((torch.arange(w, device=reach.device) + 0.5) / h)[None, None]
    for part, (a, b) in enumerate(zip(chain[:-1], chain[1:], strict=True)):
        ax, ay, bx, by = (v[:, None, None] for v in (joints.x[:, a], joints.y[:, a], joints.x[:, b], joints.y[:, b]))
        bone_x, bone_y = bx - ax, by - ay
        square = (bone_x.square() + bone_y.square()).clamp(min=1e-6)
        along = (((x - ax) * bone_x + (y - ay) * bone_y) / square).clamp(0, 1)
        off = (x - ax - along * bone_x).square() + (y - ay - along * bone_y).square()
        line = torch.exp(-off / (2 * _WIDTH**2)) * (joints.present[:, a] * joints.present[:, b])[:, None, None]
        left = (reach[..., None, None] - part - along[:, None]) * square.sqrt()[:, None]
        total = total + line[:, None] * (left / _SOFT).clamp(-1, 1)
    assert isinstance(total, torch.Tensor)
    return total
