"""A tiny SegFormer folder whose weights give every pixel the label of the nearest colour in a palette.

Colours pass the first stage alone, beside constants that make its layer normalisation linear; all else is zero.
"""

from pathlib import Path

import numpy as np
import torch
from drawn.openpose import colours

from vton.schema.label_sets import ATR18

PALETTE = np.concatenate([[[128] * 3], np.round(128 + 110 * colours()[:17])]).astype(np.uint8)
"""RGB per label of ATR-18: [18, 3]."""

_MEAN, _STD = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
_CHANNELS, _STEADY, _GAIN = 16, 10.0, 8.0


def paint(labels: np.ndarray) -> np.ndarray:
    """[H, W] of ATR-18 to a picture, [H, W, 3], uint8."""
    return PALETTE[labels]


def save_folder(folder: Path, background: float = 0.0) -> Path:
    """Writes config.json and model.safetensors under the names of the published model.

    Args:
        background: added to the logit of the background.
    """
    from safetensors.torch import load_file, save_file
    from transformers import SegformerConfig, SegformerForSemanticSegmentation

    names = {i: name.replace("_", "-").capitalize() for i, name in enumerate(ATR18)}
    sizes = {"hidden_sizes": [_CHANNELS] * 4, "num_attention_heads": [1] * 4, "decoder_hidden_size": _CHANNELS}
    config = SegformerConfig(num_labels=18, id2label=names, depths=[1] * 4, **sizes)
    SegformerForSemanticSegmentation(config).save_pretrained(folder)
    weights = load_file(folder / "model.safetensors")
    for name, tensor in weights.items():
        if "norm" not in name:
            weights[name] = torch.zeros_like(tensor)
    _set_path(weights)
    weights["decode_head.classifier.bias"][0] += background
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def _set_path(weights: dict[str, torch.Tensor]) -> None:
    colour, both = torch.eye(3), torch.cat([torch.eye(3), -torch.eye(3)])
    first = "segformer.encoder.patch_embeddings.0.proj"
    weights[f"{first}.weight"][:6, :, 3, 3] = both
    weights[f"{first}.bias"][6:] = torch.tensor([_STEADY, -_STEADY] * ((_CHANNELS - 6) // 2))
    scale = (_CHANNELS / (_CHANNELS - 6)) ** 0.5 / _STEADY  # of the normalisation, as long as the constants rule
    weights["decode_head.linear_c.0.proj.weight"][:6, :3] = both / scale
    weights["decode_head.linear_fuse.weight"][:6, -_CHANNELS:, 0, 0] = torch.eye(6, _CHANNELS)  # last in the row
    palette = torch.from_numpy((PALETTE / np.float32(255) - _MEAN) / _STD)
    weights["decode_head.classifier.weight"][:, :6, 0, 0] = _GAIN * torch.cat([palette @ colour, -palette @ colour], 1)
    weights["decode_head.classifier.bias"][:] = -_GAIN * palette.square().sum(1) / 2
