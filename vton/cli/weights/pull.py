"""`python -m vton pull`: a checkpoint of the Hub to this machine, verified."""

import argparse
from pathlib import Path


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser(
        "pull", help="fetch a checkpoint of the Hub, and verify it",
        epilog="Every --checkpoint takes the same id, and fetches what is not here yet. A download that was broken off "
        "goes on where it was, and what does not fit its manifest is fetched again.",
    )  # fmt: skip
    parser.add_argument("id", metavar="OWNER/NAME[@COMMIT]", help="without a commit: the newest at the first download")
    parser.add_argument("--out", metavar="DIR", help="also copy it there, in place of a checkpoint that is there")
    return parser


def run(args: argparse.Namespace) -> int:
    """Fetch, and print where it is and what it is."""
    from vton.hub import checkpoint_facts, pull

    folder = pull(args.id, Path(args.out) if args.out else None)
    facts = checkpoint_facts(folder)
    print(f"{folder}: {facts.parameters / 1e6:.1f} M parameters, {facts.megabytes:.1f} MB, revision {facts.revision}")
    return 0
