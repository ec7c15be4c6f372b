"""Pictures, uint8, to what the networks see, -1..1, and back."""

import numpy as np
import torch


def image_tensor(images_u8: np.ndarray) -> torch.Tensor:
    """[N, H, W, 3], uint8 -> [N, 3, H, W], float32, -1..1; pixels stay in the order they have in memory."""
    if not images_u8.flags.writeable:
        images_u8 = images_u8.copy("K")  # torch warns about arrays that it must not write
    return torch.from_numpy(images_u8).permute(0, 3, 1, 2).float().div_(127.5).sub_(1)


def to_u8(image: torch.Tensor) -> np.ndarray:
    """[N, 3, H, W], any device, -1..1, clamped to it -> [N, H, W, 3], uint8, rounded.

    A view in the memory order of ``image``, which ``image_tensor`` gives back; OpenCV and files want it contiguous.
    """
    return image.float().clamp(-1, 1).add_(1).mul_(127.5).round_().byte().permute(0, 2, 3, 1).cpu().numpy()
