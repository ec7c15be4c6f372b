"""Figures of 18 coloured dots, and weights for OpenPose's body network that find them.

Dot j has a colour of its own on mid-grey. The weights carry the six half axes of the colour space to the last layer,
where joint j's heatmap is high for that colour alone; the part affinity fields are constant, along `FIGURE`'s limbs.
"""

import math

import numpy as np
import torch

# In cells of the network's heatmaps: 23 cells are the height of a photo.
FIGURE = np.array(
    [(0, 2), (0, 5), (-3, 5.5), (-5, 8.5), (-6, 11.5), (3, 5.5), (5, 8.5), (6, 11.5), (-2, 11), (-2.5, 15), (-2.5, 19),
     (2, 11), (2.5, 15), (2.5, 19), (-2, 0), (2, 0), (-4, 1), (4, 1)],
    np.float32,
)  # fmt: skip
# From, to: two channels each, in the order of the network's fields.
FIELDS = (
    (1, 8), (8, 9), (9, 10), (1, 11), (11, 12), (12, 13), (1, 2), (2, 3), (3, 4), (2, 16), (1, 5), (5, 6), (6, 7),
    (5, 17), (1, 0), (0, 14), (0, 15), (14, 16), (15, 17),
)  # fmt: skip
SHARPNESS = 5.0


def colours() -> np.ndarray:
    """18 directions of the RGB space, no two closer than 40 degrees: [18, 3], length 1."""
    number = np.arange(18) + 0.5
    z, turn = 1 - 2 * number / 18, number * math.pi * (3 - math.sqrt(5))
    flat = np.sqrt(1 - z * z)
    return np.stack([flat * np.cos(turn), flat * np.sin(turn), z], 1).astype(np.float32)


def draw(image_u8: np.ndarray, joints_xy: np.ndarray, radius: float) -> None:
    """Dots of ``radius`` pixels into a picture; joints with a NaN are left out."""
    rows, columns = np.mgrid[: image_u8.shape[0], : image_u8.shape[1]] + 0.5
    for (x, y), colour in zip(joints_xy, colours(), strict=True):
        image_u8[(columns - x) ** 2 + (rows - y) ** 2 < radius**2] = np.round(128 + 110 * colour)


def photo(size_hw: tuple[int, int], *figures: tuple[float, float, float]) -> tuple[np.ndarray, list[np.ndarray]]:
    """A picture of figures, each given as x of its middle, y of its eyes and pixels per cell, and their joints."""
    image_u8 = np.full((*size_hw, 3), 128, np.uint8)
    people = [FIGURE * cell + (x, y) for x, y, cell in figures]
    for joints, (_, _, cell) in zip(people, figures, strict=True):
        draw(image_u8, joints, 0.4 * cell)
    return image_u8, people


def random_weights(shapes: dict[str, torch.Size]) -> dict[str, torch.Tensor]:
    """Random numbers of the right shapes, one per output channel, so that the file stays small."""
    generator = torch.Generator().manual_seed(3)
    return {
        name: torch.normal(0, 0.02, (shape[0], *[1] * (len(shape) - 1)), generator=generator).expand(shape)
        for name, shape in shapes.items()
    }


def dot_weights(shapes: dict[str, torch.Size]) -> dict[str, torch.Tensor]:
    """Weights that find the dots and join them to figures."""
    weights = {name: torch.zeros(1).expand(shape) for name, shape in shapes.items()}

    def set_centre(layer: str, links: torch.Tensor) -> None:
        """``links``: [out, in], the middle of the kernel; all else is 0."""
        shape = shapes[f"{layer}.weight"]
        weight = torch.zeros(shape)
        weight[: links.shape[0], : links.shape[1], shape[2] // 2, shape[3] // 2] = links
        weights[f"{layer}.weight"] = weight

    identity = torch.eye(6)
    layers = [name.removesuffix(".weight") for name in shapes if name.endswith(".weight")]
    set_centre("conv1_1", torch.cat([torch.eye(3), -torch.eye(3)]))
    for layer in layers:
        if layer.startswith(("conv1_2", "conv2", "conv3", "conv4")):
            set_centre(layer, identity)
    # The features stand behind 38 fields and 19 heatmaps of the stage before.
    set_centre("Mconv1_stage6_L2", torch.cat([torch.zeros(6, 57), identity], 1))
    for number in range(2, 7):
        set_centre(f"Mconv{number}_stage6_L2", identity)
    bgr = torch.from_numpy(colours()[:, ::-1].copy()) * SHARPNESS * 256 / 110
    set_centre("Mconv7_stage6_L2", torch.cat([bgr, -bgr], 1))
    weights["Mconv7_stage6_L2.bias"] = torch.tensor([1 - SHARPNESS] * 18 + [0.0])
    limbs = np.array([FIGURE[b] - FIGURE[a] for a, b in FIELDS])
    limbs /= np.linalg.norm(limbs, axis=1, keepdims=True)
    weights["Mconv7_stage6_L1.bias"] = torch.from_numpy(limbs.ravel())
    return weights
