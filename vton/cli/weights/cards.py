"""`python -m vton cards`: writes the pages on checkpoints anew from their lineages, figures and weights."""

import argparse
from pathlib import Path


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("cards", help="write the pages on a folder of checkpoints anew from their data")
    parser.add_argument("folder", nargs="?", metavar="DIR", help="folder of checkpoints; default: the bundled ones")
    return parser


def run(args: argparse.Namespace) -> int:
    """Write the table and the lineages in the cards, and say which files these are."""
    from vton.hub.checkpoint_pages import write_pages
    from vton.hub.checkpoints import BUNDLED_ROOT

    for path in write_pages(Path(args.folder) if args.folder else BUNDLED_ROOT):
        print(path)
    return 0
