"""`python -m vton pose`: the joints of the main person in a photo, as OpenPose JSON and as a skeleton over it."""

import argparse
import json

from vton.cli.outputs import add_photo_options, announce, check_file, write_file
from vton.readers import POSE_ESTIMATORS


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("pose", help="read the pose of the person in a photo")
    add_photo_options(parser, POSE_ESTIMATORS)
    parser.add_argument("--out", metavar="pose.json", help="OpenPose JSON to write (default: print it)")
    parser.add_argument("--overlay", metavar="out.png", help="also draw the skeleton over the photo")
    return parser


def run(args: argparse.Namespace) -> int:
    """Estimate, write and print."""
    check_file("--out", args.out, ".json")
    check_file("--overlay", args.overlay, ".png")
    from vton.conditioning.photos.image_io import load_rgb, write_png
    from vton.readers import get_pose_estimator
    from vton.readers.overlays import pose_overlay

    image_u8 = load_rgb(args.photo)
    announce(POSE_ESTIMATORS, args.backend)
    estimator = get_pose_estimator(args.backend)
    pose = estimator.estimate(image_u8)
    text = json.dumps(pose.to_openpose(), indent=1) + "\n"
    if args.overlay:
        write_png(args.overlay, pose_overlay(image_u8, pose))
    if args.out is None:
        print(text, end="")
        return 0
    write_file(args.out, text)
    print(f"{int(pose.present.sum())} of 18 joints by {estimator.name}")
    for path in filter(None, (args.out, args.overlay)):
        print(path)
    return 0
