"""`python -m vton average`: the mean of the weights of several checkpoints of one network."""

import argparse
from pathlib import Path


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("average", help="average the weights of checkpoints of one network")
    parser.add_argument("checkpoints", nargs="+", metavar="DIR", help="checkpoint folder, or run of `train`")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder to write; `train --from` takes it")
    return parser


def run(args: argparse.Namespace) -> int:
    """Average, and say where."""
    from vton.training.model_soup import average_checkpoints

    average_checkpoints([Path(folder) for folder in args.checkpoints], Path(args.out))
    print(f"{args.out}: mean of {len(args.checkpoints)} checkpoints")
    return 0
