"""The table of poses. Presets of the app (`vton.conditioning.pose.presets`) have the names that poses have here."""

from vton.studio.poses.stances import Arm, Foot, Stance, Vector


def _left(upper: Vector, fore: Vector, curl: float = 0.0, palm: Vector | None = None) -> Arm:
    return Arm(upper, fore, curl=curl, palm=palm)


def _right(upper: Vector, fore: Vector, curl: float = 0.0, palm: Vector | None = None) -> Arm:
    """Written like the left arm's directions: x outwards."""
    return Arm((-upper[0], *upper[1:]), (-fore[0], *fore[1:]), curl=curl, palm=palm)


def _to(place: str, lift: float = 0.0, over: float = 0.0, curl: float = 0.0) -> Arm:
    return Arm(reach=place, lift=lift, over=over, curl=curl)


_HANG_LEFT = _left((0.16, -0.98, 0.02), (0.10, -0.97, 0.20))
_HANG_RIGHT = _right((0.16, -0.98, 0.02), (0.10, -0.97, 0.20))
_EASY_LEFT = _left((0.20, -0.97, -0.04), (0.14, -0.95, 0.26))
_EASY_RIGHT = _right((0.20, -0.97, 0.0), (0.12, -0.96, 0.22))

STANCES: dict[str, Stance] = {
    "stand": Stance(_HANG_LEFT, _HANG_RIGHT, Foot(0.10, 0, 10), Foot(-0.10, 0, 10)),
    "relaxed": Stance(
        _EASY_LEFT, _EASY_RIGHT, Foot(0.09, -0.01, 12), Foot(-0.13, 0.05, 20), tilt=3, shift=0.03, head=(0, -6, 3)
    ),
    "contrapposto": Stance(
        _left((0.24, -0.96, -0.05), (0.20, -0.93, 0.28)), _right((0.18, -0.97, 0.04), (0.12, -0.94, 0.30)),
        Foot(0.06, -0.03, 8), Foot(-0.15, 0.07, 26), tilt=6, shift=0.05, spine=(0, 0, -5), head=(2, 8, -4),
    ),
    "hip-left": Stance(
        _to("hip"), _right((0.18, -0.97, 0.02), (0.10, -0.96, 0.24)),
        Foot(0.06, -0.02, 10), Foot(-0.14, 0.05, 22), tilt=5, shift=0.04, spine=(0, 0, -4), head=(0, -8, 4),
    ),
    "hip-right": Stance(
        _left((0.20, -0.97, -0.02), (0.14, -0.95, 0.24)), _to("hip"),
        Foot(0.14, 0.06, 20), Foot(-0.06, -0.02, 8), tilt=-4, shift=-0.03, spine=(0, 0, 3), head=(0, 10, -3),
    ),
    "hips-both": Stance(_to("hip"), _to("hip"), Foot(0.15, 0, 14), Foot(-0.15, 0, 14), spine=(-2, 0, 0)),
    "walk-left": Stance(
        _left((0.16, -0.95, -0.26), (0.12, -0.96, 0.05)), _right((0.14, -0.95, 0.24), (0.06, -0.86, 0.50)),
        Foot(0.05, 0.17, 4), Foot(-0.05, -0.20, 6, 28), pelvis_yaw=-6, spine=(2, -5, 0), head=(0, 2, 0),
    ),
    "walk-right": Stance(
        _left((0.14, -0.95, 0.24), (0.06, -0.86, 0.50)), _right((0.16, -0.95, -0.26), (0.12, -0.96, 0.05)),
        Foot(0.05, -0.18, 6, 24), Foot(-0.05, 0.15, 4), pelvis_yaw=6, spine=(2, 5, 0), head=(0, -3, 0),
    ),
    "stride": Stance(
        _left((0.18, -0.94, -0.30), (0.14, -0.97, 0.02)), _right((0.14, -0.94, 0.28), (0.05, -0.84, 0.54)),
        Foot(0.05, 0.24, 5), Foot(-0.05, -0.25, 8, 30), yaw=-16, pelvis_yaw=-8, spine=(2, -6, 0), head=(0, 12, 0),
    ),
    "pocket-left": Stance(
        _to("pocket"), _right((0.20, -0.97, 0.02), (0.12, -0.95, 0.25)),
        Foot(0.07, -0.01, 10), Foot(-0.14, 0.04, 18), tilt=4, shift=0.03, head=(0, 6, 0),
    ),
    "pockets-both": Stance(
        _to("pocket"), _to("pocket"), Foot(0.12, 0, 14), Foot(-0.12, 0.02, 14), head=(2, 0, 0)
    ),
    "arms-crossed": Stance(
        _to("cross", 0.03, 0.03), _to("cross", -0.02), Foot(0.11, 0, 12), Foot(-0.11, 0, 12), spine=(-3, 0, 0)
    ),
    "legs-crossed": Stance(
        _left((0.22, -0.96, -0.04), (0.16, -0.95, 0.22)), _right((0.20, -0.97, 0.0), (0.14, -0.94, 0.26)),
        Foot(-0.04, -0.07, 4), Foot(0.06, 0.10, 4), tilt=3, shift=0.0, head=(0, -5, 2),
    ),
    "step-out": Stance(
        _left((0.34, -0.93, -0.08), (0.22, -0.93, 0.26)), _right((0.20, -0.97, 0.04), (0.16, -0.93, 0.30)),
        Foot(0.06, 0, 6), Foot(-0.24, 0.06, 30), tilt=4, shift=0.05, head=(0, -10, 3),
    ),
    "hand-chest": Stance(
        _to("chest"), _EASY_RIGHT, Foot(0.07, 0, 10), Foot(-0.13, 0.05, 20), tilt=4, shift=0.03, head=(3, 8, -5)
    ),
    "hand-hair": Stance(
        _left((0.24, -0.96, -0.04), (0.18, -0.94, 0.26)), _to("hair"),
        Foot(0.06, -0.01, 10), Foot(-0.14, 0.05, 22), tilt=5, shift=0.04, spine=(0, 0, -4), head=(2, 8, -8),
    ),
    "nape": Stance(
        _to("nape"), _EASY_RIGHT, Foot(0.06, -0.02, 10), Foot(-0.14, 0.06, 22), tilt=4, shift=0.04,
        spine=(0, 3, -3), head=(3, -12, 4),
    ),
    "turn-left": Stance(
        _left((0.18, -0.97, 0.0), (0.12, -0.95, 0.25)), _right((0.18, -0.97, -0.04), (0.12, -0.96, 0.20)),
        Foot(0.09, -0.02, 14), Foot(-0.10, 0.06, 10), tilt=2, shift=0.02, yaw=42, head=(0, -16, 0),
    ),
    "turn-right": Stance(
        _left((0.18, -0.97, -0.04), (0.12, -0.96, 0.20)), _right((0.18, -0.97, 0.02), (0.10, -0.95, 0.26)),
        Foot(0.10, 0.06, 10), Foot(-0.09, -0.02, 14), tilt=-2, shift=-0.02, yaw=-42, head=(0, 16, 0),
    ),
    "turn-hip": Stance(
        _to("hip"), _right((0.18, -0.97, -0.02), (0.12, -0.96, 0.20)),
        Foot(0.06, -0.02, 8), Foot(-0.13, 0.08, 22), tilt=5, shift=0.04, yaw=-35, head=(0, 20, 2),
    ),
    "wide": Stance(
        _left((0.30, -0.95, 0.0), (0.20, -0.95, 0.20)), _right((0.30, -0.95, 0.0), (0.20, -0.95, 0.20)),
        Foot(0.20, 0, 18), Foot(-0.20, 0, 18),
    ),
    "elbow-bag": Stance(
        _left((0.20, -0.97, 0.0), (0.16, -0.35, 0.92)), _right((0.18, -0.97, 0.02), (0.12, -0.96, 0.20)),
        Foot(0.07, 0, 10), Foot(-0.12, 0.05, 18), tilt=3, shift=0.03, head=(0, -6, 2),
    ),
    "arms-behind": Stance(
        _to("back", 0.03, 0.04), _to("back"), Foot(0.08, 0, 10), Foot(-0.12, 0.05, 18), tilt=3, shift=0.02,
        spine=(-2, 0, 0), head=(0, 5, 0),
    ),
    "hands-front": Stance(
        _to("front"), _to("front", 0.03, 0.03), Foot(0.08, 0, 10), Foot(-0.11, 0.03, 14), tilt=2, shift=0.02,
        head=(2, 6, -2),
    ),
    "hands-waist": Stance(
        _to("belly", 0.0, 0.03), _to("belly", -0.03), Foot(0.09, 0, 10), Foot(-0.10, 0.03, 14), tilt=2, shift=0.02,
        head=(0, -6, 2),
    ),
    "hand-belly": Stance(
        _to("belly"), _EASY_RIGHT, Foot(0.08, 0, 10), Foot(-0.12, 0.04, 18), tilt=3, shift=0.03, head=(6, 6, -2)
    ),
    "hand-chin": Stance(
        _to("chin"), _to("waist"), Foot(0.07, 0, 10), Foot(-0.13, 0.05, 20), tilt=4, shift=0.03, head=(4, 4, -3)
    ),
    "hand-collar": Stance(
        _to("collar"), _EASY_RIGHT, Foot(0.07, 0, 8), Foot(-0.12, 0.05, 20), tilt=3, shift=0.03, head=(0, -10, 3)
    ),
    "hands-hair": Stance(
        _to("hair"), _to("hair", -0.01), Foot(0.08, 0, 10), Foot(-0.12, 0.04, 16), tilt=4, shift=0.03,
        spine=(-3, 0, -3), head=(0, 0, 4),
    ),
    "arm-hold": Stance(
        _to("waist", 0.02), _right((0.14, -0.98, 0.06), (0.06, -0.97, 0.22)),
        Foot(0.07, 0, 8), Foot(-0.11, 0.04, 14), tilt=4, shift=0.03, head=(3, 10, -4),
    ),
    "cuff": Stance(
        _to("cuff"), _right((0.16, -0.97, 0.10), (-0.62, -0.15, 0.77), palm=(0.1, -0.6, -0.8)),
        Foot(0.10, 0, 12), Foot(-0.11, 0.03, 12), tilt=1, spine=(2, 0, 0), head=(8, -6, 0),
    ),
    "arm-up": Stance(
        _left((0.42, 0.86, 0.05), (-0.10, 0.98, 0.14), palm=(0.95, 0.0, -0.3)), _EASY_RIGHT,
        Foot(0.07, 0, 10), Foot(-0.12, 0.04, 18), tilt=-3, shift=-0.02, spine=(0, 0, 3), head=(-3, 8, 2),
    ),
    "wave": Stance(
        _left((0.80, -0.42, 0.30), (0.30, 0.93, 0.22), palm=(0.95, 0.1, 0.0)), _EASY_RIGHT,
        Foot(0.08, 0, 10), Foot(-0.11, 0.03, 16), tilt=3, shift=0.02, head=(0, 6, -4),
    ),
    "arms-open": Stance(
        _left((0.42, -0.90, 0.06), (0.62, -0.40, 0.68), palm=(0.5, -0.25, -0.8)),
        _right((0.42, -0.90, 0.06), (0.62, -0.40, 0.68), palm=(-0.5, -0.25, -0.8)),
        Foot(0.11, 0, 14), Foot(-0.12, 0.03, 16), head=(-2, 4, 0),
    ),
    "pocket-hip": Stance(
        _to("pocket"), _to("hip"), Foot(0.12, 0.05, 20), Foot(-0.07, -0.01, 8), tilt=-5, shift=-0.04,
        spine=(0, 0, 4), head=(0, -8, -3),
    ),
    "pocket-walk": Stance(
        _to("pocket"), _right((0.16, -0.95, 0.20), (0.08, -0.88, 0.46), curl=16),
        Foot(0.05, -0.18, 6, 24), Foot(-0.05, 0.15, 4), pelvis_yaw=6, spine=(2, 4, 0), head=(0, 6, 0),
    ),
    "pocket-chin": Stance(
        _to("chin", -0.01), _to("pocket"), Foot(0.12, 0.04, 18), Foot(-0.08, -0.01, 8), tilt=-3, shift=-0.02,
        head=(2, -8, 4),
    ),
    "hips-fists": Stance(
        _to("hip", 0.0, curl=45), _to("hip", 0.0, curl=45), Foot(0.17, 0, 16), Foot(-0.17, 0, 16), spine=(-3, 0, 0),
        head=(-3, 0, 0),
    ),
    "knee-in": Stance(
        _EASY_LEFT, _to("hip"), Foot(0.07, 0, 8), Foot(-0.07, 0.06, -8, 24), tilt=6, shift=0.04, spine=(0, 0, -5),
        head=(2, 10, -5),
    ),
    "slouch": Stance(
        _to("pocket"), _EASY_RIGHT, Foot(0.08, -0.02, 12), Foot(-0.16, 0.09, 24), tilt=6, shift=0.06,
        spine=(7, 4, -6), head=(-4, -12, 5),
    ),
    "lean": Stance(
        _left((0.26, -0.96, 0.02), (0.20, -0.95, 0.22)), _to("hip"),
        Foot(0.18, 0.04, 22), Foot(-0.07, -0.01, 8), tilt=-6, shift=-0.06, spine=(0, 0, 9), head=(0, 8, 3),
    ),
    "attention": Stance(
        _left((0.12, -0.99, 0.0), (0.06, -0.99, 0.10)), _right((0.12, -0.99, 0.0), (0.06, -0.99, 0.10)),
        Foot(0.065, 0, 8), Foot(-0.065, 0, 8), spine=(-2, 0, 0),
    ),
    "look-down": Stance(
        _EASY_LEFT, _to("pocket"), Foot(0.09, 0.02, 14), Foot(-0.09, -0.01, 10), tilt=-3, shift=-0.02,
        head=(16, 10, 0),
    ),
    "turn-arms-crossed": Stance(
        _to("cross", 0.03, 0.03), _to("cross", -0.02), Foot(0.10, 0.03, 12), Foot(-0.10, -0.02, 14), tilt=3, shift=0.02,
        yaw=38, spine=(-2, -4, 0), head=(0, -20, 0),
    ),
    "turn-pocket": Stance(
        _to("pocket"), _right((0.18, -0.97, -0.04), (0.12, -0.96, 0.20)),
        Foot(0.08, 0.02, 12), Foot(-0.11, -0.02, 16), tilt=3, shift=0.03, yaw=-48, head=(0, 22, 0),
    ),
    "turn-walk": Stance(
        _left((0.16, -0.94, -0.28), (0.12, -0.97, 0.04), curl=12),
        _right((0.14, -0.94, 0.26), (0.06, -0.86, 0.50), curl=12),
        Foot(0.05, 0.22, 4), Foot(-0.05, -0.22, 6, 28), yaw=45, pelvis_yaw=-6, spine=(2, -6, 0), head=(0, -10, 0),
    ),
    "side": Stance(
        _left((0.16, -0.98, 0.04), (0.08, -0.97, 0.22)), _right((0.16, -0.98, 0.0), (0.08, -0.97, 0.20)),
        Foot(0.08, 0.03, 8), Foot(-0.08, -0.03, 10), yaw=82, head=(0, -12, 0),
    ),
    "side-walk": Stance(
        _left((0.14, -0.93, -0.32), (0.10, -0.98, 0.0), curl=14),
        _right((0.12, -0.93, 0.32), (0.04, -0.84, 0.54), curl=14),
        Foot(0.05, 0.24, 4), Foot(-0.05, -0.25, 6, 30), yaw=76, pelvis_yaw=-6, spine=(2, -6, 0), head=(0, -4, 0),
    ),
    "over-shoulder": Stance(
        _EASY_LEFT, _EASY_RIGHT, Foot(0.09, -0.01, 12), Foot(-0.11, 0.04, 16), tilt=4, shift=0.03, yaw=130,
        spine=(0, -22, 0), head=(0, -54, 0),
    ),
    "sit": Stance(
        _to("thigh"), _to("thigh"), Foot(0.13, 0.42, 10), Foot(-0.13, 0.40, 10), seat=0.54, pelvis_nod=-12,
        spine=(4, 0, 0),
    ),
    "sit-crossed": Stance(
        _to("lap", 0.03, 0.02), _to("lap", 0.06, 0.05), Foot(0.03, 0.36, 4), Foot(0.10, 0.58, 2, -24, 0.20), seat=0.54,
        pelvis_nod=-12, spine=(3, 0, 0), head=(0, 8, -2), yaw=-18,
    ),
    "sit-hands-seat": Stance(
        _to("seat"), _to("seat"), Foot(0.12, 0.36, 12), Foot(-0.10, 0.46, 14), seat=0.60, pelvis_nod=-10,
        spine=(0, 0, 0), head=(0, -10, 0), yaw=15,
    ),
    "perch": Stance(
        _to("thigh", 0.02), _EASY_RIGHT, Foot(0.11, 0.26, 10), Foot(-0.14, 0.34, 18), seat=0.78, pelvis_nod=-10,
        spine=(2, 0, 0), head=(0, 6, 0),
    ),
    "perch-crossed-arms": Stance(
        _to("cross", 0.03, 0.03), _to("cross", -0.02), Foot(0.06, 0.40, 8), Foot(-0.02, 0.48, 10), seat=0.80,
        pelvis_nod=-10, spine=(2, 0, 0), head=(0, -6, 2), yaw=12,
    ),
}  # fmt: skip
