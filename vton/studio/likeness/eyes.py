"""Eyes of photographs: the front of MakeHuman's eyeballs, in the colours that the specs name."""

from pathlib import Path

import cv2
import numpy as np

from vton.schema import InputError
from vton.studio.likeness.faces import TO_LINEAR

EYES: dict[str, tuple[str, float, float]] = {
    "dark": ("brown", 12.0, 0.45),
    "brown": ("brown", 12.0, 0.85),
    "lightbrown": ("brownlight", 10.0, 0.95),
    "green": ("green", 0.0, 0.85),
    "blue": ("blue", 0.0, 0.9),
    "grey": ("grey", 0.0, 0.9),
    "deepblue": ("deepblue", 0.0, 0.9),
}
"""The texture of each iris, degrees by which its hue is turned from red towards yellow, and a factor of its light."""

CENTRE, IRIS_RADIUS = (0.705, 0.298), 0.117
"""Of the upper eyeball in the texture: shares of its width."""

IRIS = 0.50
"""The iris' radius over the eyeball's, seen from the front."""

WHITE = np.array([0.43, 0.40, 0.385], np.float32)
"""Mean linear colour of the white around the iris."""


def eye_albedo(folder: Path, iris: str, size: int = 256) -> np.ndarray:
    """The eyeball seen from the front, [size, size, 3] f32 linear.

    Raises:
        InputError: there is no such iris.
    """
    if iris not in EYES:
        raise InputError(f"No iris {iris!r}; there are {', '.join(EYES)}.")
    name, turn, light = EYES[iris]
    picture = np.asarray(cv2.imread(str(folder / f"{name}_eye.webp"), cv2.IMREAD_COLOR), np.uint8)
    width = picture.shape[1]
    centres = (np.arange(size, dtype=np.float32) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(centres, centres)
    reach = IRIS_RADIUS / IRIS * width
    at_x, at_y = ((CENTRE[i] * width + axis * reach).astype(np.float32) for i, axis in enumerate((x, y)))
    seen = cv2.remap(picture, at_x, at_y, cv2.INTER_AREA)
    hsv = cv2.cvtColor(seen, cv2.COLOR_BGR2HSV).astype(np.float32)
    radius = np.hypot(x, y)
    inside = np.clip((IRIS - radius) / 0.04, 0, 1)
    hsv[..., 0] = (hsv[..., 0] + inside * turn / 2) % 180
    albedo = cv2.LUT(cv2.cvtColor(hsv.astype(np.uint8), cv2.COLOR_HSV2RGB), TO_LINEAR)
    albedo *= (1 + inside * (light - 1))[..., None]
    ring = (radius > 0.56) & (radius < 0.75)
    white = albedo[ring].mean(0)
    albedo *= 1 + (1 - inside[..., None]) * (WHITE / white - 1)
    return np.clip(albedo, 0.004, 0.9)
