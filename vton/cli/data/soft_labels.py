"""`python -m vton soft-labels`: a teacher's labels for the training photos of a pack that lack a parsing."""

import argparse
from pathlib import Path


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("soft-labels", help="add a teacher's labels to a pack, for training the parser")
    parser.add_argument("--data", required=True, metavar="DIR", help="a pack of real persons; gets soft_labels.npy")
    parser.add_argument("--teacher", action="append", required=True, metavar="RUN",
                        help="run of `python -m vton train parser-teacher` (or parser); of several the mean is taken")
    return parser


def run(args: argparse.Namespace) -> int:
    """Label, and print how many photos."""
    from vton.cli.data.pack import progress
    from vton.readers.parser.soft_labels import load_teacher, write_soft_labels

    teachers = [load_teacher(Path(folder)) for folder in args.teacher]
    print(f"{write_soft_labels(Path(args.data), teachers, progress)} photos labelled")
    return 0
