"""`python -m vton cutout`: a garment without its background, as an RGBA PNG, and the slot it likely belongs to."""

import argparse

from vton.cli.outputs import check_file


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("cutout", help="cut a garment out of its photo and name its slot")
    parser.add_argument("photo", metavar="GARMENT", help="photo of one garment")
    parser.add_argument("--out", metavar="article.png", help="RGBA picture to write")
    return parser


def run(args: argparse.Namespace) -> int:
    """Cut, write, and print the slots by likelihood."""
    check_file("--out", args.out, ".png")
    from vton.conditioning.photos.image_io import write_png
    from vton.readers.garment.article_reader import cut_out

    cutout = cut_out(args.photo)
    ranked = sorted(cutout.scores.items(), key=lambda item: -item[1])
    others = ", ".join(f"{slot} {100 * score:.0f} %" for slot, score in ranked[1:3] if score >= 0.01)
    print(f"{cutout.slot} ({100 * ranked[0][1]:.0f} %{'; ' + others if others else ''}), cut out by {cutout.method}")
    if args.out:
        write_png(args.out, cutout.rgba_u8)
        print(args.out)
    return 0
