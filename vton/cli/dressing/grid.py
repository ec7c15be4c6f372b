"""`python -m vton grid`: one outfit in many poses and bodies; or many people in one garment."""

import argparse
import sys

from vton.cli.dressing.project import add_system, open_system
from vton.cli.dressing.tryon import say
from vton.cli.outputs import check_file, write_file
from vton.schema import TRYON_SLOTS, DigitalSourceType, InputError


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser(
        "grid",
        help="draw the person of a photo in many poses and bodies",
        epilog="A photo given as a pose brings the build of its person along.",
    )
    parser.add_argument("--style", nargs="+", required=True, metavar="PHOTO|LATENT.safetensors",
                        help="people, a row each: photos, or what `project` wrote")  # fmt: skip
    parser.add_argument("--pose", nargs="+", required=True, metavar="PRESET|pose.json|PHOTO", help="a column each")
    parser.add_argument("--garment", metavar="PHOTO|LATENT.safetensors", help="whose garment all of them wear")
    parser.add_argument("--only", choices=TRYON_SLOTS, help="which garment of that person")
    add_system(parser)
    parser.add_argument("--out", required=True, metavar="GRID.png", help="the sheet to write")
    return parser


def run(args: argparse.Namespace) -> int:
    """Project what is not projected yet, draw, write."""
    check_file("--out", args.out, ".png")
    if bool(args.garment) != bool(args.only):
        raise InputError("--garment and --only belong together: say whose garment, and which.")
    from vton.provenance import made_png
    from vton.readers.pose.resolve import resolve_pose

    pipeline = open_system(args)
    poses = [resolve_pose(pose) for pose in args.pose]
    garment = args.garment and pipeline.latent_of(args.garment, say)
    styles = [pipeline.latent_of(style, say) for style in args.style]
    write_file(args.out, made_png(pipeline.grid(styles, poses, garment, args.only, _say), DigitalSourceType.GENERATED))
    print(args.out)
    return 0


def _say(done: int, total: int) -> None:
    print(f"{done}/{total}", file=sys.stderr, flush=True)
