"""A tiny stand-in for the studio's shards: persons of coloured boxes in the same tar format."""

import hashlib
import io
import json
import tarfile

import cv2
import numpy as np

from vton.data.cloth import NO_ISLAND, NOT_SHOWN, ClothBuffers, encode_cloth, encode_field
from vton.schema import SLOTS

HW = (64, 48)
LABELS = "bg hair face neck torso arms legs top outer pants skirt dress shoes bag hat glasses feet".split()
BACKDROP = (236, 238, 240)
COLOURS = {"hair": (60, 40, 30), "face": (220, 170, 140), "neck": (215, 165, 135), "arms": (210, 160, 130)}
# Label, and box (y0, y1, x0, x1) in pixels of 64x48.
BODY = [("hair", 4, 8, 20, 28), ("face", 8, 14, 20, 28), ("neck", 14, 16, 22, 26), ("arms", 16, 32, 13, 35)]
WORN = {
    "top": [("top", 16, 34, 16, 32)],
    "bottom": [("pants", 34, 56, 17, 31)],
    "dress": [("dress", 16, 54, 15, 33)],
    "shoes": [("shoes", 56, 60, 16, 23), ("shoes", 56, 60, 25, 32)],
    "accessory": [("bag", 34, 42, 36, 42)],
}
JOINTS = np.reshape(  # x, y in the order of COCO-18
    [24, 11, 24, 15, 18, 17, 15, 24, 14, 31, 30, 17, 33, 24, 34, 31, 20, 34, 19, 45, 19, 56]
    + [28, 34, 29, 45, 29, 56, 22, 9, 26, 9, 20, 10, 28, 10],
    (18, 2),
).tolist()


def draw_person(colours, shift=0):
    """Photo [64,48,3] and studio label numbers [64,48] of one person, ``shift`` pixels to the right."""
    image, labels = np.full((*HW, 3), BACKDROP, np.uint8), np.zeros(HW, np.uint8)
    for slot, boxes in (("body", BODY), *((s, WORN[s]) for s in colours)):
        for label, y0, y1, x0, x1 in boxes:
            box = slice(y0, y1), slice(x0 + shift, x1 + shift)
            image[box] = COLOURS[label] if slot == "body" else colours[slot]
            labels[box] = LABELS.index(label)
    return image, labels


def draw_packshot(colour):
    """A box of one colour on the light backdrop, [256,192,3]."""
    image = np.full((256, 192, 3), BACKDROP, np.uint8)
    image[48:208, 48:144] = colour
    return image


PACKSHOT_BOX, FLAT_BOX = (48, 208, 48, 144), (100, 180, 20, 80)


def draw_marks(image, y0, y1, x0, x1, colour):
    """Black in an article's box, the left quarter and the upper fifth, where it is of its colour."""
    for box in (np.s_[y0:y1, x0:x0 + (x1 - x0) // 4], np.s_[y0:y0 + (y1 - y0) // 5, x0:x1]):
        image[box][(image[box] == colour).all(-1)] = 0


def picture_members(colours, shifts):
    """The articles with black marks, their masks, the articles laid flat, and which point of both a photo shows.

    The box around an article in the photo is its box in each picture. Of bottoms laid flat the lower half is hidden.
    """
    files = {}
    for slot, colour in colours.items():
        for kind, box in (("", PACKSHOT_BOX), (".flat", FLAT_BOX)):
            picture, mask = np.full((256, 192, 3), BACKDROP, np.uint8), np.zeros((256, 192), np.uint8)
            y0, y1, x0, x1 = box
            picture[y0:y1, x0:x1], mask[y0:y1, x0:x1] = colour, 255
            draw_marks(picture, *box, colour)
            files[f"{slot}{kind}.mask.png"] = _encode(".png", mask)
            files[f"{slot}{kind}.webp"] = _encode(".webp", picture, (cv2.IMWRITE_WEBP_QUALITY, 101))
    for i, shift in enumerate(shifts):
        image = draw_person(colours, shift)[0]
        article = np.zeros(HW, np.uint8)
        fields = {"body": np.full((*HW, 2), np.nan, np.float32), "flat": np.full((*HW, 2), np.nan, np.float32)}
        for slot in colours:
            mask = np.zeros(HW, bool)
            for _, y0, y1, x0, x1 in WORN[slot]:
                mask[y0:y1, x0 + shift:x1 + shift] = True
            (rows, columns), box = np.nonzero(mask), [f(n) for n in np.nonzero(mask) for f in (np.min, np.max)]
            share = np.column_stack([(columns + 0.5 - box[2]) / (box[3] + 1 - box[2]),
                                     (rows + 0.5 - box[0]) / (box[1] + 1 - box[0])])
            article[mask] = SLOTS.index(slot) + 1
            draw_marks(image, box[0], box[1] + 1, box[2], box[3] + 1, colours[slot])
            for kind, (y0, y1, x0, x1) in (("body", PACKSHOT_BOX), ("flat", FLAT_BOX)):
                fields[kind][mask] = share * (x1 - x0, y1 - y0) + (x0, y0)
            if slot == "bottom":
                fields["flat"][rows[share[:, 1] > 0.5], columns[share[:, 1] > 0.5]] = NOT_SHOWN
        island = np.where(article > 0, 0, NO_ISLAND).astype(np.int8)
        cloth = ClothBuffers(article, island, np.zeros((*HW, 3), np.float32), np.zeros(HW, bool))
        files[f"p{i}.webp"] = _encode(".webp", image, (cv2.IMWRITE_WEBP_QUALITY, 101))
        files[f"p{i}.cloth.png"] = encode_cloth(cloth)
        files |= {f"p{i}.places.{kind}.png": encode_field(field) for kind, field in fields.items()}
    return files


def outfit_members(colours, shifts=(-3, 3), pictures=False, **extra):
    """Files of one outfit by extension; ``colours``: slot -> RGB; one photo per shift; see `picture_members`."""
    files, photos = {}, []
    for i, shift in enumerate(shifts):
        image, labels = draw_person(colours, shift)
        files[f"p{i}.webp"] = _encode(".webp", image, (cv2.IMWRITE_WEBP_QUALITY, 101))
        files[f"p{i}.png"] = _encode(".png", labels)
        joints = [[x + shift, y, 0 if j == 17 else 1 if j == 4 else 2] for j, (x, y) in enumerate(JOINTS)]
        photos.append({"pose": f"shift{shift}", "mirror": False, "keypoints": joints})
    for slot, colour in colours.items():
        files[f"{slot}.webp"] = _encode(".webp", draw_packshot(colour), (cv2.IMWRITE_WEBP_QUALITY, 101))
    if pictures:
        files |= picture_members(colours, shifts)
    labels = {str(i): name for i, name in enumerate(LABELS)}
    meta = {"gender": "female", "size_hw": HW, "labels": labels, "slots": dict.fromkeys(colours, "box"),
            "wear": {"accessory": "bag", "top": "in", "hems": "down"}}
    files["json"] = json.dumps(meta | {"photos": photos} | extra).encode()
    return files


def write_shard(path, outfits):
    """Write {key: files} as one tar."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as tar:
        for key, files in outfits.items():
            for extension, data in files.items():
                info = tarfile.TarInfo(f"{key}.{extension}")
                info.size = len(data)
                tar.addfile(info, io.BytesIO(data))
    return path


def keys(held_out, count, seed=0):
    """The first ``count`` keys whose SHA-1 holds them out (or does not)."""
    numbers = (f"{seed:03d}{i:06d}" for i in range(100_000))
    found = (k for k in numbers if (int(hashlib.sha1(k.encode()).hexdigest(), 16) % 20 == 0) == held_out)
    return [next(found) for _ in range(count)]


def write_studio(folder, training=3, held_out=3, pictures=False):
    """A folder with one shard of outfits in different colours, training and held-out ones; see `outfit_members`."""
    names = sorted(keys(False, training) + keys(True, held_out))
    outfits = {}
    for i, key in enumerate(names):
        hue = cv2.cvtColor(np.uint8([[[i * 180 // len(names), 200, 170]]]), cv2.COLOR_HSV2RGB)[0, 0]
        first, second = tuple(map(int, hue)), tuple(map(int, hue[::-1]))
        dress = {"dress": first, "shoes": (30, 30, 30)}
        outfits[key] = outfit_members(
            dress if i % 3 == 2 else {"top": first, "bottom": second, "shoes": (90, 20, 20)}, pictures=pictures
        )
    write_shard(folder / "studio-000-0-000.tar", outfits)
    return folder


def _encode(extension, image, options=()):
    return cv2.imencode(extension, image[..., ::-1] if image.ndim == 3 else image, list(options))[1].tobytes()
