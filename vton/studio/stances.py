"""The table of poses: where arms, feet, spine and head go, in words that fit any body."""

from dataclasses import dataclass

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Arm:
    """An arm that hangs or points (``upper`` and ``fore``: directions), or reaches for a place on the body (``reach``).

    reach: "hip", "pocket", "cross", "chest", "hair", "nape" or "front"; lift: metres above that place.
    """

    upper: Vector = (0.0, -1.0, 0.0)
    fore: Vector = (0.0, -1.0, 0.0)
    reach: str = ""
    lift: float = 0.0


@dataclass(frozen=True)
class Foot:
    """Where a foot stands: metres from the middle to the person's left and to the front; degrees outwards; heel up."""

    x: float
    z: float
    splay: float
    heel_up: float = 0.0


@dataclass(frozen=True)
class Stance:
    """A pose. Angles in degrees: spine and head turn about x (nod), y (turn to the left) and z (lean to the right).

    tilt: the left hip up; shift: metres of the hips to the left; yaw: of the whole body; pelvis_yaw: of the hips.
    """

    left: Arm
    right: Arm
    left_foot: Foot
    right_foot: Foot
    tilt: float = 0.0
    shift: float = 0.0
    yaw: float = 0.0
    pelvis_yaw: float = 0.0
    spine: Vector = (0.0, 0.0, 0.0)
    head: Vector = (0.0, 0.0, 0.0)


def _left(upper: Vector, fore: Vector) -> Arm:
    return Arm(upper, fore)


def _right(upper: Vector, fore: Vector) -> Arm:
    """Written like the left arm's directions: x outwards."""
    return Arm((-upper[0], *upper[1:]), (-fore[0], *fore[1:]))


def _to(place: str, lift: float = 0.0) -> Arm:
    return Arm(reach=place, lift=lift)


_HANG_LEFT = _left((0.16, -0.98, 0.02), (0.10, -0.97, 0.20))
_HANG_RIGHT = _right((0.16, -0.98, 0.02), (0.10, -0.97, 0.20))
_EASY_LEFT = _left((0.20, -0.97, -0.04), (0.14, -0.95, 0.26))
_EASY_RIGHT = _right((0.20, -0.97, 0.0), (0.12, -0.96, 0.22))

STANCES: dict[str, Stance] = {
    "stand": Stance(_HANG_LEFT, _HANG_RIGHT, Foot(0.10, 0, 10), Foot(-0.10, 0, 10)),
    "relaxed": Stance(
        _EASY_LEFT, _EASY_RIGHT, Foot(0.09, -0.01, 12), Foot(-0.13, 0.05, 20), tilt=3, shift=0.03, head=(0, -6, 3)
    ),
    "contra": Stance(
        _left((0.24, -0.96, -0.05), (0.20, -0.93, 0.28)), _right((0.18, -0.97, 0.04), (0.12, -0.94, 0.30)),
        Foot(0.06, -0.03, 8), Foot(-0.15, 0.07, 26), tilt=6, shift=0.05, spine=(0, 0, -5), head=(2, 8, -4),
    ),
    "hiphand_l": Stance(
        _to("hip"), _right((0.18, -0.97, 0.02), (0.10, -0.96, 0.24)),
        Foot(0.06, -0.02, 10), Foot(-0.14, 0.05, 22), tilt=5, shift=0.04, spine=(0, 0, -4), head=(0, -8, 4),
    ),
    "hiphand_r": Stance(
        _left((0.20, -0.97, -0.02), (0.14, -0.95, 0.24)), _to("hip"),
        Foot(0.14, 0.06, 20), Foot(-0.06, -0.02, 8), tilt=-4, shift=-0.03, spine=(0, 0, 3), head=(0, 10, -3),
    ),
    "hips_both": Stance(_to("hip"), _to("hip"), Foot(0.15, 0, 14), Foot(-0.15, 0, 14), spine=(-2, 0, 0)),
    "walk_l": Stance(
        _left((0.16, -0.95, -0.26), (0.12, -0.96, 0.05)), _right((0.14, -0.95, 0.24), (0.06, -0.86, 0.50)),
        Foot(0.05, 0.17, 4), Foot(-0.05, -0.20, 6, 28), pelvis_yaw=-6, spine=(2, -5, 0), head=(0, 2, 0),
    ),
    "walk_r": Stance(
        _left((0.14, -0.95, 0.24), (0.06, -0.86, 0.50)), _right((0.16, -0.95, -0.26), (0.12, -0.96, 0.05)),
        Foot(0.05, -0.18, 6, 24), Foot(-0.05, 0.15, 4), pelvis_yaw=6, spine=(2, 5, 0), head=(0, -3, 0),
    ),
    "stride": Stance(
        _left((0.18, -0.94, -0.30), (0.14, -0.97, 0.02)), _right((0.14, -0.94, 0.28), (0.05, -0.84, 0.54)),
        Foot(0.05, 0.24, 5), Foot(-0.05, -0.25, 8, 30), yaw=-16, pelvis_yaw=-8, spine=(2, -6, 0), head=(0, 12, 0),
    ),
    "pocket_l": Stance(
        _to("pocket"), _right((0.20, -0.97, 0.02), (0.12, -0.95, 0.25)),
        Foot(0.07, -0.01, 10), Foot(-0.14, 0.04, 18), tilt=4, shift=0.03, head=(0, 6, 0),
    ),
    "pocket_both": Stance(
        _to("pocket"), _to("pocket"), Foot(0.12, 0, 14), Foot(-0.12, 0.02, 14), head=(2, 0, 0)
    ),
    "crossed": Stance(
        _to("cross", 0.03), _to("cross", -0.02), Foot(0.11, 0, 12), Foot(-0.11, 0, 12), spine=(-3, 0, 0)
    ),
    "cross_leg": Stance(
        _left((0.22, -0.96, -0.04), (0.16, -0.95, 0.22)), _right((0.20, -0.97, 0.0), (0.14, -0.94, 0.26)),
        Foot(0.03, -0.04, 8), Foot(0.02, 0.09, 14), tilt=3, shift=0.02, head=(0, -5, 2),
    ),
    "step_out": Stance(
        _left((0.34, -0.93, -0.08), (0.22, -0.93, 0.26)), _right((0.20, -0.97, 0.04), (0.16, -0.93, 0.30)),
        Foot(0.06, 0, 6), Foot(-0.24, 0.06, 30), tilt=4, shift=0.05, head=(0, -10, 3),
    ),
    "hand_chest": Stance(
        _to("chest"), _EASY_RIGHT, Foot(0.07, 0, 10), Foot(-0.13, 0.05, 20), tilt=4, shift=0.03, head=(3, 8, -5)
    ),
    "hair_touch": Stance(
        _left((0.24, -0.96, -0.04), (0.18, -0.94, 0.26)), _to("hair"),
        Foot(0.06, -0.01, 10), Foot(-0.14, 0.05, 22), tilt=5, shift=0.04, spine=(0, 0, -4), head=(2, 8, -8),
    ),
    "nape": Stance(
        _to("nape"), _EASY_RIGHT, Foot(0.06, -0.02, 10), Foot(-0.14, 0.06, 22), tilt=4, shift=0.04,
        spine=(0, 3, -3), head=(3, -12, 4),
    ),
    "turn_l": Stance(
        _left((0.18, -0.97, 0.0), (0.12, -0.95, 0.25)), _right((0.18, -0.97, -0.04), (0.12, -0.96, 0.20)),
        Foot(0.09, -0.02, 14), Foot(-0.10, 0.06, 10), tilt=2, shift=0.02, yaw=30, head=(0, -22, 0),
    ),
    "turn_r": Stance(
        _left((0.18, -0.97, -0.04), (0.12, -0.96, 0.20)), _right((0.18, -0.97, 0.02), (0.10, -0.95, 0.26)),
        Foot(0.10, 0.06, 10), Foot(-0.09, -0.02, 14), tilt=-2, shift=-0.02, yaw=-30, head=(0, 22, 0),
    ),
    "turn_hip": Stance(
        _to("hip"), _right((0.18, -0.97, -0.02), (0.12, -0.96, 0.20)),
        Foot(0.06, -0.02, 8), Foot(-0.13, 0.08, 22), tilt=5, shift=0.04, yaw=-22, head=(0, 18, 2),
    ),
    "wide": Stance(
        _left((0.30, -0.95, 0.0), (0.20, -0.95, 0.20)), _right((0.30, -0.95, 0.0), (0.20, -0.95, 0.20)),
        Foot(0.20, 0, 18), Foot(-0.20, 0, 18),
    ),
    "elbow_bag": Stance(
        _left((0.20, -0.97, 0.0), (0.16, -0.35, 0.92)), _right((0.18, -0.97, 0.02), (0.12, -0.96, 0.20)),
        Foot(0.07, 0, 10), Foot(-0.12, 0.05, 18), tilt=3, shift=0.03, head=(0, -6, 2),
    ),
    "behind": Stance(
        _left((0.28, -0.93, -0.24), (-0.20, -0.93, -0.32)), _right((0.28, -0.93, -0.24), (-0.20, -0.93, -0.32)),
        Foot(0.08, 0, 10), Foot(-0.12, 0.05, 18), tilt=3, shift=0.02, head=(0, 5, 0),
    ),
    "hands_front": Stance(
        _to("front"), _to("front", 0.03), Foot(0.08, 0, 10), Foot(-0.11, 0.03, 14), tilt=2, shift=0.02, head=(2, 6, -2)
    ),
}  # fmt: skip
