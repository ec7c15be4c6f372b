"""Model cards: the README.md of a checkpoint folder, with the metadata that the Hub reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vton.hub.checkpoints import CARD_NAME, LINEAGE_NAME, checkpoint_facts, write_atomically
from vton.hub.lineage import Lineage, Phase, read_lineage
from vton.schema import SizeHW

LINEAGE_HEADING = "## Lineage"
EXAMPLE_ARTICLES = "--top shirt.jpg --bottom jeans.jpg --pose relaxed "
_TAGS = ("virtual-try-on", "fashion")


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
        library_name="vton",
        tags=[*_TAGS, system, *tags],
        model_name=name,
        eval_results=results or None,
    )
    return data.to_yaml().strip()
