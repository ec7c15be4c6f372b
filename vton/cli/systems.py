"""`python -m vton systems`: every system with its paper, checkpoint, size, parameters, licence and status."""

import argparse

from vton.schema import InputError, System, Task
from vton.systems import has_weights, systems

_HEADER = ("system", "task", "paper", "checkpoint", "resolution", "parameters", "licence", "status")


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb; it has no options."""
    return subparsers.add_parser(
        "systems", help="list every system with paper, checkpoint, size, licence and status"
    )


def run(args: argparse.Namespace) -> int:
    """Print an aligned table; reads headers and checksums, loads no network."""
    rows = [_HEADER] + [_row(system) for system in systems().values()]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADER))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    return 0


def _row(system: System) -> tuple[str, ...]:
    size, parameters, status = "-", "-", "ready"
    from vton import hub

    try:
        folder = hub.find_checkpoint(system.checkpoint)
        facts = hub.describe(folder)
        size = "any photo" if system.task is Task.TRY_ON else "x".join(map(str, facts.size_hw))
        parameters = f"{facts.parameters / 1e6:.1f} M"
        hub.verify(folder)
    except InputError as error:
        status = str(error) if has_weights(system.name) else "weights not here"
    return system.name, system.does, system.cited, system.checkpoint, size, parameters, system.licence, status
