"""How far articles reach over the body, measured in parsed photos; see `vton.networks.stylegan2.reach`."""

from collections.abc import Iterable

import numpy as np

from vton.networks.stylegan2.reach import ARMS, LEGS, UNTOLD, WITH_HEM, WITH_SLEEVES
from vton.schema import REGIONS, SLOTS, Pose

_STEPS = 40  # places looked at in each part of an arm
_BARE = 4  # places of skin in a row: there a sleeve has ended
_ARM_WIDTH = 0.035  # of the height: around an arm are sleeves, not hems
_FULL = 0.3  # of the usual width of an article: a row with less is no part of the hem
_BELOW = 0.02  # of the height below a hem
_COVERS = tuple(REGIONS.index(name) for name in ("outer", "accessory", "hair"))  # what hides where an article ends
_SKIN = REGIONS.index("skin")


def reach_of(regions: np.ndarray, pose: Pose) -> np.ndarray:
    """Hem and sleeve of each article of one photo.

    Args:
        regions: [H, W], uint8, numbers of `REGIONS`; pose: on the same canvas.

    Returns:
        [6, 2], float32; `UNTOLD` for what the photo does not show: no such article, or something lies over its end.
    """
    joints, confidence = pose.mpii16()
    reach = np.full((len(SLOTS), 2), UNTOLD, np.float32)
    arms = [joints[list(arm)] for arm in ARMS if (confidence[list(arm)] > 0).all()]
    legs = [joints[list(leg), 1] for leg in LEGS if (confidence[list(leg)] > 0).all()]
    clear = ~_near(regions.shape, arms)
    for slot in WITH_HEM:
        row = _hem_row(regions, REGIONS.index(slot), clear)
        if row is not None and legs:
            reach[SLOTS.index(slot), 0] = _counted(row, np.mean(legs, 0))
    for slot in WITH_SLEEVES:
        ends = [end for arm in arms if (end := _sleeve_end(regions, REGIONS.index(slot), arm)) is not None]
        if ends:
            reach[SLOTS.index(slot), 1] = min(ends)  # an arm behind the body seems to have a long one
    return reach


def usual_reach(found: Iterable[np.ndarray]) -> np.ndarray:
    """The median over photos of one outfit of what `reach_of` found in each: [6, 2], `UNTOLD` where none knows."""
    every, result = list(found), np.full((len(SLOTS), 2), UNTOLD, np.float32)
    for place in np.ndindex(*result.shape):
        known = [reach[place] for reach in every if reach[place] >= 0]
        if known:
            result[place] = np.median(known)
    return result


def _hem_row(regions: np.ndarray, region: int, clear: np.ndarray) -> int | None:
    """The row below the lowest one that the article fills; None where there is no article or its hem is hidden."""
    worn = (regions == region) & clear
    widths = worn.sum(1)
    if not widths.any():
        return None
    row = int(np.flatnonzero(widths >= _FULL * np.median(widths[widths > 0]))[-1])
    beyond = min(row + max(1, round(_BELOW * len(regions))), len(regions) - 1)
    if row >= len(regions) - 2 or np.isin(regions[beyond, worn[row]], [c for c in _COVERS if c != region]).mean() > 0.5:
        return None
    return row + 1


def _counted(row: float, stops: np.ndarray) -> float:
    """A row in parts of the body; stops: [4], rows of shoulders, hips, knees and ankles."""
    part = int(np.clip(np.searchsorted(stops, row) - 1, 0, len(stops) - 2))
    length = max(stops[part + 1] - stops[part], 1.0)
    return float(max(0.0, part + (row - stops[part]) / length))


def _sleeve_end(regions: np.ndarray, region: int, arm: np.ndarray) -> float | None:
    """How far along an arm [3, 2] a sleeve goes; None where the article is not there or its end is hidden."""
    share = np.arange(_STEPS * (len(arm) - 1)) / _STEPS
    part = share.astype(int)
    x, y = (arm[part] + (share - part)[:, None] * (arm[part + 1] - arm[part])).T.astype(int)
    inside = (x >= 0) & (y >= 0) & (x < regions.shape[1]) & (y < regions.shape[0])
    if not inside.all() or not (regions == region).any():
        return None
    labels = regions[y, x]
    bare = np.convolve(labels == _SKIN, np.ones(_BARE), "valid") == _BARE
    end = int(bare.argmax()) if bare.any() else len(labels)
    seen = labels[:end]
    if len(seen) and (np.isin(seen, [c for c in _COVERS if c != region]).any() or not (seen == region).any()):
        return None
    return end / _STEPS


def _near(shape: tuple[int, ...], arms: list[np.ndarray]) -> np.ndarray:
    """[H, W], bool: around the arms, each [3, 2]."""
    y, x = np.mgrid[: shape[0], : shape[1]] + 0.5
    near = np.zeros(shape, bool)
    for arm in arms:
        for a, b in zip(arm[:-1], arm[1:], strict=True):
            bone = b - a
            along = np.clip(((x - a[0]) * bone[0] + (y - a[1]) * bone[1]) / max(bone @ bone, 1e-6), 0, 1)
            off = np.hypot(x - a[0] - along * bone[0], y - a[1] - along * bone[1])
            near |= off < _ARM_WIDTH * shape[0]
    return near
