"""`python -m vton compare`: the same person and garment in every try-on system, on one sheet."""

import argparse
import sys

from vton.cli.outputs import check_file
from vton.cli.tryon import add_photos
from vton.pipelines import TRYON_SYSTEMS, has_weights, parse_tryon_systems
from vton.schema import InputError


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("compare", help="put a garment on a person by several systems, side by side")
    add_photos(parser)
    known = ", ".join(TRYON_SYSTEMS)
    parser.add_argument("--systems", metavar="A,B,C", help=f"default: those with weights here, of {known}")
    parser.add_argument("--out", required=True, metavar="SHEET.png", help="the sheet to write")
    return parser


def run(args: argparse.Namespace) -> int:
    """Try on by each system, print one line for each, write the sheet."""
    check_file("--out", args.out, ".png")
    names = chosen(args.systems)
    from vton.conditioning.image_io import load_rgb, write_png
    from vton.pipelines.comparison import compare, read_both, sheet

    compared = []
    photos = read_both(args.person, args.garment, args.slot)
    for one in compare(*photos, names, args.background):
        compared.append(one)
        print(f"{one.system}: {one.facts()}", file=sys.stderr, flush=True)
    write_png(args.out, sheet(photos[0].image_u8, load_rgb(args.garment), compared))
    print(args.out)
    return 0


def chosen(text: str | None) -> list[str]:
    """The systems to run; by default all of them whose weights are here.

    Raises:
        InputError: a name that is no try-on system, or none of them has its weights here.
    """
    names = parse_tryon_systems(text) if text else list(TRYON_SYSTEMS)
    here = [name for name in names if has_weights(name)]
    if not here:
        raise InputError(f"The weights of {', '.join(names)} are not here: train them, or put their checkpoints here.")
    return list(dict.fromkeys(names if text else here))
