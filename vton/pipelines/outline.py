"""The outline of a generated person: no glow, no mixed colours, but background up to the person."""

import cv2
import numpy as np

from vton.conditioning.masks import disc, distance_to, grown, nearest_colours, shrunk

# Lengths in pixels of the generator.
_OFF = 4  # beyond the outline, where the background is free of the person
_CORE = 1  # within the outline, where the person is free of the background
_DEEP = 3  # within it, where the colours are surely those of what is at the outline
_FROM, _TO = 3.5, 2.5  # within it, up to where a pixel may turn out to be background
_SOFT = 2.0  # standard deviation of the blur of the background that is spread
_APART = 30.0, 80.0  # of 255: how different both sides must be for colours to tell, a little and fully
_PERSON = 0.0, 0.25  # of the way from the colour of the background to the person's: from where on, and fully


def with_clean_outline(image_u8: np.ndarray, person: np.ndarray, scale: int) -> np.ndarray:
    """The picture with a person whose outline shows nothing but the person and the background.

    Generators light up the background beside a person and draw limbs thinner than their parsing has them. Next to the
    outline the background is spread from where it is undisturbed; so are the person's colours; and what lies within the
    parsing's outline but looks like the background is background (a matte by the projection of colours, as in
    Smith and Blinn 1996).

    Args:
        image_u8: [H, W, 3], uint8; person: [H, W], float32, 0..1, the parsing's share of anything but background.
        scale: pixels of the picture per pixel of the generator.

    Returns:
        [H, W, 3], uint8. Away from the outline not a bit changes.
    """
    inside = person > 0.5
    off, deep = ~grown(inside, disc(_OFF * scale)), shrunk(inside, disc(_DEEP * scale))
    if not (off.any() and deep.any()):
        return image_u8
    picture = image_u8.astype(np.float32)
    behind = cv2.GaussianBlur(nearest_colours(image_u8, off)[0].astype(np.float32), (0, 0), _SOFT * scale)
    share = person * _like_the_person(picture, behind, nearest_colours(image_u8, deep)[0], inside, scale)
    core = shrunk(share > 0.5, disc(_CORE * scale))
    own = nearest_colours(image_u8, core | deep)[0].astype(np.float32)
    result = behind + share[..., None] * (own - behind)
    kept = np.clip(distance_to(inside) / (_OFF * scale) - 1, 0, 1)[..., None]
    result += kept * (picture - result)
    return np.clip(np.rint(result), 0, 255).astype(np.uint8)


def _like_the_person(
    picture: np.ndarray, behind: np.ndarray, own_u8: np.ndarray, inside: np.ndarray, scale: int
) -> np.ndarray:
    """1 but for pixels just within the outline with colours of the background: [H, W], float32, 0..1."""
    way = cv2.blur(own_u8, (2 * _DEEP * scale - 1,) * 2).astype(np.float32) - behind
    length = (way**2).sum(axis=2)
    along = ((cv2.blur(picture, (3, 3)) - behind) * way).sum(axis=2) / np.maximum(length, 1)
    alike = np.clip((along - _PERSON[0]) / (_PERSON[1] - _PERSON[0]), 0, 1)
    telling = np.clip((np.sqrt(length) - _APART[0]) / (_APART[1] - _APART[0]), 0, 1)
    near = np.clip((_FROM - distance_to(~inside) / scale) / (_FROM - _TO), 0, 1)
    return 1 - near * telling * (1 - alike)
