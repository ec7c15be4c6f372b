"""`python -m vton parse`: a label per pixel of the main person in a photo, as a PNG and as colours over it."""

import argparse
import sys

from vton.cli.outputs import add_photo_options, announce, check_file
from vton.readers import PARSERS
from vton.schema import InputError


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser(
        "parse",
        help="label the parts of the person in a photo",
        epilog="The PNG holds label numbers, with a palette; their names are in its text chunk `labels`.",
    )
    add_photo_options(parser, PARSERS)
    parser.add_argument("--out", metavar="parsing.png", help="label picture to write")
    parser.add_argument("--overlay", metavar="out.png", help="also lay colours over the photo, with a legend")
    return parser


def run(args: argparse.Namespace) -> int:
    """Parse, write, and print the share of each label."""
    check_file("--out", args.out, ".png")
    check_file("--overlay", args.overlay, ".png")
    from vton.conditioning.photos.image_io import load_rgb, write_labels, write_png
    from vton.readers import get_parser, get_pose_estimator
    from vton.readers.overlays import parsing_overlay

    image_u8 = load_rgb(args.photo)
    announce(PARSERS, args.backend)
    parser = get_parser(args.backend)
    pose = unsided = None
    try:
        pose = get_pose_estimator().estimate(image_u8)
    except InputError as error:
        unsided = f"Left and right are not told apart: {error}"
    parsing = parser.parse(image_u8, pose)
    if unsided:
        print(unsided, file=sys.stderr)
    if args.out:
        write_labels(args.out, parsing)
    if args.overlay:
        write_png(args.overlay, parsing_overlay(image_u8, parsing))
    print(f"{parser.name}, {len(parsing.names)} labels; share of the person:")
    person = max(int(parsing.silhouette().sum()), 1)
    for number, name in enumerate(parsing.names):
        share = float((parsing.labels == number).sum()) / person
        if number and share:
            print(f"{number:3d} {name:12s} {100 * share:5.1f} %")
    for path in filter(None, (args.out, args.overlay)):
        print(path)
    return 0
