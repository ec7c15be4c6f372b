"""Tiny stand-ins for the garment segmenter's sources: coloured garments on grey floors, people of boxes, packshots."""

import csv
import hashlib
import json

import cv2
import numpy as np
from drawn.studio import keys, outfit_members, write_shard

RED, GREEN = (200, 30, 40), (20, 160, 60)


def stems(held_out, count):
    """The first ``count`` file stems whose SHA-1 holds them out (or does not)."""
    names = (f"p{i}" for i in range(10_000))
    found = (n for n in names if (int(hashlib.sha1(n.encode()).hexdigest(), 16) % 10 == 0) == held_out)
    return [next(found) for _ in range(count)]


def draw_garment(rng, colour=RED, size_hw=(150, 112), boards=False):
    """A T-shirt of one colour on a grey floor, plain or of boards: photo [h, w, 3] and mask [h, w], bool."""
    h, w = size_hw
    image = np.full((h, w, 3), 150.0)
    if boards:
        image += (30 * np.sign(np.sin(np.arange(w) / 4)) * (0.4 + 0.6 * rng.random(w)))[None, :, None]
    mask = np.zeros((h, w), np.uint8)
    x = np.array([0.3, 0.42, 0.58, 0.7, 0.86, 0.78, 0.68, 0.68, 0.32, 0.32, 0.22, 0.14]) * w
    y = np.array([0.2, 0.24, 0.24, 0.2, 0.36, 0.45, 0.38, 0.8, 0.8, 0.38, 0.45, 0.36]) * h
    cv2.fillPoly(mask, [np.stack([x, y], 1).astype(np.int32)], 1)
    image[mask > 0] = colour
    image += rng.normal(0, 2, image.shape)
    return np.clip(image, 0, 255).astype(np.uint8), mask > 0


def write_clothing(folder, training=4, held_out=2):
    """A clothing dataset of T-shirts (red) and trousers (green), one photo of a left-out category among them."""
    rng = np.random.default_rng(0)
    (folder / "photos").mkdir(parents=True)
    names = stems(False, training) + stems(True, held_out)
    rows = [(stem, ("T-Shirt", "Pants")[i % 2]) for i, stem in enumerate(names)]
    for stem, label in [*rows, ("left-out", "Not sure")]:
        image, _ = draw_garment(rng, RED if label == "T-Shirt" else GREEN)
        cv2.imwrite(str(folder / "photos" / f"{stem}.jpg"), image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 95])
    with (folder / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("image", "label"), *rows, ("left-out", "Not sure")])
    return folder


def write_co_parsing(folder, training=2, held_out=1):
    """Clothing Co-Parsing with grey streets and a red box for a person, to the right of the middle."""
    (folder / "photos").mkdir(parents=True)
    people = {}
    for stem in stems(False, training) + stems(True, held_out):
        image = np.full((240, 200, 3), 110, np.uint8)
        image[20:230, 110:180] = RED
        cv2.imwrite(str(folder / "photos" / f"{stem}.jpg"), image[..., ::-1])
        people[stem] = {"size_hw": [240, 200], "box_xyxy": [110, 20, 180, 230]}
    (folder / "keypoints.json").write_text(json.dumps(people))
    return folder


def write_packshots(folder, training=2, held_out=1):
    """A studio shard whose packshots have masks; each outfit has a first look and a second, in other colours."""
    mask = np.zeros((256, 192), np.uint8)
    mask[48:208, 48:144] = 255
    outfits = {}
    for key in keys(False, training) + keys(True, held_out):
        for look, colour in enumerate((RED, GREEN)):
            files = outfit_members({"top": colour, "shoes": (40, 30, 160)})
            png = cv2.imencode(".png", mask)[1].tobytes()
            outfits[f"{key}-{look}"] = {**{k: v for k, v in files.items() if k != "json"},
                                        "top.mask.png": png, "json": files["json"]}  # fmt: skip
    return write_shard(folder / "studio-000-0-000.tar", outfits)
