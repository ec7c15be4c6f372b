"""`python -m vton systems`: every system with its paper, checkpoint, size, parameters, licence and status."""

import argparse

_HEADER = ("system", "task", "paper", "checkpoint", "resolution", "parameters", "licence", "status")


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb; it has no options."""
    return subparsers.add_parser(
        "systems", help="list every system with paper, checkpoint, size, licence and status"
    )


def run(args: argparse.Namespace) -> int:
    """Print an aligned table; reads headers and checksums, loads no network."""
    from vton.systems import SYSTEMS

    rows = [_HEADER] + [_row(name, info) for name, info in SYSTEMS.items()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _row(name: str, info) -> tuple[str, ...]:
    size, parameters, status = "-", "-", "ready"
    from vton import hub
    from vton.schema import InputError
    from vton.systems import TRYON_SYSTEMS

    try:
        folder = hub.find_checkpoint(info.checkpoint)
        facts = hub.describe(folder)
        size = "any photo" if name in TRYON_SYSTEMS else "x".join(map(str, facts.size_hw))
        parameters = f"{facts.parameters / 1e6:.1f} M"
        hub.verify(folder)
    except InputError as error:
        missing = info.checkpoint not in hub.bundled_names()
        status = "weights not here" if missing else str(error)
    return name, info.task, info.paper, info.checkpoint, size, parameters, info.licence, status
