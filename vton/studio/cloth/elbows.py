"""Sleeves of raised arms: they get room to go around the bent elbow, which would come through them."""

import numpy as np

from vton.studio.body.shape import PosedBody
from vton.studio.garments.building import Garment
from vton.studio.geometry.mesh import edges

NEAR_M = 0.12
"""Along the arm, before and after the elbow."""

ROOM = 1.6
"""How much longer cloth may become there; beyond 1.7 the gate takes it for torn."""

BENT, HOLD = 1.25, 0.1
"""Cloth that needs to be so much longer is held where the arm carries it: its weight would pull it off the elbow."""


def raised_elbows(garment: Garment, posed: PosedBody, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much longer each edge may be than at rest [E] f32, and a least attachment [V] f32.

    Args:
        start: [V, 3] the garment as the bones carry it.
    """
    rest, pairs, m = garment.mesh.vertices, edges(garment.mesh.triangles), posed.shape.measures
    room, hold = np.ones(len(pairs), np.float32), np.zeros(len(rest), np.float32)
    raised = [posed.joint(f"lowerarm01.{side}")[1] > posed.joint(f"upperarm01.{side}")[1] for side in "LR"]
    if garment.kind in ("pants", "skirt") or garment.over_shoulders or not any(raised):
        return room, hold
    along, _ = m.along_arm(rest)
    near = np.array([False, *raised])[garment.limb] & (np.abs(along - m.arm_lengths[1]) < NEAR_M)
    was, now = (np.linalg.norm(v[pairs[:, 0]] - v[pairs[:, 1]], axis=1) for v in (rest, start))
    room = np.where(near[pairs].all(1), np.clip(now / was, 1, ROOM), 1).astype(np.float32)
    hold[pairs[room > BENT].ravel()] = HOLD
    return room, hold
