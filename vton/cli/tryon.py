"""`python -m vton tryon`: a photo of a person and one of a garment in, the photo with the garment on out."""

import argparse
import sys
from pathlib import Path

from vton.cli.outputs import check_file
from vton.compositing import REPAIRS, parse_repairs
from vton.schema import TRYON_SLOTS, DigitalSourceType, InputError, Task
from vton.systems import leading, systems


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("tryon", help="put a garment on the person of a photo")
    usual = leading(Task.TRY_ON).name
    parser.add_argument("--system", choices=systems(Task.TRY_ON), default=usual, help=f"default {usual}")
    add_photos(parser)
    parser.add_argument("--checkpoint", metavar="C", help="bundled name, folder or Hub id (default: the system's own)")
    add_without(parser)
    parser.add_argument("--out", required=True, metavar="OUT.png", help="the PNG to write, of the photo's size")
    parser.add_argument("--steps-dir", metavar="DIR", help="also write every intermediate picture there")
    return parser


def add_photos(parser: argparse.ArgumentParser, or_more: str = "") -> None:
    """Add the two photos, and how to take them; ``or_more`` ends what their help says."""
    parser.add_argument("--person", required=True, metavar="P.jpg", help=f"photo of a person, of any size{or_more}")
    parser.add_argument("--garment", required=True, metavar="G.jpg", help=f"photo of one garment{or_more}")
    parser.add_argument("--slot", choices=TRYON_SLOTS, help="what the garment is (default: what it looks like)")
    parser.add_argument(
        "--background", choices=("keep", "plain"), default="keep", help="plain puts a light backdrop behind the person"
    )


def add_without(parser: argparse.ArgumentParser, where: str = "") -> None:
    """Add the option that leaves repairs of the network's picture out; ``where`` begins what its help says."""
    does = "; ".join(f"{name}: {good}" for name, good in REPAIRS.items())
    help = f"{where}leave repairs out, to see what they are worth. {does}"
    parser.add_argument("--without", metavar="A,B", help=help)


def run(args: argparse.Namespace) -> int:
    """Try on and write; prints the slot, the seconds of each stage, and the path."""
    check_file("--out", args.out, ".png")
    steps_dir, without = _check_folder(args.steps_dir), parse_repairs(args.without or "")
    from vton.provenance import write_made
    from vton.systems import get_pipeline

    pipeline = get_pipeline(args.system, args.checkpoint)
    result = pipeline(args.person, args.garment, slot=args.slot, background=args.background, without=without)
    result.save(args.out)
    if steps_dir is not None:
        for number, (name, picture) in enumerate(result.steps.items(), 1):
            write_made(steps_dir / f"{number:02d}-{name}.png", picture, DigitalSourceType.COMPOSITE)
    stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in result.seconds.items())
    print(f"{result.slot}, {sum(result.seconds.values()):.2f} s ({stages})", file=sys.stderr)
    print(args.out)
    return 0


def _check_folder(folder: str | None) -> Path | None:
    """Raises InputError when there is a file of that name."""
    if folder is None:
        return None
    if Path(folder).is_file():
        raise InputError(f"--steps-dir '{Path(folder).name}' is a file: give a folder.")
    return Path(folder)
