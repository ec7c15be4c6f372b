"""`python -m vton compare`: the same person and garment in every try-on system, on one sheet.

With folders instead of photos it makes the papers' unpaired sheet: each person in one garment.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from vton.cli.dressing.tryon import add_garment, add_person, say
from vton.cli.outputs import check_file
from vton.schema import TRY_ONS, DigitalSourceType, InputError
from vton.systems import has_weights, parse_tryon_systems, systems


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("compare", help="put a garment on a person by several systems, side by side")
    add_person(parser, "; or a folder of them")
    add_garment(parser, "; or a folder of them")
    known = ", ".join(systems(*TRY_ONS))
    parser.add_argument("--systems", metavar="A,B,C", help=f"default: those with weights here, of {known}")
    parser.add_argument("--count", type=int, default=40, metavar="N", help="of folders: most persons (default 40)")
    parser.add_argument(
        "--held-out", action="store_true", help="of folders: only photos that training leaves out, told by their names"
    )
    parser.add_argument("--out", required=True, metavar="SHEET.png", help="the sheet to write")
    return parser


def run(args: argparse.Namespace) -> int:
    """Try on by each system, print one line for each, write the sheet."""
    check_file("--out", args.out, ".png")
    names = chosen(args.systems)
    if Path(args.person).is_dir() or Path(args.garment).is_dir():
        return _swap(args, names)
    from vton.conditioning.photos.image_io import load_rgb
    from vton.provenance import write_made
    from vton.systems.comparison import compare, comparison_sheet, read_both

    compared = []
    photos = read_both(args.person, args.garment, names, args.slot)
    for one in compare(*photos, names, args.background, say):
        compared.append(one)
        print(f"{one.system}: {one.facts()}", file=sys.stderr, flush=True)
    sheet = comparison_sheet(photos[0].image_u8, load_rgb(args.garment), compared)
    write_made(args.out, sheet, DigitalSourceType.COMPOSITE)
    print(args.out)
    return 0


def _swap(args: argparse.Namespace, names: Sequence[str]) -> int:
    """Each person of a folder in a garment of a folder; prints a line for each, writes the sheet."""
    import numpy as np

    from vton.data.held_out import is_held_out_photo, spread
    from vton.metrics.generation.sheet import tile
    from vton.provenance import write_made
    from vton.systems.swaps import Wardrobe, photo_files, swap_cell, swaps

    if args.count < 1:
        raise InputError(f"--count {args.count}: give at least 1.")
    persons, garments = photo_files(args.person), photo_files(args.garment)
    if args.held_out:
        persons, garments = ([f for f in files if is_held_out_photo(f.stem)] for files in (persons, garments))
    if not persons or not garments:
        raise InputError("None of these photos is held out (one in ten is): give more, or leave out --held-out.")
    persons = [persons[i] for i in spread(np.arange(len(persons)), args.count)]
    wardrobe, cells = Wardrobe(garments, args.slot), []
    for swap in swaps(persons, wardrobe, names, args.background):
        if swap.garment is None:
            print(f"left out {swap.person.name}: {swap.problem}", file=sys.stderr, flush=True)
            continue
        cells.append(swap_cell(swap, len(cells) + 1))
        print(f"{len(cells)} {swap.person.name} in {swap.garment.name} ({swap.slot})", file=sys.stderr, flush=True)
    for file, problem in wardrobe.unusable.items():
        print(f"left out {file.name}: {problem}", file=sys.stderr)
    if not cells:
        raise InputError("No garment could be put on anybody: see above why.")
    write_made(args.out, tile(cells, columns=max(1, 8 // (2 + len(names)))), DigitalSourceType.COMPOSITE)
    print(args.out)
    return 0


def chosen(text: str | None) -> list[str]:
    """The systems to run; by default all of them whose weights are here.

    Raises:
        InputError: a name that is no try-on system, or none of them has its weights here.
    """
    names = parse_tryon_systems(text) if text else list(systems(*TRY_ONS))
    here = [name for name in names if has_weights(name)]
    if not here:
        raise InputError(f"The weights of {', '.join(names)} are not here: train them, or put their checkpoints here.")
    return list(dict.fromkeys(names if text else here))
