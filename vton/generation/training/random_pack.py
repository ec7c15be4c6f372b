"""Random stand-ins for what a training step needs: a pack, the frozen features, the perceptual distance."""

import numpy as np
import torch

from vton.data.outfits.article_pictures import PICTURE_KINDS
from vton.data.outfits.pack import PLACES_STEP
from vton.metrics.pictures.lpips import LPIPS
from vton.networks.efficientnet_lite import EfficientNetLite0Features
from vton.schema import ARTICLE_HW, COCO18, REGIONS, SLOTS, Pose, SizeHW, as_size

# AlexNet's convolutions: channels in, channels out, kernel.
ALEXNET = ((3, 64, 11), (64, 192, 5), (192, 384, 3), (384, 256, 3), (256, 256, 3))
BLOCK = 16  # pixels: side of the squares that pictures and parsings are made of
WORN_SHARE = 0.5  # of the articles


class RandomPack:
    """As `OutfitPack`, in memory: patchwork photos of outfits with every other article missing."""

    def __init__(self, size_hw: SizeHW, outfits: int = 8, seed: int = 0):
        rng = np.random.default_rng(seed)
        self.size_hw = as_size(size_hw)
        count, (h, w) = 2 * outfits, self.size_hw
        self.outfit_index = np.repeat(np.arange(outfits, dtype=np.int32), 2)
        self.photos = _patchwork(rng.integers(0, 256, (count, -(-h // BLOCK), -(-w // BLOCK), 3), np.uint8), size_hw)
        regions = rng.integers(0, len(REGIONS), (count, -(-h // BLOCK), -(-w // BLOCK)), np.uint8)
        self.parsing = _patchwork(regions, size_hw)
        self.worn = rng.random((outfits, len(SLOTS))) < WORN_SHARE
        self.outfits = [{"key": f"{n:09d}-0", "wear": {"accessory": "bag", "top": "over"}} for n in range(outfits)]
        self.pictures = rng.integers(0, 256, (outfits, len(SLOTS), *ARTICLE_HW, 4), np.uint8)
        cells = (count, h // PLACES_STEP, w // PLACES_STEP)
        self.places = rng.uniform(-1, 1, (*cells, 2)).astype(np.float32)
        self.shown = rng.integers(0, 2, cells).astype(np.int8)
        self.keypoints = rng.uniform(0, self.size_hw[::-1], (count, len(COCO18), 2)).astype(np.float32)

    def photo_indices(self, held_out: bool) -> np.ndarray:
        """Numbers of the photos, [photos], int; none is held out."""
        return np.arange(0 if held_out else len(self.photos))

    def kinds(self, outfit: int, slot: int) -> np.ndarray:
        """Which kinds of pictures there are of an article, [kinds], numbers of `PICTURE_KINDS`: all, or none."""
        return np.arange(len(PICTURE_KINDS) if self.worn[outfit, slot] else 0)

    def article(self, outfit: int, slot: int, kind: int = 0) -> np.ndarray:
        """The same picture of every kind: [256, 192, 4], uint8 RGBA."""
        return self.pictures[outfit, slot].copy()

    def places_of(self, photo: int, kind: int) -> tuple[np.ndarray, np.ndarray]:
        """Where the cloth of each cell lies in the pictures, anywhere, and whether they show it.

        Returns:
            [k, l, 2], float32, -1..1, and [k, l], int8, 0 or 1.
        """
        return self.places[photo].copy(), self.shown[photo].copy()

    def pose(self, photo: int) -> Pose:
        """A pose whose joints lie anywhere."""
        return Pose(self.keypoints[photo].copy(), np.ones(len(COCO18), np.float32), self.size_hw)


def _patchwork(blocks: np.ndarray, size_hw: SizeHW) -> np.ndarray:
    return blocks.repeat(BLOCK, 1).repeat(BLOCK, 2)[:, :size_hw[0], :size_hw[1]].copy()


def random_features() -> EfficientNetLite0Features:
    """The frozen features with random weights of a useful size."""
    features = EfficientNetLite0Features()
    for weight in features.parameters():
        if weight.ndim == 4:
            torch.nn.init.kaiming_normal_(weight)
    return features.requires_grad_(False).eval()


def random_lpips() -> LPIPS:
    """LPIPS on an AlexNet with random weights."""
    weights = {}
    for i, (channels_in, channels_out, kernel) in enumerate(ALEXNET):
        size = (channels_out, channels_in, kernel, kernel)
        weights[f"conv{i}.weight"] = torch.nn.init.kaiming_normal_(torch.empty(size))
        weights[f"conv{i}.bias"] = torch.zeros(channels_out)
        weights[f"lpips{i}.weight"] = torch.rand(1, channels_out, 1, 1) / channels_out
    return LPIPS(weights, "random weights")
