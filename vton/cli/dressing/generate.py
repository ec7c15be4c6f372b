"""`python -m vton generate`: articles and a pose in, PNGs that carry their recipe out."""

import argparse
import os
import textwrap
from pathlib import Path

from vton.schema import SLOTS, WEAR_OPTIONS, InputError, Task, Wear
from vton.systems import find_system, leading, systems


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options; the help lists the pose presets."""
    from vton.conditioning.pose.presets import DEFAULT_PRESET, preset_poses

    presets = textwrap.fill(", ".join(preset_poses()), 100, initial_indent="  ", subsequent_indent="  ")
    parser = subparsers.add_parser(
        "generate",
        help="draw models wearing your articles",
        epilog=f"pose presets:\n{presets}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for slot in SLOTS:
        parser.add_argument(f"--{slot}", metavar="F", help=f"photo of the {slot}")
    parser.add_argument(
        "--pose",
        metavar="PRESET|pose.json|PHOTO",
        help=f"preset, OpenPose JSON, or photo of somebody who stands that way (default {DEFAULT_PRESET})",
    )
    said = "; ".join(f"{topic}={'|'.join(options)}" for topic, options in WEAR_OPTIONS.items())
    parser.add_argument(
        "--wear",
        action="append",
        default=[],
        metavar="TOPIC=HOW",
        help=f"how articles are worn, for weights that can be told; repeatable: {said}",
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="first seed (default 0)")
    parser.add_argument(
        "--count", type=int, default=1, metavar="N", help="images, with seeds N, N+1, ... (default 1)"
    )
    parser.add_argument("--psi", type=float, default=0.8, metavar="P", help="truncation 0..2 (default 0.8)")
    parser.add_argument(
        "--scale", type=int, metavar="K", help="size over the generator's own (default the largest: 1 or 2)"
    )
    usual = leading(Task.GENERATION).name
    parser.add_argument("--system", choices=systems(Task.GENERATION), default=usual, help=f"default {usual}")
    parser.add_argument(
        "--checkpoint", metavar="C", help="bundled name, folder or Hub id (default: the system's own)"
    )
    parser.add_argument(
        "--out",
        required=True,
        metavar="FILE.png|DIR",
        help="a PNG, or a folder (one that exists, or ends with /, or with --count over 1)",
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Draw and write; prints the path of each file."""
    folder = check_out(args.out, args.count)
    given = {slot: getattr(args, slot) for slot in SLOTS if getattr(args, slot) is not None}
    if find_system(args.system).slots and not given:
        raise InputError(f"No article given: add at least one of {', '.join('--' + slot for slot in SLOTS)}.")
    wear = Wear.parse(args.wear)
    from vton.systems import get_pipeline

    pipeline = get_pipeline(args.system, args.checkpoint)
    options = {"wear": wear, "seed": args.seed, "count": args.count, "psi": args.psi, "scale": args.scale}
    for image in pipeline(given, args.pose, **options):
        path = folder / f"{args.system}-{image.recipe.seed}.png" if folder else Path(args.out)
        image.save(path)
        print(path)
    return 0


def check_out(out: str, count: int = 1) -> Path | None:
    """The folder to write into, or None when ``out`` is one PNG file; made sure of before any work is done.

    Raises:
        InputError: not a PNG, a file where a folder is needed, or not writable.
    """
    path = Path(out)
    is_folder = path.is_dir() or out.endswith(("/", os.sep)) or count > 1
    if not is_folder and path.suffix.lower() != ".png":
        raise InputError(f"--out '{path.name}' must end in .png, or be a folder (then end it with /).")
    if is_folder and (path.suffix.lower() == ".png" or path.is_file()) and not path.is_dir():
        raise InputError(
            f"--out '{path.name}' is a file name, but a folder is needed: end it with / for a new one."
        )
    target = (path if is_folder else path.parent).absolute()
    nearest = next(folder for folder in (target, *target.parents) if folder.is_dir())
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise InputError(
            f"Cannot write to --out '{path.name}': permission denied. Choose another output path."
        )
    return path if is_folder else None
