"""Hands that hold something before the body: the arm is led there, the fingers close, the thing lies in the hand."""

from collections.abc import Mapping

import numpy as np

from vton.schema import InputError
from vton.studio.accessories.props import CUP_RADIUS_M, PHONE_M, build_cup, build_phone
from vton.studio.accessories.shapes import PartMesh
from vton.studio.body.model import BodyModel
from vton.studio.body.shape import BodyShape, PosedBody
from vton.studio.body.skinning import forward_kinematics, transform_point
from vton.studio.geometry.rotations import axis_angle, signed_angle, unit
from vton.studio.poses.solver import lead_hand
from vton.studio.rendering.framing import Landmarks, crop_camera
from vton.studio.specs.photo import HeldSpec, ViewSpec

UP = np.array([0.0, 1.0, 0.0])

GRIPS = {"phone": (6.0, 46.0, 40.0, 12.0), "cup": (40.0, 46.0, 34.0, 48.0), "camera": (30.0, 46.0, 40.0, 20.0)}
"""Degrees by which knuckles, middle and outer joints bend, and by which the thumb turns towards the palm."""

FLESH_M = 0.014
"""From the bones of a hand to its palm."""

PHONE_REACH_M, PHONE_RISE_M = 0.085, 0.034
"""Of the middle of a phone: beyond the wrist, and above the hand."""

CUP_REACH_M = 0.088
CAMERA_ASIDE_M, CAMERA_BELOW_M, CAMERA_BACK_M = 0.10, 0.14, 0.06
"""Where the wrist is that holds the camera, from the camera; the hand is out of its sight."""


def hold(
    model: BodyModel, shape: BodyShape, rotations: Mapping[str, np.ndarray], held: HeldSpec, view: ViewSpec
) -> dict[str, np.ndarray]:
    """The rotations of a pose with one arm led to where its hand holds something.

    Args:
        rotations: as from `solver.pose_rotations`.
        view: says where the camera is that a hand holds.

    Raises:
        InputError: there is no such thing to hold.
    """
    if held.kind not in GRIPS or held.side not in ("L", "R"):
        raise InputError(f"A hand, L or R, can hold {', '.join(GRIPS)}; not {held.kind!r} in {held.side!r}.")
    sign = 1 if held.side == "L" else -1
    transforms = forward_kinematics(model.bones, model.parents, shape.joints, rotations)
    chest = transforms[model.bone_index["spine01"]]
    ahead = unit(chest[:3, :3] @ np.array([0.0, 0.0, 1.0]) * [1, 0, 1])
    out = sign * np.cross(UP, ahead)
    m = shape.measures
    front = transform_point(chest, np.array([0.0, m.bust_y, float(m.front(m.bust_y))]))
    place = front + held.aside * out + held.ahead * ahead + held.up * UP
    if held.kind == "camera":
        eye = np.array(crop_camera(Landmarks.of(shape, transforms), view).eye)
        along, palm = unit(0.8 * ahead + 0.6 * UP), -out
        wrist = eye + CAMERA_ASIDE_M * out - CAMERA_BELOW_M * UP - CAMERA_BACK_M * ahead
    elif held.kind == "phone":
        along, palm = unit(0.75 * UP - 0.66 * out), -ahead
        wrist = place - PHONE_REACH_M * along - PHONE_RISE_M * UP - FLESH_M * palm
    else:
        along, palm = unit(0.85 * ahead - 0.5 * out + 0.1 * UP), -unit(0.85 * out + 0.5 * ahead)
        wrist = place - CUP_REACH_M * along - (CUP_RADIUS_M + FLESH_M) * palm
    pole = unit(0.75 * out - 0.9 * UP - 0.25 * ahead)
    turned = lead_hand(model, shape, rotations, held.side, wrist, pole, along, sign * np.cross(along, palm))
    return turned | closed_fingers(shape.joints, held.side, *GRIPS[held.kind])


def closed_fingers(
    joints: Mapping[str, np.ndarray], side: str, knuckle: float, middle: float, outer: float, thumb: float
) -> dict[str, np.ndarray]:
    """Rotations [3, 3] of the bones of fingers that lie around something, in the axes of the world at rest.

    Args:
        joints: heads of the bones at rest, metres.
        side: "L" or "R".
        knuckle, middle, outer: degrees by which the fingers' joints bend.
        thumb: degrees by which the thumb is turned towards the palm.
    """
    sign = 1 if side == "L" else -1
    across = sign * (joints[f"finger5-1.{side}"] - joints[f"finger2-1.{side}"])
    along = {f: joints[f"finger{f}-2.{side}"] - joints[f"finger{f}-1.{side}"] for f in range(1, 6)}
    palm = unit(np.cross(across, along[3]))
    rotations = {}
    for finger in range(2, 6):
        together = axis_angle(palm, 0.7 * signed_angle(along[finger], along[3], palm))
        rotations[f"finger{finger}-1.{side}"] = axis_angle(across, knuckle) @ together
        rotations[f"finger{finger}-2.{side}"] = axis_angle(across, middle)
        rotations[f"finger{finger}-3.{side}"] = axis_angle(across, outer)
    opposed = np.cross(-sign * across, palm)
    rotations[f"finger1-1.{side}"] = axis_angle(opposed, thumb)
    bend = axis_angle(np.cross(along[1], along[2]), 14.0)
    rotations[f"finger1-2.{side}"] = rotations[f"finger1-3.{side}"] = bend
    return rotations


def held_thing(posed: PosedBody, held: HeldSpec) -> PartMesh | None:
    """The thing in the hand of a posed body; None for the camera."""
    if held.kind == "camera":
        return None
    wrist, knuckle, index, little = (
        posed.joint(f"{bone}.{held.side}") for bone in ("wrist", "finger3-1", "finger2-1", "finger5-1")
    )
    along, across = unit(knuckle - wrist), unit(little - index)
    palm = unit(np.cross(across, along)) * (1 if held.side == "L" else -1)
    if held.kind == "phone":
        high = unit(UP - palm * (palm @ UP))
        middle = wrist + PHONE_REACH_M * along + PHONE_RISE_M * high + (FLESH_M + PHONE_M[2] / 2) * palm
        return build_phone().moved(np.stack([np.cross(high, -palm), high, -palm], 1), middle)
    high = unit(-across - along * (along @ -across))
    middle = wrist + CUP_REACH_M * along + (CUP_RADIUS_M + FLESH_M) * palm
    return build_cup().moved(np.stack([np.cross(high, palm), high, palm], 1), middle)
