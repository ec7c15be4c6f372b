"""Whether a rendered dataset is right: visible joints lie on their own part of the body, or on the cloth over it."""

import json
import os
from collections import Counter
from pathlib import Path

import cv2
import numpy as np

from vton.data.formats.studio_shards import index_shard
from vton.schema import COCO18, InputError
from vton.studio.specs.labels import LABELS

VISIBLE = 2
TURNED_DEG = 30.0
_HEAD = ("face", "neck", "hair", "hat", "glasses")
_UPPER = ("top", "outer", "dress")
_LOWER = ("pants", "skirt", "dress", "outer", "top")
REGIONS_OF_JOINT: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("nose", "right_eye", "left_eye", "right_ear", "left_ear"), _HEAD),
    "neck": (*_UPPER, "neck", "torso", "face", "hair"),
    **{f"{side}_shoulder": (*_UPPER, "torso", "arms", "neck", "hair", "bag") for side in ("right", "left")},
    **{f"{side}_elbow": (*_UPPER, "arms") for side in ("right", "left")},
    **{f"{side}_wrist": (*_UPPER, "arms", "pants", "skirt") for side in ("right", "left")},
    **{f"{side}_hip": (*_LOWER, "torso", "legs", "bag") for side in ("right", "left")},
    **{f"{side}_knee": (*_LOWER, "legs") for side in ("right", "left")},
    **{f"{side}_ankle": ("pants", "skirt", "dress", "legs", "shoes", "feet") for side in ("right", "left")},
}
"""Where a visible joint may lie. Hair falls over shoulders, a bag's strap crosses them, and hands go into pockets."""


def check(folder: str | os.PathLike) -> dict:
    """Looks up the label under every visible joint of every photo in the finished shards.

    Args:
        folder: of a rendered dataset.

    Returns:
        ``photos``, ``turned`` (of them, views from the side or back), ``joints`` (visible ones), ``share`` of them on
        their region, ``share_turned``, and ``wrong``: how often by joint and label, the most frequent first.

    Raises:
        InputError: no finished shard in the folder.
    """
    photos, joints, missed, wrong = Counter(), Counter(), Counter(), Counter()
    for shard in sorted(Path(folder).glob("*.tar")):
        for entry in index_shard(shard):
            for number, photo in enumerate(json.loads(entry.read("json"))["photos"]):
                view = "turned" if abs(photo["yaw_deg"]) > TURNED_DEG else "frontal"
                file = np.frombuffer(entry.read(f"p{number}.png"), np.uint8)
                labels = np.asarray(cv2.imdecode(file, cv2.IMREAD_GRAYSCALE), np.uint8)
                seen, faults = joints_off_region(labels, np.asarray(photo["keypoints"], np.float64))
                photos[view] += 1
                joints[view] += seen
                missed[view] += len(faults)
                wrong.update(faults)
    if not photos:
        raise InputError(f"No finished shard in '{Path(folder).name}': render it with `python -m vton studio render`.")
    return {
        "photos": sum(photos.values()),
        "turned": photos["turned"],
        "joints": sum(joints.values()),
        "share": _share(sum(missed.values()), sum(joints.values())),
        "share_turned": _share(missed["turned"], joints["turned"]),
        "wrong": {f"{joint} on {label}": count for (joint, label), count in wrong.most_common()},
    }


def joints_off_region(labels: np.ndarray, keypoints: np.ndarray) -> tuple[int, list[tuple[str, str]]]:
    """How many joints of a photo are visible, and those of them that lie elsewhere, with the label found there.

    Args:
        labels: [H,W] u8, numbers of `LABELS`.
        keypoints: [18,3] x and y in pixels, and 2 visible, 1 hidden or 0 out of frame.
    """
    height, width = labels.shape
    seen, faults = 0, []
    for name, (x, y, state) in zip(COCO18, keypoints, strict=True):
        column, row = int(x), int(y)
        if state != VISIBLE or not (0 <= column < width and 0 <= row < height):
            continue
        seen += 1
        found = LABELS[labels[row, column]]
        if found not in REGIONS_OF_JOINT[name]:
            faults.append((name, found))
    return seen, faults


def _share(missed: int, of: int) -> float | None:
    return round(1 - missed / of, 4) if of else None
