"""`python -m vton push`: a checkpoint folder to the Hub, with its card, lineage and samples."""

import argparse


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser(
        "push", help="upload a checkpoint to the Hub",
        epilog="`python -m vton card` completes the card before. The token comes from `hf auth login` or HF_TOKEN.",
    )  # fmt: skip
    parser.add_argument("checkpoint", metavar="C", help="bundled name or folder")
    parser.add_argument("id", metavar="OWNER/NAME", help="repository on the Hub; made when it is not there")
    parser.add_argument("--private", action="store_true", help="for your account alone, when it is made now")
    return parser


def run(args: argparse.Namespace) -> int:
    """Verify, upload, and print the address of the commit."""
    from vton.hub import find_checkpoint, push

    print(push(find_checkpoint(args.checkpoint), args.id, private=args.private))
    return 0
