"""`python -m vton project`: the styles that draw the person of a photo, in a file, and the picture of them."""

import argparse

from vton.cli.dressing.tryon import say
from vton.cli.outputs import check_file, write_file
from vton.schema import Task
from vton.systems import leading, systems


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("project", help="find the styles that draw the person of a photo")
    parser.add_argument("photo", metavar="PHOTO", help="photo of a person")
    add_system(parser)
    parser.add_argument("--out", required=True, metavar="LATENT.safetensors", help="the styles, for `grid`")
    parser.add_argument("--picture", metavar="OUT.png", help="also the photo beside what the styles draw")
    return parser


def add_system(parser: argparse.ArgumentParser) -> None:
    """Add the choice of the system and its weights."""
    usual = leading(Task.WORN_TRY_ON).name
    parser.add_argument("--system", choices=systems(Task.WORN_TRY_ON), default=usual, help=f"default {usual}")
    parser.add_argument("--checkpoint", metavar="C", help="bundled name, folder or Hub id (default: the system's own)")
    parser.add_argument("--lpips-weights", metavar="FILE", help="LPIPS safetensors, to measure and search by")


def open_system(args: argparse.Namespace):
    """The pipeline that the options name.

    Raises:
        InputError: its weights, or those of LPIPS, are not there.
    """
    from vton.systems import get_pipeline

    pipeline = get_pipeline(args.system, args.checkpoint)
    if args.lpips_weights:
        pipeline.measure_by(args.lpips_weights)
    return pipeline


def run(args: argparse.Namespace) -> int:
    """Project, write, and print how far the drawn picture is from the photo."""
    check_file("--out", args.out, ".safetensors")
    check_file("--picture", args.picture, ".png")
    import numpy as np

    from vton.provenance import write_made
    from vton.schema import DigitalSourceType

    found = open_system(args).project(args.photo, say)
    write_file(args.out, found.latent.to_bytes())
    print(f"{found.measure}: {found.distance:.3f}")
    print(args.out)
    if args.picture:
        pictures = np.concatenate([found.photo_u8, found.drawn_u8, found.parsing.colours()], axis=1)
        write_made(args.picture, pictures, DigitalSourceType.COMPOSITE)
        print(args.picture)
    return 0
