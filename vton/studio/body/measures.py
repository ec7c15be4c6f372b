"""Where a resting body has its neck, waist, crotch, arms ..., and how wide it is there: what clothes are cut by.

`measure` derives everything from the rest vertices and joints of one `BodyShape`; ``shape.measures`` holds it. The
body rests in the A-pose of MakeHuman (arms about 45 degrees from the body), stands on y = 0, faces +z, and is taken
as symmetric in x: points and axes are those of the person's left side, which is +x.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numba
import numpy as np

PROFILE_STEP = 0.012
PROFILE_HALF_WINDOW = 0.02
ARM_BINS = 24
CHEST_SHARE = 0.4
"""Of the way from waist to shoulders: the bust is above it."""


@dataclass(frozen=True)
class Measures:
    """Landmarks and profiles of a resting body, in metres.

    Attributes:
        height: of the crown of the head.
        neck, head: joints at the bottom and the top of the neck, [3].
        shoulder, elbow, wrist, hip, knee, ankle: joints of the left side, [3].
        hand: the middle of the knuckles of the left hand, [3].
        crotch_y: lowest point of the torso between the legs.
        high_hip_y: a good third of the way from crotch to waist, where the hips are widest.
        waist_y: where the torso is narrowest.
        bust_y: where the chest stands out furthest.
        profile_y: [P] heights, ascending, from below the crotch to above the bottom of the neck.
        profile_half_width: [P] half widths of the torso (arms and head left out) at these heights.
        profile_front, profile_back: [P] greatest and least z of the torso at these heights.
        arm_points: [4, 3] axis of the left arm: shoulder, elbow, wrist, and a point in the hand.
        arm_lengths: [4] length of the axis up to each of ``arm_points``.
        arm_radius_at: [24] lengths along the axis.
        arm_radius: [24] radius of the arm there.
    """

    height: float
    neck: np.ndarray
    head: np.ndarray
    shoulder: np.ndarray
    elbow: np.ndarray
    wrist: np.ndarray
    hand: np.ndarray
    hip: np.ndarray
    knee: np.ndarray
    ankle: np.ndarray
    crotch_y: float
    high_hip_y: float
    waist_y: float
    bust_y: float
    profile_y: np.ndarray
    profile_half_width: np.ndarray
    profile_front: np.ndarray
    profile_back: np.ndarray
    arm_points: np.ndarray
    arm_lengths: np.ndarray
    arm_radius_at: np.ndarray
    arm_radius: np.ndarray

    def half_width(self, y: np.ndarray | float) -> np.ndarray | np.float64:
        """Half width of the torso at heights ``y``; constant beyond the profile, like `front` and `back`."""
        return np.interp(y, self.profile_y, self.profile_half_width)

    def front(self, y: np.ndarray | float) -> np.ndarray | np.float64:
        """The torso's greatest z at heights ``y``."""
        return np.interp(y, self.profile_y, self.profile_front)

    def back(self, y: np.ndarray | float) -> np.ndarray | np.float64:
        """The torso's least z at heights ``y``."""
        return np.interp(y, self.profile_y, self.profile_back)

    def radius_of_arm(self, along: np.ndarray | float) -> np.ndarray | np.float64:
        """Radius of the arm at lengths ``along`` its axis."""
        return np.interp(along, self.arm_radius_at, self.arm_radius)

    def along_arm(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where points lie along the arm of their side.

        Args:
            points: [..., 3]; the right side is folded onto the left.

        Returns:
            Length along the axis (negative inside of the shoulder), and distance from it, both [...] f32.
        """
        folded = np.array(points, np.float32).reshape(-1, 3)
        folded[:, 0] = np.abs(folded[:, 0])
        along, away = _along_polyline(folded, self.arm_points.astype(np.float32), self.arm_lengths.astype(np.float32))
        return along.reshape(points.shape[:-1]), away.reshape(points.shape[:-1])


@dataclass(frozen=True)
class Regions:
    """Which of a mesh's vertices belong to the arms, legs, feet and head ([V] bool); helpers belong to none."""

    body: np.ndarray
    arm: np.ndarray
    leg: np.ndarray
    foot: np.ndarray
    head: np.ndarray

    @property
    def torso(self) -> np.ndarray:
        """Body without arms and head; the legs are in it."""
        return self.body & ~self.arm & ~self.head


def measure(vertices: np.ndarray, joints: Mapping[str, np.ndarray], regions: Regions) -> Measures:
    """The measures of a rest body.

    Args:
        vertices: [V, 3] metres, standing on y = 0.
        joints: head of each bone by name, [3] metres.
        regions: of the mesh.
    """
    body = vertices[regions.body]
    height = float(body[:, 1].max())
    hip, shoulder, neck = joints["upperleg01.L"], joints["upperarm01.L"], joints["neck01"]
    midline = body[(np.abs(body[:, 0]) < 0.012) & (body[:, 1] < hip[1] + 0.05)]
    crotch_y = float(midline[:, 1].min())
    torso = vertices[regions.torso & (~regions.leg | (vertices[:, 1] > crotch_y))]
    at = np.arange(crotch_y - 0.02, neck[1] + 0.06, PROFILE_STEP)
    half_width, front, back = _profiles(torso, at)
    waist = (at > 0.595 * height) & (at < 0.64 * height)
    waist_y = float(at[waist][np.argmin(half_width[waist])])
    # A round belly stands out further than the chest: look for the bust in the upper half only.
    chest = (at > waist_y + CHEST_SHARE * (shoulder[1] - waist_y)) & (at < shoulder[1])
    arm_points, arm_lengths, arm_radius_at, arm_radius = _arm(vertices[regions.arm & (vertices[:, 0] > 0)], joints)
    return Measures(
        height=height,
        neck=neck,
        head=joints["head"],
        shoulder=shoulder,
        elbow=joints["lowerarm01.L"],
        wrist=joints["wrist.L"],
        hand=(joints["finger2-1.L"] + joints["finger5-1.L"]) / 2,
        hip=hip,
        knee=joints["lowerleg01.L"],
        ankle=joints["foot.L"],
        crotch_y=crotch_y,
        high_hip_y=crotch_y + 0.36 * (waist_y - crotch_y),
        waist_y=waist_y,
        bust_y=float(at[chest][np.argmax(front[chest])]),
        profile_y=at,
        profile_half_width=half_width,
        profile_front=front,
        profile_back=back,
        arm_points=arm_points,
        arm_lengths=arm_lengths,
        arm_radius_at=arm_radius_at,
        arm_radius=arm_radius,
    )


def _profiles(torso: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = []
    for y in at:
        distance = np.abs(torso[:, 1] - y)
        near = torso[distance < max(PROFILE_HALF_WINDOW, float(distance.min()) + 1e-6)]
        rows.append((np.abs(near[:, 0]).max(), near[:, 2].max(), near[:, 2].min()))
    half_width, front, back = (_running_mean(column, np.full(5, 0.2)) for column in np.array(rows, np.float64).T)
    return half_width, front, back


def _arm(arm: np.ndarray, joints: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    shoulder, elbow, wrist = (joints[name] for name in ("upperarm01.L", "lowerarm01.L", "wrist.L"))
    points = np.stack([shoulder, elbow, wrist, wrist + (wrist - elbow) * 0.35])
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    along, away = _along_polyline(arm.astype(np.float32), points.astype(np.float32), lengths.astype(np.float32))
    bins = np.linspace(0, lengths[-1], ARM_BINS)
    near = [away[np.abs(along - b) < 0.025] for b in bins]
    radius = np.array([np.percentile(r, 80) if len(r) > 3 else np.nan for r in near])
    known = ~np.isnan(radius)
    radius = np.interp(bins, bins[known], radius[known])
    # Near the shoulder the vertices of the arm include the armpit's: hold the radius of the upper arm there.
    upper = np.interp(0.15, bins, radius) * 1.06 + 0.02 * np.clip(0.06 - bins, 0, 1)
    radius = np.where(bins < 0.15, np.minimum(radius, upper), radius)
    return points, lengths, bins, _running_mean(radius, np.array([0.25, 0.5, 0.25]))


def _running_mean(values: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.convolve(np.pad(values, len(kernel) // 2, mode="edge"), kernel, "valid")


@numba.njit(cache=True)
def _along_polyline(points: np.ndarray, axis: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Length along and distance from the nearest of the axis' segments, whose ends run on straight."""
    count = points.shape[0]
    along = np.zeros(count, np.float32)
    away = np.full(count, 1e9, np.float32)
    last = axis.shape[0] - 2
    for s in range(axis.shape[0] - 1):
        length = lengths[s + 1] - lengths[s]
        direction = (axis[s + 1] - axis[s]) / length
        low = -10.0 if s == 0 else 0.0
        high = 10.0 if s == last else length
        for p in range(count):
            t = 0.0
            for i in range(3):
                t += (points[p, i] - axis[s, i]) * direction[i]
            t = min(max(t, low), high)
            square = 0.0
            for i in range(3):
                square += (points[p, i] - axis[s, i] - t * direction[i]) ** 2
            distance = np.sqrt(square)
            if distance < away[p]:
                away[p] = distance
                along[p] = lengths[s] + t
    return along, away
