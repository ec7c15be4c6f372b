"""`python -m vton systems`: every system with its paper, checkpoint, size, parameters, licence and status."""

import argparse

from vton.schema import TRY_ONS, InputError, System, Task
from vton.systems import has_weights, systems

_HEADER = ("system", "task", "paper", "checkpoint", "resolution", "parameters", "licence", "status")
_README_HEADER = ("system", "gives", "after", "on held-out data")
# The figure of the card that README's table shows, the first that was measured, and how.
_HEADLINES = {
    Task.GENERATION: {"fid": "FID {:.3g}", "lpips_alexnet": "LPIPS {:.2g}"},
    Task.TRY_ON: {"ccp_lpips_alexnet": "LPIPS {:.2g}"},
    Task.OUTFIT_TRY_ON: {"ccp_lpips_alexnet": "LPIPS {:.2g}"},
    Task.WORN_TRY_ON: {"projection_lpips_alexnet": "LPIPS {:.2g}"},
}


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser(
        "systems", help="list every system with paper, checkpoint, size, licence and status"
    )
    parser.add_argument("--markdown", action="store_true", help="print the table of README.md instead")
    return parser


def run(args: argparse.Namespace) -> int:
    """Print a table; reads headers, cards and checksums, loads no network."""
    if args.markdown:
        print(markdown_table())
        return 0
    rows = [_HEADER] + [_row(system) for system in systems().values()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def markdown_table() -> str:
    """The table of README.md, in Markdown."""
    rows = [_README_HEADER, ["---"] * len(_README_HEADER)]
    rows += [(f"`{system.name}`", system.does, system.cited, _headline(system)) for system in systems().values()]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _headline(system: System) -> str:
    """The figure of the system's own checkpoint; a dash where it is not here or was not measured."""
    from vton.hub import find_checkpoint
    from vton.hub.checkpoint_pages import card_figures
    from vton.hub.checkpoints import CARD_NAME

    card = find_checkpoint(system.checkpoint) / CARD_NAME if has_weights(system.name) else None
    figures = card_figures(card) if card and card.is_file() else {}
    found = (text.format(figures[key]) for key, text in _HEADLINES[system.task].items() if figures.get(key) is not None)
    return next(found, "-")


def _row(system: System) -> tuple[str, ...]:
    size, parameters, status = "-", "-", "ready"
    from vton import hub

    try:
        folder = hub.find_checkpoint(system.checkpoint)
        facts = hub.checkpoint_facts(folder)
        size = "any photo" if system.task in TRY_ONS else "x".join(map(str, facts.size_hw))
        parameters = f"{facts.parameters / 1e6:.1f} M"
        hub.verify(folder)
    except InputError as error:
        status = str(error) if has_weights(system.name) else "weights not here"
    return system.name, system.does, system.cited, system.checkpoint, size, parameters, system.licence, status
