"""What of a person a photo shows: the whole, or from the head to the thighs, the hips or the chest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from vton.schema import InputError
from vton.studio.body.shape import BodyShape
from vton.studio.raster.camera import StudioCamera
from vton.studio.specs.photo import LensSpec, ViewSpec

PICTURE_M = 1.95
"""What a full-length photo shows from top to bottom, about."""

CAMERA_M = 6.5
"""z of the camera of whole persons."""


@dataclass(frozen=True)
class Crop:
    """A framing that shows a part of a person.

    highest, lowest: where the lower edge lies at most and at least, as (from joint, to joint, share of the way); joints
    of `Landmarks`. shown: share of the person's surface that is in the picture; height: its height over that of a photo
    of the whole person. Both about.
    """

    highest: tuple[str, str, float]
    lowest: tuple[str, str, float]
    shown: float
    height: float


CROPS: dict[str, Crop] = {
    "thigh": Crop(("hips", "knees", 0.35), ("hips", "knees", 0.85), 0.75, 0.65),
    "hip": Crop(("hips", "knees", -0.10), ("hips", "knees", 0.28), 0.6, 0.5),
    "near": Crop(("neck", "hips", 0.42), ("neck", "hips", 0.78), 0.35, 0.36),
}
FRAMINGS = ("full", "half", *CROPS)

HAIR_M = 0.04
"""From the crown of the head to the top of the hair."""

LEAN = 0.3
"""Of the way from neck to hips at which a leaning person's middle lies."""


@dataclass(frozen=True)
class Landmarks:
    """Points [3] of a posed body, metres: top of the head, bottom of the neck, middle of the hips and of the knees."""

    crown: np.ndarray
    neck: np.ndarray
    hips: np.ndarray
    knees: np.ndarray

    @classmethod
    def of(cls, shape: BodyShape, transforms: np.ndarray) -> "Landmarks":
        """Of a body whose bones have transforms [B, 4, 4] from rest to pose."""

        def posed(bone: str, at_rest: np.ndarray) -> np.ndarray:
            matrix = transforms[shape.model.bone_index[bone]]
            return matrix[:3, :3] @ at_rest + matrix[:3, 3]

        def middle(bone: str) -> np.ndarray:
            return (posed(f"{bone}.L", shape.joints[f"{bone}.L"]) + posed(f"{bone}.R", shape.joints[f"{bone}.R"])) / 2

        head = shape.joints["head"]
        crown = np.array([head[0], shape.measures.height, head[2]])
        neck = posed("neck01", shape.joints["neck01"])
        return cls(posed("head", crown), neck, middle("upperleg01"), middle("lowerleg01"))

    def raised(self, top_y: float) -> "Landmarks":
        """With the crown under tall hair or a hat that ends at a height."""
        crown = self.crown.copy()
        crown[1] = max(crown[1], top_y - HAIR_M)
        return replace(self, crown=crown)


def shown_share(framing: str) -> float:
    """About how much of a person is in the picture, 0..1."""
    return CROPS[framing].shown if framing in CROPS else 1.0


def pixels_per_metre(framing: str, height_px: int) -> float:
    """About how large a person is in a photo of ``height_px``."""
    return height_px / (PICTURE_M * (CROPS[framing].height if framing in CROPS else 1.0))


def eye_of(landmarks: Landmarks, view: ViewSpec) -> tuple[float, float, float]:
    """Where the camera of a view stands, metres; of whole persons about."""
    return crop_camera(landmarks, view).eye if view.framing in CROPS else (0.0, view.eye_height, CAMERA_M)


def crop_camera(landmarks: Landmarks, view: ViewSpec) -> StudioCamera:
    """The camera of a view that shows a part of a person.

    Raises:
        InputError: the view's framing is none of `CROPS`.
    """
    if view.framing not in CROPS:
        raise InputError(f"No framing {view.framing!r}: use {', '.join(FRAMINGS)}.")
    crop, lens = CROPS[view.framing], view.lens or LensSpec()
    high, low = (_between(landmarks, *edge) for edge in (crop.highest, crop.lowest))
    bottom = high + lens.low * (low - high)
    top = float(landmarks.crown[1]) + HAIR_M + lens.headroom
    middle = landmarks.neck + LEAN * (landmarks.hips - landmarks.neck)
    target = (float(middle[0]) + view.shift_x, (top + bottom) / 2, float(landmarks.neck[2]))
    eye = (target[0] + lens.aside, target[1] + lens.rise, target[2] + lens.distance)
    return StudioCamera(eye, target, top - bottom, roll_deg=lens.roll_deg)


def _between(landmarks: Landmarks, start: str, end: str, share: float) -> float:
    start_y, end_y = (float(getattr(landmarks, name)[1]) for name in (start, end))
    return start_y + share * (end_y - start_y)


def parse_shares(text: str) -> Mapping[str, float]:
    """Shares of framings, written like ``thigh=0.2,hip=0.15``; what is left to 1 is "full".

    Raises:
        InputError: there is no such framing, or the shares are no numbers of which the sum is at most 1.
    """
    shares: dict[str, float] = {}
    for word in filter(None, text.split(",")):
        name, _, number = word.partition("=")
        try:
            shares[name.strip()] = float(number)
        except ValueError:
            raise InputError(f"Cannot read --framings '{text[:60]}': write it like thigh=0.2,hip=0.15.") from None
    if unknown := sorted(set(shares) - set(FRAMINGS)):
        raise InputError(f"No framing {unknown[0][:20]!r}: --framings takes {', '.join(FRAMINGS)}.")
    total = sum(shares.values())
    if not all(share >= 0 for share in shares.values()) or not total <= 1 + 1e-9:
        raise InputError("The shares of --framings must not be negative, and their sum at most 1.")
    return {"full": max(0.0, 1 - total)} | shares if "full" not in shares else shares
