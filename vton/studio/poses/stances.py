"""What a pose is: where arms, feet, spine and head go, in words that fit any body."""

from dataclasses import dataclass

Vector = tuple[float, float, float]


@dataclass(frozen=True)
class Arm:
    """An arm that hangs or points (``upper`` and ``fore``: directions), or reaches for a place on the body (``reach``).

    reach: of `places.PLACES`; lift, over: metres above that place, and further off the body; curl: degrees that the
    fingers bend more than in a relaxed hand; palm: direction from the index to the little finger of a hand that points,
    in the axes of the hips.
    """

    upper: Vector = (0.0, -1.0, 0.0)
    fore: Vector = (0.0, -1.0, 0.0)
    reach: str = ""
    lift: float = 0.0
    over: float = 0.0
    curl: float = 0.0
    palm: Vector | None = None

    @property
    def hangs(self) -> bool:
        """Whether the hand is down beside the body, with nothing to do."""
        return not self.reach and self.fore[1] < -0.8


@dataclass(frozen=True)
class Foot:
    """Where a foot is: metres from the middle to the person's left and to the front; degrees outwards; heel up.

    up: metres of the ankle above where it stands.
    """

    x: float
    z: float
    splay: float
    heel_up: float = 0.0
    up: float = 0.0


@dataclass(frozen=True)
class Stance:
    """A pose. Angles in degrees: spine and head turn about x (nod), y (turn to the left) and z (lean to the right).

    tilt: the left hip up; shift: metres of the hips to the left; yaw: of the whole body; pelvis_yaw: of the hips;
    seat: height of the hips over that of standing, 0 stands; pelvis_nod: of the hips, backwards below 0.
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
    seat: float = 0.0
    pelvis_nod: float = 0.0

    @property
    def frees_a_hand(self) -> bool:
        """Whether a bag can hang from a hand."""
        return not self.seat and (self.left.hangs or self.right.hangs)

    @property
    def folds_arms(self) -> bool:
        """Whether sleeves are pressed together or behind the back, which thick ones cannot be."""
        return bool({"cross", "waist", "back", "chin"} & {self.left.reach, self.right.reach})
