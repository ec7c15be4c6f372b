"""Pages on a folder of checkpoints, made from their data: the table of all of them, and each card's lineage."""

import re
from pathlib import Path

from vton.hub.checkpoints import CARD_NAME, LINEAGE_NAME, bundled_names, checkpoint_facts, write_atomically
from vton.hub.lineage import read_lineage
from vton.hub.model_card import LINEAGE_HEADING, TRYON, lineage_section
from vton.schema import InputError

# Figures of a model card that the table shows, where a card has them, and what it calls them.
_HEADLINES = {
    "silhouette_iou_pixels": "silhouette IoU", "ciede2000": "CIEDE2000", "lpips_alexnet": "LPIPS", "fid": "FID",
    "studio_ssim": "studio SSIM", "studio_lpips_alexnet": "LPIPS", "ccp_ssim": "CCP SSIM", "ccp_lpips_alexnet": "LPIPS",
    "ccp_pck@0.05": "CCP PCK@0.05", "studio_pck@0.05": "studio", "ccp_mean_iou": "CCP mean IoU",
    "studio_mean_iou": "studio", "composite_iou": "mask IoU", "slot_top1": "right slot",
}  # fmt: skip
_INTRODUCTION = """\
# Bundled weights

`python -m vton cards` writes this page, and the lineages in the cards, from data. A folder holds

- `diffusion_pytorch_model.safetensors` and `config.json`: the weights, in half precision, and the network they are of;
- `manifest.json`: the sha256 of both; files with another sha256 are refused;
- `lineage.json`: where the weights come from: parent, data and its commands, phases of training, hardware, date.
  What nobody wrote down is null. `python -m vton train --like NAME` goes on from it ([training](../docs/training.md));
- `README.md`: the model card: use, data, lineage, all figures of `python -m vton evaluate` on held-out data, limits.

All were trained on data that anyone may use, and anyone may use them (Apache-2.0). The data are the synthetic studio,
Clothing Co-Parsing (CCP) and the clothing dataset: see [training](../docs/training.md#the-data). The table counts the
phases, images and hours of a parent too; the hours are of two shared CPU cores. A checkpoint has at most 25 MB, all
together at most 200 MB.
"""
_END = """\
What these figures mean: [the generator](../docs/evaluation.md), [try-on](../docs/try-on.md),
[the readers of photos](../docs/photos.md). What was tried and dropped, and what each needs next:
[history](../docs/history.md).
"""


def write_pages(root: Path) -> list[Path]:
    """Writes the table of a folder of checkpoints, and the section on lineage in each card; returns the files.

    Raises:
        InputError: no checkpoint there, or one without a card or a lineage.
    """
    folders = [root / name for name in bundled_names(root)]
    if not folders:
        raise InputError(f"'{root.name}' holds no checkpoints: give a folder of them.")
    pages = {folder / CARD_NAME: card_with_lineage(folder) for folder in folders}
    pages[root / CARD_NAME] = table_page(root)
    for path, text in pages.items():
        write_atomically(path, text)
    return list(pages)


def table_page(root: Path) -> str:
    """The page on all checkpoints of a folder, in Markdown."""
    rows = [_row(root / name) for name in bundled_names(root)]
    head = ["checkpoint", "system", "pixels", "parameters", "MB", "phases", "images", "hours", "held-out figures"]
    table = [head, ["---"] * len(head), *rows]
    lines = ["| " + " | ".join(cells) + " |" for cells in table]
    return "\n".join([_INTRODUCTION, *lines, "", _END])


def card_with_lineage(folder: Path) -> str:
    """The card of a checkpoint with its section on lineage made anew, before the figures."""
    if not (folder / CARD_NAME).is_file():
        raise InputError(f"Checkpoint '{folder.name}' has no {CARD_NAME}: publish it again.")
    card = (folder / CARD_NAME).read_text(encoding="utf-8")
    card = re.sub(rf"^{LINEAGE_HEADING}\n.*?(?=^## )", "", card, flags=re.DOTALL | re.MULTILINE)
    before, figures, after = card.partition("## Figures\n")
    return f"{before}{lineage_section(read_lineage(folder))}\n{figures}{after}"


def _row(folder: Path) -> list[str]:
    facts, lineage = checkpoint_facts(folder), read_lineage(folder)
    height, width = facts.size_hw if all(facts.size_hw) else TRYON.size_hw
    images = sum(phase.images for phase in lineage.phases)
    hours = "?" if lineage.hours is None else f"{lineage.hours:g}"
    return [
        f"[{folder.name}]({folder.name}/{CARD_NAME}) ([lineage]({folder.name}/{LINEAGE_NAME}))", lineage.system,
        f"{height}x{width}", f"{facts.parameters / 1e6:.1f} M", f"{facts.megabytes:.1f}", str(len(lineage.phases)),
        f"{images:,}", hours, _figures(folder / CARD_NAME),
    ]  # fmt: skip


def _figures(card: Path) -> str:
    """The headlines among the figures in a card's metadata, in their order."""
    values = card_figures(card)
    return ", ".join(f"{title} {values[name]:.3g}" for name, title in _HEADLINES.items() if name in values)


def card_figures(card: Path) -> dict[str, float]:
    """All figures in a card's metadata, by the names of the metrics."""
    from huggingface_hub import ModelCard, ModelCardData

    data = ModelCard(card.read_text(encoding="utf-8"), ignore_metadata_errors=True).data
    assert isinstance(data, ModelCardData)
    return {result.metric_type: result.metric_value for result in data.eval_results or []}
