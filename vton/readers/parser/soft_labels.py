"""Labels by the parser's teachers, for the photos of a pack: how sure they are of each, not only which wins."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from vton.conditioning.canvas import fit_to_canvas
from vton.data.npy_writer import NpyWriter
from vton.data.persons.pack import SOFT_LABELS, PersonPack
from vton.hub.device import channels_last
from vton.hub.loading import load_network
from vton.readers.parser.teacher import ParserTeacher
from vton.readers.photo_unet import PhotoUNet
from vton.readers.training.recipes import to_tensor
from vton.schema import InputError, as_size
from vton.schema.label_sets import PARSER_LABELS
from vton.training.run_folder import checkpoint_of

_KINDS = {kind.__name__: kind for kind in (ParserTeacher, PhotoUNet)}


def load_teacher(folder: Path) -> ParserTeacher | PhotoUNet:
    """The averaged network of a run, or that of a checkpoint, of "parser-teacher" or of "parser".

    Raises:
        InputError: there is none.
    """
    folder = checkpoint_of(folder)
    try:
        kind = json.loads((folder / "config.json").read_text())["_class_name"]
        network_class = _KINDS[kind]
    except (OSError, ValueError, KeyError):
        raise InputError(
            f"'{folder.name}' has no weights of a parser or of its teacher: give a run of `python -m vton train`."
        ) from None
    network = load_network(network_class, folder).eval()
    if network.config["map_channels"] != len(PARSER_LABELS):
        raise InputError(f"'{folder.name}' labels something else: give a run of a parser or of its teacher.")
    channels_last(network)
    return network


def write_soft_labels(
    folder: Path,
    teachers: Sequence[ParserTeacher | PhotoUNet],
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Adds ``soft_labels.npy`` to a pack of real persons: of its training photos without a parsing; others get none.

    What a photo's tags rule out gets no share (Papandreou et al. 2015, arXiv 1502.02734, learn from such labels).

    Returns:
        How many photos were labelled.

    Raises:
        InputError: the folder is no pack of persons.
    """
    pack = PersonPack(folder)
    half_hw = as_size(side // 2 for side in pack.size_hw)
    partial = folder / f"{SOFT_LABELS}.npy.partial"
    writer = NpyWriter(partial, (*half_hw, len(PARSER_LABELS)), "uint8")
    unlabelled = (np.asarray(pack.held_out) == 0) & (np.asarray(pack.has_parsing) == 0)
    for photo in range(len(pack)):
        row = np.zeros((*half_hw, len(PARSER_LABELS)), np.uint8)
        if unlabelled[photo]:
            rows, columns = (slice(part.start // 2, part.stop // 2) for part in pack.content_of(photo))
            row[rows, columns] = soft_labels(np.array(pack.photos[photo]), teachers, pack.possible[photo])[
                rows, columns
            ]
        writer.append(row[None])
        if progress:
            progress(photo + 1, len(pack))
    writer.close()
    os.replace(partial, folder / f"{SOFT_LABELS}.npy")
    return int(unlabelled.sum())


@torch.inference_mode()
def soft_labels(
    canvas_u8: np.ndarray, teachers: Sequence[ParserTeacher | PhotoUNet], possible: np.ndarray | None = None
) -> np.ndarray:
    """Mean shares over teachers, each on its own canvas, and over the photo and its mirror.

    Args:
        canvas_u8: [H, W, 3], uint8.
        possible: [14], 0 for labels that the photo does not show; None: it may show all.

    Returns:
        [H / 2, W / 2, 14], uint8, about 255 in all.
    """
    height, width = canvas_u8.shape[:2]
    total = torch.zeros(len(PARSER_LABELS), height // 2, width // 2)
    ruled_out = torch.zeros(len(PARSER_LABELS), dtype=torch.bool)
    if possible is not None:
        ruled_out = torch.from_numpy(np.asarray(possible) == 0)
    for teacher in teachers:
        canvas, transform = fit_to_canvas(canvas_u8, teacher.config["size_hw"])
        image = to_tensor([canvas])
        maps = teacher(torch.cat([image, image.flip(3)])).maps
        maps = F.interpolate(torch.stack([maps[0], maps[1].flip(2)]), canvas.shape[:2], mode="bilinear")
        top, left = int(transform.dy), int(transform.dx)
        maps = maps[..., top : top + round(height * transform.scale), left : left + round(width * transform.scale)]
        maps = F.interpolate(maps, total.shape[1:], mode="bilinear")
        total += maps.masked_fill(ruled_out[:, None, None], -torch.inf).softmax(1).mean(0)
    return (total / len(teachers) * 255).round().byte().permute(1, 2, 0).contiguous().numpy()
