"""How the articles of a studio's photo are worn: what the shard says of the outfit, and what the parsing shows."""

from collections.abc import Mapping

import numpy as np

from vton.schema import REGIONS, Wear

_BESIDE = 0.03  # of the picture's width: a bag nearer to the person's middle is on neither side


def wear_of(told: Mapping[str, str], regions: np.ndarray) -> Wear:
    """Of one photo.

    Args:
        told: ``wear`` of the outfit's facts; regions: the photo's parsing, [H, W], numbers of `REGIONS`.
    """
    side = side_of(regions) if told.get("accessory") == "bag" else ""
    return Wear.of({**told, "side": side})


def side_of(regions: np.ndarray) -> str:
    """The side of the picture on which the accessory of a parsing [H, W] is; nothing where it is in the middle."""
    carried = regions == REGIONS.index("accessory")
    person = (regions != REGIONS.index("background")) & ~carried
    if not carried.any() or not person.any():
        return ""
    offset = (np.nonzero(carried)[1].mean() - np.nonzero(person)[1].mean()) / regions.shape[1]
    return "" if abs(offset) < _BESIDE else "left" if offset < 0 else "right"
