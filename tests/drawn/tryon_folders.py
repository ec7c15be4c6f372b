"""Tiny stand-ins for users' own try-on data sets: drawn people in the layouts of VITON, VITON-HD, DressCode, ACGPN."""

import json

import numpy as np
from drawn.studio import JOINTS, LABELS, draw_packshot, draw_person
from PIL import Image

SHIRT, TROUSERS = (190, 40, 40), (20, 40, 160)
NAMES = {"bg": "background", "neck": "face", "arms": "right_arm"}
BODY25 = [*range(8), None, *range(8, 18), *[None] * 6]


def person(names, rename, scale=1, shift=0, slots=None):
    """Photo and label numbers of a set ``names``; ``rename``: studio label -> name there. Arms are the person's right
    one left of the middle."""
    image, studio = draw_person(slots or {"top": SHIRT, "bottom": TROUSERS}, shift)
    labels = np.zeros(studio.shape, np.uint8)
    for number, label in enumerate(LABELS):
        name = rename.get(label, NAMES.get(label, label))
        if name in names:
            labels[studio == number] = names.index(name)
    if "left_arm" in names:
        labels[:, 24 + shift :][labels[:, 24 + shift :] == names.index("right_arm")] = names.index("left_arm")
    big = (scale, scale)
    return np.kron(image, np.ones((*big, 1), np.uint8)), np.kron(labels, np.ones(big, np.uint8))


def joints(scale=1, shift=0, body25=False):
    """Joints of the drawn person as one flat list of x, y, confidence."""
    rows = [[(x + shift) * scale, y * scale, 0.9] for x, y in JOINTS]
    if body25:
        rows = [[0, 0, 0] if j is None else rows[j] for j in BODY25]
    return [v for row in rows for v in row]


def save(path, array, palette=False):
    """Writes a picture; ``palette``: label numbers as a PNG with one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image = Image.fromarray(array)
    if palette:
        image.putpalette(np.random.default_rng(1).integers(0, 256, 768, np.uint8).tobytes())
    image.save(path, quality=98) if path.suffix == ".jpg" else image.save(path)


def save_json(path, data):
    """Writes JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data))


def garment(colour=SHIRT):
    """Picture and mask of a garment on a light backdrop."""
    image = draw_packshot(colour)
    return image, np.where((image == colour).all(-1), 255, 0).astype(np.uint8)


def write_viton(folder, names, rename):
    """Two training pairs and a test list that swaps the garments of two people."""
    for split, numbers in (("train", (1, 2)), ("test", (3, 4))):
        for number in numbers:
            image, labels = person(names, rename, 4, number - 2)
            files = folder / split
            save(files / "image" / f"{number:06d}_0.jpg", image)
            save(files / "image-parse" / f"{number:06d}_0.png", labels, palette=True)
            people = [{"pose_keypoints": joints(4, number - 2)}]
            save_json(files / "pose" / f"{number:06d}_0_keypoints.json", {"people": people})
            for name, picture in zip(("cloth", "cloth-mask"), garment(), strict=True):
                save(files / name / f"{number:06d}_1.jpg", picture)
    (folder / "train_pairs.txt").write_text("000001_0.jpg 000001_1.jpg\n000002_0.jpg 000002_1.jpg\n")
    (folder / "test_pairs.txt").write_text("000003_0.jpg 000004_1.jpg\n000004_0.jpg 000003_1.jpg\n")
    return folder


def write_viton_hd(folder, names, rename, scale=6):
    """One training pair and one test row, in HR-VITON's names for folders."""
    for split, stem in (("train", "00001_00"), ("test", "00002_00"), ("test", "00003_00")):
        image, labels = person(names, rename, scale)
        files = folder / split
        save(files / "image" / f"{stem}.jpg", image)
        save(files / "image-parse-v3" / f"{stem}.png", labels, palette=True)
        people = [{"pose_keypoints_2d": joints(scale, body25=True)}]
        save_json(files / "openpose_json" / f"{stem}_keypoints.json", {"people": people})
        for name, picture in zip(("cloth", "cloth-mask"), garment(), strict=True):
            save(files / name / f"{stem}.jpg", picture)
    (folder / "train_pairs.txt").write_text("00001_00.jpg 00001_00.jpg\n")
    (folder / "test_pairs.txt").write_text("00002_00.jpg 00003_00.jpg\n")
    return folder


def write_dresscode(folder, names, rename, scale=8):
    """One training pair of each category, and two test people who swap trousers."""
    dressed = {"upper_body": None, "lower_body": None, "dresses": {"dress": SHIRT}}
    for category, numbers in (("upper_body", (1,)), ("lower_body", (2, 3, 4)), ("dresses", (5,))):
        files = folder / category
        for number in numbers:
            image, labels = person(names, rename, scale, slots=dressed[category])
            save(files / "images" / f"{number:06d}_0.jpg", image)
            save(files / "images" / f"{number:06d}_1.jpg", garment(TROUSERS if category == "lower_body" else SHIRT)[0])
            save(files / "label_maps" / f"{number:06d}_4.png", labels, palette=True)
            rows = np.reshape(joints(scale), (18, 3)) * (384 / (48 * scale), 512 / (64 * scale), 1)
            table = [[*row, joint] for joint, row in enumerate(rows.tolist())]
            save_json(files / "keypoints" / f"{number:06d}_2.json", {"keypoints": table})
        (files / "train_pairs.txt").write_text(f"{numbers[0]:06d}_0.jpg {numbers[0]:06d}_1.jpg\n")
    lower = folder / "lower_body"
    (lower / "test_pairs_paired.txt").write_text("000003_0.jpg 000003_1.jpg\n")
    (lower / "test_pairs_unpaired.txt").write_text("000003_0.jpg 000004_1.jpg\n")
    return folder


def write_acgpn(folder, names, rename):
    """One training and one test pair, and a photo without a garment."""
    for phase, number in (("train", 1), ("test", 2), ("test", 3)):
        image, labels = person(names, rename, 4)
        save(folder / f"{phase}_img" / f"{number:06d}_0.jpg", image)
        save(folder / f"{phase}_label" / f"{number:06d}_0.png", labels)
        people = [{"pose_keypoints": joints(4)}]
        save_json(folder / f"{phase}_pose" / f"{number:06d}_0_keypoints.json", {"people": people})
        if number < 3:
            for name, picture in zip(("color", "edge"), garment(), strict=True):
                save(folder / f"{phase}_{name}" / f"{number:06d}_1.jpg", picture)
    return folder
