"""Model cards: the README.md of a checkpoint folder, with the metadata that the Hub reads."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vton.hub.checkpoints import CARD_NAME, LINEAGE_NAME, SAMPLES, checkpoint_facts, write_atomically
from vton.hub.lineage import Lineage, Phase, read_lineage
from vton.schema import InputError, SizeHW, quoted

LINEAGE_HEADING = "## Lineage"
SAMPLES_HEADING = "## Samples"
EXAMPLE_ARTICLES = "--top shirt.jpg --bottom jeans.jpg --pose relaxed "
_TAGS = ("virtual-try-on", "fashion")
_LIBRARY = "vton"
_PNG = b"\x89PNG\r\n\x1a\n"
# Tasks in our cards, and as the Hub calls them.
_TASKS = {
    "unconditional-image-generation": "unconditional-image-generation",
    "image-generation": "unconditional-image-generation",
    "image-to-image": "image-to-image",
    "image-segmentation": "image-segmentation",
    "keypoint-detection": "keypoint-detection",
}


@dataclass(frozen=True)
class CardKind:
    """What the card of a kind of model says beside its own facts: Hub tags and task, how to use it, a last word."""

    tags: tuple[str, ...]
    task: str
    dataset: str
    use: str
    size: str
    last_word: str = ""
    size_hw: SizeHW = (0, 0)  # of networks whose config does not tell


GENERATOR = CardKind(
    tags=("stylegan2", "image-generation"),
    task="unconditional-image-generation",
    dataset="held-out outfits of the studio set",
    use="python -m vton generate --system {system} --checkpoint FOLDER_OR_HUB_ID {articles}--seed 1 --out result.png",
    size="Output",
    last_word="Every picture it draws shows a person who does not exist; the PNG says so in its recipe.",
)
TRYON = CardKind(
    tags=("image-to-image",),
    task="image-to-image",
    dataset="held-out pairs of photos and garments",
    use="python -m vton tryon --system {system} --person PERSON.jpg --garment GARMENT.jpg --out result.png",
    size="Canvas",
    last_word="It redraws the clothes' region of a photo and keeps all other pixels; the PNG says so in its recipe.",
    size_hw=(256, 192),
)
_ESTIMATOR_USE = {
    "pose": "python -m vton pose PHOTO --backend bundled --out pose.json",
    "parser": "python -m vton parse PHOTO --backend bundled --out parsing.png",
    "garment-mask": "python -m vton cutout GARMENT.jpg --out article.png",
}


def estimator_kind(system: str) -> CardKind:
    """The kind of card of an estimator: ``pose``, ``parser`` or ``garment-mask``."""
    task = "keypoint-detection" if system == "pose" else "image-segmentation"
    return CardKind((task,), task, "held-out photos", _ESTIMATOR_USE[system], "Canvas")


@dataclass(frozen=True)
class Metric:
    """One measured figure. ``name`` e.g. "FID"; ``how`` says n, feature network, resize and reference set."""

    name: str
    value: float
    how: str


_PAGE = """---
{header}
---
# {name}

{summary}

- System: `{system}`, after {paper}
- {kind.size}: {height}x{width} pixels (height x width), {millions:.1f} M parameters, \
{facts.megabytes:.1f} MB, revision `{facts.revision}`
- Licence: {licence}

## Use
```
{use}
```

## Training data
{data}
{lineage}
## Figures
{table}
## Limits
{limits}
{kind.last_word}
"""


def write_model_card(
    folder: Path,
    *,
    system: str,
    summary: str,
    paper: str,
    data: str,
    metrics: Sequence[Metric] = (),
    limits: str = "",
    tags: Sequence[str] = (),
    licence: str = "apache-2.0",
    kind: CardKind = GENERATOR,
    articles: str = "",
) -> Path:
    """Write ``README.md`` into a checkpoint folder; it quotes ``lineage.json`` where there is one.

    Args:
        folder: holds the config and the weights already.
        system: its name.
        summary: what the model does, one paragraph.
        paper: title and link of the paper it follows.
        data: what it was trained on and for how long.
        metrics: measured figures; they also go into the Hub's model index.
        limits: what it is bad at.
        tags: Hub tags beside the usual ones.
        licence: Hub identifier of the licence.
        kind: what kind of model it is: `GENERATOR`, `TRYON` or that of `estimator_kind`.
        articles: options of the command in the card that give it articles, such as `EXAMPLE_ARTICLES`.

    Returns:
        The path of the card.

    Raises:
        InputError: the folder is not a whole checkpoint, or its lineage is broken.
    """
    folder = Path(folder)
    facts = checkpoint_facts(folder)
    lineage = f"\n{lineage_section(read_lineage(folder))}" if (folder / LINEAGE_NAME).is_file() else ""
    height, width = facts.size_hw if all(facts.size_hw) else kind.size_hw
    header = _metadata(folder.name, system, licence, [*kind.tags, *tags], metrics, kind)
    rows = "\n".join(f"| {metric.name} | {metric.value:g} | {metric.how} |" for metric in metrics)
    table = f"| metric | value | how |\n|---|---|---|\n{rows}\n" if metrics else "Not measured yet.\n"
    text = _PAGE.format(
        name=folder.name, header=header, summary=summary, system=system, paper=paper, kind=kind, facts=facts,
        height=height, width=width, millions=facts.parameters / 1e6, licence=licence, data=data, lineage=lineage,
        table=table,
        use=kind.use.format(system=system, articles=articles), limits=limits or "Not described yet.",
    )  # fmt: skip
    write_atomically(folder / CARD_NAME, text.rstrip() + "\n")
    return folder / CARD_NAME


def complete_card(folder: Path, datasets: Sequence[str] = (), samples: Sequence[Path] = ()) -> Path:
    """Completes the card of a checkpoint for the Hub: library, task, data sets, and a section of sample pictures.

    Args:
        folder: of the checkpoint; the samples are copied into it.
        datasets: ids on the Hub of data that it was trained on, beside those that the card has.
        samples: PNG files, in place of those that the card shows; none leaves these.

    Returns:
        The path of the card.

    Raises:
        InputError: there is no card, it is of no known task, or a sample is no PNG.
    """
    from huggingface_hub import ModelCard, ModelCardData

    path = folder / CARD_NAME
    if not path.is_file():
        raise InputError(f"Checkpoint '{folder.name}' has no {CARD_NAME}: publish it again.")
    card = ModelCard(path.read_text("utf-8"), ignore_metadata_errors=True)
    data = card.data
    assert isinstance(data, ModelCardData)
    data.library_name, data.pipeline_tag = _LIBRARY, _task_of(data, folder)
    before = [data.datasets] if isinstance(data.datasets, str) else data.datasets or []
    merged: list[str] = sorted({*before, *datasets})
    data.datasets = merged or None
    text = card.text
    if samples:
        text = re.sub(rf"^{SAMPLES_HEADING}\n.*?(?=^## )", "", text, flags=re.DOTALL | re.MULTILINE)
        text = text.replace("## Training data\n", f"{_samples_section(folder, samples)}\n## Training data\n", 1)
    write_atomically(path, f"---\n{data.to_yaml().strip()}\n---\n{text.lstrip()}")
    return path


def _task_of(data: Any, folder: Path) -> str:
    """The Hub's word for what a model does, from the figures or the tags of its card."""
    said = [result.task_type for result in data.eval_results or []] + list(data.tags or [])
    task = next((word for word in said if word in _TASKS), "")
    if not task:
        raise InputError(f"The card of '{folder.name}' has none of the tags {', '.join(_TASKS)}: add one.")
    return _TASKS[task]


def _samples_section(folder: Path, samples: Sequence[Path]) -> str:
    """Copies sample pictures, in place of earlier ones, and shows them."""
    contents = [sample.read_bytes() if sample.is_file() else b"" for sample in samples]
    for sample, content in zip(samples, contents, strict=True):
        if not content.startswith(_PNG):
            raise InputError(f"The sample {quoted(sample.name)} is no PNG: give pictures as this program wrote them.")
    (folder / SAMPLES).mkdir(exist_ok=True)
    for old in (folder / SAMPLES).glob("*.png"):
        old.unlink()
    names = [f"{SAMPLES}/{number}.png" for number in range(1, len(samples) + 1)]
    for name, content in zip(names, contents, strict=True):
        write_atomically(folder / name, content)
    lines = [f"![Sample {number}]({name})" for number, name in enumerate(names, 1)]
    return "\n".join([SAMPLES_HEADING, *lines, ""])


def lineage_section(lineage: Lineage) -> str:
    """A section of a card: where the weights come from, which data they saw, and a row for each phase."""
    facts = [
        f"Parent: {f'`{lineage.parent}`' if lineage.parent else 'none'}.",
        f"Trained on {lineage.hardware or 'unknown hardware'}, "
        + (f"about {lineage.hours:g} hours." if lineage.hours is not None else "hours unknown."),
        f"Published {lineage.date or 'on an unknown day'}, code `{lineage.code or 'unknown'}`.",
        f"All of it as data: [{LINEAGE_NAME}]({LINEAGE_NAME}).",
    ]
    data = []
    for dataset in lineage.data:
        commands = [f"  - `{command}`" for command in dataset.commands or ()]
        data += [f"- {dataset.name}" + (":" if commands else ""), *commands]
    rows = [_phase_row(number, phase) for number, phase in enumerate(lineage.phases, 1)]
    head = ["| | system | part | config | images | settings | seed | start | note |", "|" + "---|" * 9]
    return "\n".join([LINEAGE_HEADING, " ".join(facts), "", *data, "", *head, *rows, ""])


def _phase_row(number: int, phase: Phase) -> str:
    if phase.config is None:  # the settings are a whole configuration: too many for a cell
        settings = f"see {LINEAGE_NAME}"
    else:
        settings = ", ".join(f"`{name}={value}`" for name, value in phase.settings.items())
    start = phase.start or (f"phase {number - 1}" if number > 1 else "random weights")
    seed = "" if phase.seed is None else phase.seed
    cells = [number, phase.system, phase.part or "all", phase.config or "", f"{phase.images:,}", settings, seed, start]
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in [*cells, phase.note or ""]) + " |"


def _metadata(
    name: str, system: str, licence: str, tags: Sequence[str], metrics: Sequence[Metric], kind: CardKind
) -> str:
    """The YAML block, without its dashes."""
    from huggingface_hub import EvalResult, ModelCardData

    results = [
        EvalResult(
            task_type=kind.task,
            dataset_type="vton-studio" if kind is GENERATOR else "photos",
            dataset_name=kind.dataset,
            metric_type=metric.name.lower().replace(" ", "-"),
            metric_name=f"{metric.name} ({metric.how})",
            metric_value=metric.value,
        )
        for metric in metrics
    ]
    data = ModelCardData(
        license=licence,
        library_name=_LIBRARY,
        pipeline_tag=kind.task,
        tags=[*_TAGS, system, *tags],
        model_name=name,
        eval_results=results or None,
    )
    return data.to_yaml().strip()
