"""Places on the body that hands reach for: where the wrist goes, where the elbow points, and how the palm lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from vton.studio.body.measures import Measures
from vton.studio.body.skinning import transform_point
from vton.studio.poses.stances import Arm, Vector

CUFF = "cuff"
"""The place on the other arm, which has to be known first."""

FROM_WRIST = (0.075, 0.03, 0.045)
"""Where the wrist of a left hand is that holds a cuff: metres from the other wrist, in the axes of the chest."""


@dataclass(frozen=True)
class HandPlace:
    """How a left hand comes to a place; vectors have x outwards, y up and z forwards.

    bone: what the place moves with ("" is the other arm); pole: where the elbow points, in the axes of the chest; curl:
    degrees that the fingers bend; twist: degrees of the palm towards the body, where the hand just goes on from the
    forearm; palm: else the bone in whose axes are the hand's direction and that from index to little finger.
    """

    bone: str
    pole: Vector
    curl: float
    twist: float = 0.0
    palm: tuple[str, Vector, Vector] | None = None


PLACES: dict[str, HandPlace] = {
    "hip": HandPlace("root", (1, -0.05, -0.55), 16, palm=("root", (-0.10, -0.30, 0.95), (0.10, -0.95, -0.20))),
    "pocket": HandPlace("root", (0.9, 0, -0.75), 8, palm=("root", (-0.30, -0.93, 0.30), (0.0, -0.30, -0.95))),
    "front": HandPlace("root", (1, -0.2, -0.35), 18, twist=-50),
    "belly": HandPlace("root", (1, -0.3, -0.4), 14, palm=("root", (-0.90, -0.25, -0.20), (0.25, -0.95, 0.0))),
    "back": HandPlace("root", (1, -0.1, -0.6), 24, palm=("root", (-0.55, -0.85, -0.05), (0.85, -0.5, 0.1))),
    "seat": HandPlace("root", (0.8, -0.1, -0.8), 10, palm=("root", (0.35, -0.62, 0.70), (0.80, 0.0, -0.35))),
    "lap": HandPlace("root", (1, -0.4, -0.3), 18, palm=("root", (-0.70, -0.35, 0.60), (0.55, -0.40, 0.60))),
    "cross": HandPlace("spine02", (1, -0.8, -0.1), 20, twist=-10),
    "waist": HandPlace("spine03", (1, -0.7, -0.25), 20, twist=-30),
    "chest": HandPlace("spine01", (1, -0.7, -0.2), 14, twist=-60),
    "collar": HandPlace("spine01", (1, -0.75, 0.0), 38, palm=("spine01", (-0.55, 0.80, -0.05), (-0.75, -0.62, 0.10))),
    "chin": HandPlace("head", (0.35, -1, 0.1), 48, palm=("head", (-0.30, 0.92, 0.10), (-0.55, 0.0, 0.85))),
    "hair": HandPlace("head", (1, 0.1, 0.25), 20, palm=("head", (-0.18, 0.90, -0.35), (0.0, 0.40, 0.90))),
    "nape": HandPlace("head", (1, 0.1, 0.25), 20, palm=("head", (-0.75, 0.10, -0.65), (0.0, 1.0, 0.0))),
    "thigh": HandPlace("upperleg01", (1, -0.1, -0.5), 14, palm=("upperleg01", (-0.22, -0.95, 0.12), (0.9, -0.2, 0.1))),
    "cuff": HandPlace("", (1, -0.5, -0.2), 32, twist=-40),
}


class PartlyPosed(Protocol):
    """A body whose pose is known from the root to the shoulders, and perhaps one arm."""

    joints: dict[str, np.ndarray]
    measures: Measures
    clearance: float

    def transform(self, bone: str) -> np.ndarray:
        """[4, 4] from rest to pose of a bone."""
        ...

    def posed(self, bone: str) -> np.ndarray:
        """Where a bone's head has gone, [3]."""
        ...


def goal(body: PartlyPosed, side: str, arm: Arm) -> tuple[np.ndarray, np.ndarray]:
    """Where the wrist goes [3], metres, and where the elbow points [3].

    Args:
        body: trunk and legs posed, and for the `CUFF` the other arm.
        side: "L" or "R".
        arm: with a ``reach`` of `PLACES`.
    """
    mirror = np.array([1.0 if side == "L" else -1.0, 1, 1])
    place, chest = PLACES[arm.reach], body.transform("spine01")[:3, :3]
    pole = chest @ (np.array(place.pole) * mirror)
    if arm.reach == CUFF:
        other = body.posed("wrist.R" if side == "L" else "wrist.L")
        return other + chest @ (mirror * FROM_WRIST + [0, arm.lift, arm.over]), pole
    bone = f"{place.bone}.{side}" if place.bone == "upperleg01" else place.bone
    return transform_point(body.transform(bone), _at_rest(body, arm) * mirror), pole


def _at_rest(body: PartlyPosed, arm: Arm) -> np.ndarray:
    """The left wrist's place [3] on the resting body."""
    m, out, place = body.measures, body.clearance, PLACES[arm.reach].bone
    if place == "head":
        offset = {
            "hair": (0.156, -0.005, 0.02),
            "nape": (0.105, -0.045, -0.045),
            "chin": (0.055, -0.205, 0.125 + 0.5 * out),
        }[arm.reach]
        return body.joints["head"] + offset + [0, arm.lift, arm.over]
    if place == "upperleg01":
        hip, knee = body.joints["upperleg01.L"], body.joints["lowerleg01.L"]
        share = 0.5 - arm.lift / float(np.linalg.norm(knee - hip))
        ahead = 0.5 * m.half_width(m.crotch_y) + 0.035 + out + arm.over
        return hip + share * (knee - hip) + np.array([0.035, 0, ahead])
    return _on_hips(m, arm, out) if place == "root" else _on_chest(body.joints, m, arm, out)


def _on_hips(m: Measures, arm: Arm, out: float) -> np.ndarray:
    hip_y = float(m.hip[1])
    if arm.reach in ("hip", "pocket", "seat"):
        y, aside = {
            "hip": (m.waist_y - 0.035, 0.042),
            "pocket": (hip_y + 0.095, 0.02 - 0.5 * out),
            "seat": (hip_y - 0.06, 0.03),
        }[arm.reach]
        middle = float(m.front(y) + m.back(y)) / 2
        z = {"hip": middle - 0.05, "pocket": 0.25 * float(m.front(y)), "seat": middle}[arm.reach]
        return np.array([float(m.half_width(y)) + aside + 0.5 * out, y + arm.lift, z])
    if arm.reach == "back":
        y = hip_y + 0.07 + arm.lift
        return np.array([0.075, y, float(m.back(y)) - 0.045 - out - arm.over])
    x, y, ahead = {
        "front": (0.075, hip_y + 0.02, 0.045),
        "belly": (0.105, m.waist_y - 0.10, 0.03),
        "lap": (0.085, hip_y + 0.115, 0.11),
    }[arm.reach]
    y += arm.lift
    return np.array([x, y, float(m.front(y)) + ahead + out + arm.over])


def _on_chest(joints: Mapping[str, np.ndarray], m: Measures, arm: Arm, out: float) -> np.ndarray:
    bone = PLACES[arm.reach].bone
    x, above, ahead = {
        "cross": (-0.06, 0.02, 0.05),
        "waist": (-0.045, 0.0, 0.05),
        "chest": (0.03, -0.03, 0.04),
        "collar": (0.10, -0.02, 0.055),
    }[arm.reach]
    y = joints[bone][1] + above + arm.lift
    # the forearm lies on whatever stands out furthest between wrist and elbow
    surface = max(float(m.front(y + d)) for d in (-0.06, 0.0, 0.06))
    return np.array([x, y, surface + ahead + out + arm.over])
