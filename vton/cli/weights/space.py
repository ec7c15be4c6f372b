"""`python -m vton space`: the page as a folder ready to be pushed to the Hub as a Space."""

import argparse
from pathlib import Path


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser(
        "space", help="write the page as a folder to be pushed as a Space",
        epilog="Then: hf upload OWNER/NAME DIR . --repo-type space. It fits the CPU Basic hardware.",
    )  # fmt: skip
    parser.add_argument("id", metavar="OWNER/NAME", help="of the Space")
    parser.add_argument("--out", required=True, metavar="DIR", help="a new folder")
    parser.add_argument("--model", action="append", default=[], metavar="OWNER/NAME",
                        help="weights on the Hub to link to; repeatable")  # fmt: skip
    parser.add_argument("--dataset", action="append", default=[], metavar="OWNER/NAME",
                        help="data set on the Hub to link to; repeatable")  # fmt: skip
    return parser


def run(args: argparse.Namespace) -> int:
    """Write, and print the folder."""
    from vton.hub.space import write_space

    print(write_space(Path(args.out), args.id, args.model, args.dataset))
    return 0
