"""A tiny stand-in for Clothing Co-Parsing: persons of coloured boxes with Halpe-26 joints and CCP label numbers."""

import hashlib
import json

import cv2
import numpy as np
from drawn.studio import HW, JOINTS, LABELS, draw_person, keys, outfit_members, write_shard

CCP_LABELS = ["null", "bag", "hair", "pants", "shoes", "skin", "t-shirt", "dress"]
CCP_TAGS = ["null", "bag", "skin", "pants", "t-shirt"]
CCP_NAMES = {"bg": "null", "face": "skin", "neck": "skin", "arms": "skin", "top": "t-shirt"}
# Halpe-26 joint -> COCO-18 joint, where one is the other.
HALPE = {0: 0, 1: 15, 2: 14, 3: 17, 4: 16, 5: 5, 6: 2, 7: 6, 8: 3, 9: 7, 10: 4, 11: 11, 12: 8, 13: 12, 14: 9, 15: 13,
         16: 10}  # fmt: skip
COLOURS = {"top": (200, 30, 30), "bottom": (20, 40, 160), "shoes": (30, 30, 30)}


def stems(held_out, count):
    """The first ``count`` numbered names that are (not) held out."""
    found = (f"{i:04d}" for i in range(10_000))
    return [s for s in found if (int(hashlib.sha1(s.encode()).hexdigest(), 16) % 10 == 0) == held_out][:count]


def ccp_person(shift=0):
    """Photo [64,48,3], CCP label numbers [64,48], and the entry of keypoints.json."""
    image, studio = draw_person(COLOURS, shift)
    names = [CCP_NAMES.get(name, name) for name in LABELS]
    table = np.array([CCP_LABELS.index(n) if n in CCP_LABELS else 0 for n in names], np.uint8)
    halpe = np.zeros((26, 3))
    for theirs, ours in HALPE.items():
        halpe[theirs] = [JOINTS[ours][0] + shift, JOINTS[ours][1], 0.3 if ours == 4 else 0.9]
    y, x = np.nonzero(studio)
    box = [int(x.min()), int(y.min()), int(x.max()) + 1, int(y.max()) + 1]
    return image, table[studio], {"size_hw": list(HW), "box_xyxy": box, "halpe26": halpe.tolist()}


def write_ccp(folder, training=3, held_out=2):
    """The folder; the last photo of each part has no parsing but tags."""
    (folder / "photos").mkdir(parents=True)
    (folder / "parsing").mkdir()
    people, tags = {}, {}
    for names in (stems(False, training), stems(True, held_out)):
        for i, stem in enumerate(names):
            image, labels, people[stem] = ccp_person(i - 1)
            cv2.imwrite(str(folder / "photos" / f"{stem}.jpg"), image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 98])
            if i < len(names) - 1:
                cv2.imwrite(str(folder / "parsing" / f"{stem}.png"), labels)
            else:
                tags[stem] = [CCP_LABELS.index(name) for name in CCP_TAGS]
    (folder / "keypoints.json").write_text(json.dumps(people))
    (folder / "labels.json").write_text(json.dumps(CCP_LABELS))
    (folder / "tags.json").write_text(json.dumps(tags))
    return folder


def write_looks(folder, outfits=2, looks=2):
    """A shard of outfits in several looks each, the first half held out."""
    names = sorted(keys(True, outfits // 2) + keys(False, outfits - outfits // 2))
    members = {f"{key}-{look}": outfit_members({"top": (40 * look, 90, 60), "shoes": (9, 9, 9)}) for key in names
               for look in range(looks)}  # fmt: skip
    write_shard(folder / "looks.tar", members)
    return folder
