"""`python -m vton card`: the model card of a checkpoint as the Hub reads it."""

import argparse
from pathlib import Path


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("card", help="complete the model card of a checkpoint for the Hub")
    parser.add_argument("checkpoint", metavar="C", help="bundled name or folder")
    parser.add_argument("--dataset", action="append", default=[], metavar="OWNER/NAME",
                        help="data set on the Hub that it was trained on; repeatable")  # fmt: skip
    parser.add_argument("--sample", action="append", default=[], type=Path, metavar="FILE.png",
                        help="picture to show, in place of those that the card has; repeatable")  # fmt: skip
    return parser


def run(args: argparse.Namespace) -> int:
    """Write the card's metadata and samples, and print its path."""
    from vton.hub import find_checkpoint
    from vton.hub.model_card import complete_card

    print(complete_card(find_checkpoint(args.checkpoint), args.dataset, args.sample))
    return 0
