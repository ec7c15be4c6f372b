"""How near the studio's heads are to portraits: KID of crops, for all of them and for each third of skin tone."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from vton.metrics.pictures.kid import kernel_distance
from vton.studio.dataset.sheets import arrange, write_picture
from vton.studio.likeness.portraits import Portrait, Portraits
from vton.studio.measuring.heads import CROP_PX, render_heads
from vton.studio.photos.photographer import Photographer

FEATURES = "EfficientNet-Lite0 (ImageNet), mean of its last map, 320 channels"
TOP, CHIN = 10, 152
"""Face points: the middle of the forehead's upper edge, and the chin."""

CROP_PER_FACE = 2.15
"""Side of a crop over the height between these two points, as in the studio's own crops."""

MIDDLE = 0.47
"""Where the middle of a crop lies between them, from the top."""

THIRDS = ("light", "medium", "dark")


def measure_heads(
    seed: int,
    outfits: int,
    looks: int,
    reference: str | os.PathLike,
    features: str | os.PathLike,
    assets: str | None = None,
    sheet: str | os.PathLike | None = None,
    show: Callable[[str], None] = print,
) -> dict:
    """Renders heads and compares them with the crops of a folder of portraits.

    Args:
        seed: of the run.
        outfits: geometries.
        looks: appearances of each.
        reference: folder with portraits and ``portraits.json``.
        features: EfficientNet-Lite0's weights, safetensors with the TensorFlow release's names.
        assets: what persons are made of, or None for painted ones.
        sheet: a picture of all crops, in their order.
        show: takes a line after every outfit.
    """
    photographer = Photographer(assets)
    crops, tones = [], []
    for index in range(outfits):
        for look, crop in render_heads(photographer, seed, index, looks):
            crops.append(crop)
            tones.append(look.person.skin.tone)
        show(f"outfit {index}: {len(crops)} heads")
    if sheet:
        write_picture(Path(sheet), arrange([[crop] for crop in crops]))
    portraits = list(Portraits(Path(reference)).all.values())
    files = [str(Path(reference) / f"{portrait.name}.webp") for portrait in portraits]
    images = [np.asarray(cv2.imread(file), np.uint8)[..., ::-1] for file in files]
    pictures = [portrait_crop(portrait, image) for portrait, image in zip(portraits, images, strict=True)]
    ours, theirs = features_of(crops, features), features_of(pictures, features)
    parts = zip(thirds(tones), thirds([-p.lightness for p in portraits]), strict=True)
    return {
        "features": FEATURES,
        "heads": len(crops),
        "portraits": len(portraits),
        "kid_x1000": round(kernel_distance(ours, theirs), 2),
        "kid_x1000_by_tone": {
            name: round(kernel_distance(ours[a], theirs[b]), 2) for name, (a, b) in zip(THIRDS, parts, strict=True)
        },
    }


def portrait_crop(portrait: Portrait, image_u8: np.ndarray) -> np.ndarray:
    """The head of a portrait [H, W, 3] as a studio's photo would frame it, [192, 192, 3]."""
    top, chin = portrait.points[TOP], portrait.points[CHIN]
    side = 2 * CROP_PX  # about the portrait's own scale, made smaller as a camera would
    scale = side / (CROP_PER_FACE * float(np.linalg.norm(chin - top)))
    matrix = np.column_stack([scale * np.eye(2), side / 2 - scale * (top + MIDDLE * (chin - top))])
    large = cv2.warpAffine(image_u8, matrix, (side, side), borderMode=cv2.BORDER_REPLICATE)
    return cv2.resize(large, (CROP_PX, CROP_PX), interpolation=cv2.INTER_AREA)


def thirds(values: Sequence[float]) -> list[np.ndarray]:
    """Indices of the lowest, the middle and the highest third."""
    return np.array_split(np.argsort(values, kind="stable"), 3)


def features_of(pictures: Sequence[np.ndarray], weights: str | os.PathLike) -> np.ndarray:
    """Features [N, 320] of pictures [H, W, 3] u8 of one size."""
    import torch

    from vton.networks.efficientnet_lite import EfficientNetLite0Features

    network, rows = EfficientNetLite0Features.from_file(Path(weights)), []
    for start in range(0, len(pictures), 16):
        batch = torch.from_numpy(np.stack(pictures[start : start + 16])).permute(0, 3, 1, 2).float() / 127.5 - 1
        rows.append(network(batch)[-1].mean((2, 3)).numpy())
    return np.concatenate(rows)
