"""The parser ``mattmdjaga/segformer_b2_clothes``: SegFormer-B2 (Xie et al. 2021, arXiv 2105.15203) trained on ATR."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import Any

import numpy as np
import torch

from vton.conditioning.canvas import resize_u8
from vton.hub.fetching import PinnedFiles
from vton.hub.loading import read_weights
from vton.readers.parser.person_parser import PersonParser
from vton.readers.photo_network import View
from vton.readers.torchvision_shim import repair_torchvision
from vton.schema import PARSER_LABELS, InputError, SizeHW
from vton.schema.label_sets import ATR18, LABEL_MAPS

HUB_ID = "mattmdjaga/segformer_b2_clothes"
CONFIG, WEIGHTS = "config.json", "model.safetensors"
# Commit and sums as download scripts of other projects state them; never fetched by ourselves.
FILES = PinnedFiles(
    HUB_ID,
    revision="584abc1e1d260e23c0fc627c5217a09b2b461046",
    sha256={
        CONFIG: "4b5127ca00fe61187b6cc6c232c9e19326ed228683f8f5c221790be9cc196a6e",
        WEIGHTS: "8f86fd90c567afd4370b3cc3a7e81ed767a632b2832a738331af660acc0c4c68",
    },
    what="Parser",
)
MEGABYTES = 110
VARIABLE = "VTON_SEGFORMER"
REQUIREMENTS = "requirements-segformer.txt"

_INPUT_SIDE = 512  # photos of any aspect were squeezed into this square in training
_STRIDE = 4  # pixels per cell of its logits
_MEAN, _STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)  # of ImageNet's channels, 0..1
_SURE = 10.0  # logit that leaves no doubt
_MAX_VIEWS = 8  # of one photo
_UNFIT = f"The parser in folder '{{}}' is damaged or of another kind: use that of {HUB_ID}."


class SegformerParser(PersonParser):
    """Parts of the main person; ATR has no label for the skin of the torso.

    Args:
        folder: of ``config.json`` and ``model.safetensors``; without it the one that the environment variable
            ``VTON_SEGFORMER`` names, else the Hub's, downloaded when the cache lacks it and compared with its sha256.

    Raises:
        InputError: transformers is not installed, no such model there, or the Hub cannot be reached.
    """

    name = "segformer"
    licence = "MIT as published; fine-tuned from NVIDIA's SegFormer, whose licence is for non-commercial use only"

    def __init__(self, folder: str | os.PathLike | None = None) -> None:
        if not _installed():
            raise InputError(f"The segformer parser needs transformers: pip install -r {REQUIREMENTS}")
        super().__init__(_SegformerNetwork(_given(folder) or FILES.fetch()))

    @classmethod
    def available(cls) -> bool:
        """Whether transformers is installed and the model is on this machine; asks no network."""
        folder = _given(None) or FILES.cached()
        return _installed() and folder is not None and not _missing(folder)

    @classmethod
    def download_note(cls) -> str:
        """What the constructor would fetch, empty when nothing."""
        if _given(None) or FILES.cached():
            return ""
        return f"segformer downloads {HUB_ID}: {MEGABYTES} MB. Licence: {cls.licence}."


class _SegformerNetwork:
    """Runs the model on canvases of 3:4 and sums its labels up to ``PARSER_LABELS``."""

    size_hw: SizeHW = (_INPUT_SIDE, _INPUT_SIDE * 3 // 4)
    glance_hw: SizeHW = size_hw
    map_stride: int = _STRIDE

    def __init__(self, folder: Path) -> None:
        missing = _missing(folder)
        if missing:
            raise InputError(f"No parser in folder '{folder.name}': it lacks {missing[0]}; give that of {HUB_ID}.")
        self._model = _load_model(folder)

    def __call__(self, views: list[View]) -> tuple[np.ndarray, np.ndarray]:
        """Returns logits [N, 14, H / 4, W / 4], float32, and [N, 1], that somebody is there: left to the maps."""
        if len(views) > _MAX_VIEWS:  # each takes a second or two
            raise InputError("This photo is too long and narrow for the segformer parser: crop it around the person.")
        return np.stack([self._maps(view.canvas_u8) for view in views]), np.full((len(views), 1), _SURE, np.float32)

    def _maps(self, canvas_u8: np.ndarray) -> np.ndarray:
        square = resize_u8(canvas_u8, (_INPUT_SIDE, _INPUT_SIDE)).astype(np.float32) / 255
        scaled = (square - np.array(_MEAN, np.float32)) / np.array(_STD, np.float32)
        pixels = torch.from_numpy(scaled).permute(2, 0, 1)[None]
        with torch.inference_mode():
            logits = grouped(self._model(pixel_values=pixels.contiguous()).logits)
            height, width = (side // _STRIDE for side in self.size_hw)
            return torch.nn.functional.interpolate(logits, (height, width), mode="bilinear")[0].numpy()


def grouped(logits: torch.Tensor) -> torch.Tensor:
    """ATR-18 to ``PARSER_LABELS``: a label's probability is the sum of those that map to it.

    Args:
        logits: [N, 18, h, w], float32.

    Returns:
        [N, 14, h, w], float32, logits again; far below all others where no label of ATR-18 maps.
    """
    planes = [torch.full_like(logits[:, 0], float(logits.min()) - _SURE) for _ in PARSER_LABELS]
    for number, name in enumerate(PARSER_LABELS):
        members = [i for i, atr in enumerate(ATR18) if LABEL_MAPS["atr-18"][atr] == name]
        if members:
            planes[number] = logits[:, members].logsumexp(dim=1)
    return torch.stack(planes, dim=1)


def _installed() -> bool:
    return importlib.util.find_spec("transformers") is not None


def _given(folder: str | os.PathLike | None) -> Path | None:
    """The folder that the caller or the environment names, whether it exists or not."""
    text = os.fspath(folder) if folder is not None else os.environ.get(VARIABLE, "")
    return Path(text).expanduser() if text else None


def _missing(folder: Path) -> list[str]:
    return [file for file in (CONFIG, WEIGHTS) if not (folder / file).is_file()]


def _load_model(folder: Path) -> torch.nn.Module:
    repair_torchvision()
    from safetensors import SafetensorError
    from transformers.models.segformer.configuration_segformer import SegformerConfig
    from transformers.models.segformer.modeling_segformer import SegformerForSemanticSegmentation

    try:
        # With weights that are read already it only renames them; see `vton.hub.loading` for what reading checks.
        loaded: Any = SegformerForSemanticSegmentation.from_pretrained(
            None,
            config=SegformerConfig.from_pretrained(folder, local_files_only=True),
            state_dict=read_weights(folder / WEIGHTS, f"Parser '{folder.name}'"),
            dtype=torch.float32,
            output_loading_info=True,
        )
    except InputError:
        raise
    except (SafetensorError, OSError, ValueError, TypeError, KeyError, RuntimeError):
        raise InputError(_UNFIT.format(folder.name)) from None
    model, said = loaded
    if said["missing_keys"] or said["mismatched_keys"] or not _is_atr(model.config.id2label):
        raise InputError(_UNFIT.format(folder.name))
    return model.eval().requires_grad_(False)


def _is_atr(id2label: dict[int, str]) -> bool:
    """Whether a model's labels are ATR-18 in its order, whatever their spelling ("Upper-clothes" is "upper")."""
    names = [id2label.get(number, "").lower().replace("-", "_") for number in range(len(id2label))]
    return len(names) == len(ATR18) and all(map(str.startswith, names, ATR18))
