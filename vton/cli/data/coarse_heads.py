"""`python -m vton coarse-heads`: what a generator draws in place of a pack's heads, to train head-inset on."""

import argparse
from pathlib import Path


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("coarse-heads", help="add a generator's own heads to a pack of heads")
    parser.add_argument("--data", required=True, metavar="DIR", help="a pack of heads; gets coarse.npy")
    parser.add_argument("--outfits", required=True, metavar="DIR", help="the pack of outfits of the same photos")
    parser.add_argument("--run", required=True, metavar="RUN", help="run of a generator that reads persons")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of persons and article pictures (default 0)")
    return parser


def run(args: argparse.Namespace) -> int:
    """Draw, and print how many heads."""
    from vton.cli.data.pack import progress
    from vton.data.outfits.pack import OutfitPack
    from vton.generation.head_training.coarse import write_coarse_heads

    count = write_coarse_heads(Path(args.data), OutfitPack(args.outfits), Path(args.run), args.seed, progress)
    print(f"{count} heads drawn")
    return 0
