"""`python -m vton showcase`: draws the example looks, their banner and the page's preview anew, for new weights."""

import argparse
from pathlib import Path

from vton.cli.outputs import check_file


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("showcase", help="draw the page's example looks and README's banner anew")
    parser.add_argument("--checkpoint", metavar="C", help="of outfit-gan (default: the bundled one)")
    parser.add_argument("--banner", required=True, metavar="FILE.webp", help="banner to write")
    return parser


def run(args: argparse.Namespace) -> int:
    """Draw and write them, and say which files these are."""
    check_file("--banner", args.banner, ".webp")
    from vton.systems.outfit_gan.pipeline import OutfitGANPipeline
    from vton.ui.showcase import draw_showcase

    for path in draw_showcase(OutfitGANPipeline.from_pretrained(args.checkpoint), Path(args.banner)):
        print(path)
    return 0
