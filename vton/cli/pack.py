"""`python -m vton pack`: decode studio shards once into memory-mapped arrays for training and evaluation."""

import argparse
import sys
import time


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("pack", help="decode studio shards into a pack (memory-mapped arrays)")
    parser.add_argument(
        "--data", action="append", required=True, metavar="DIR", help="folder of .tar shards; repeatable"
    )
    parser.add_argument(
        "--out", required=True, metavar="DIR", help="folder to write; an older pack there is replaced"
    )
    parser.add_argument("--size", default="256x192", metavar="HxW", help="photo size (default 256x192)")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="worker processes (default 2)")
    return parser


def run(args: argparse.Namespace) -> int:
    """Pack and print one line of counts."""
    from vton.data.packed import pack
    from vton.schema import InputError

    try:
        height, width = (int(part) for part in args.size.lower().split("x"))
        if height < 16 or width < 16:
            raise ValueError
    except ValueError:
        raise InputError(
            f"Cannot read --size '{args.size}': give height x width in pixels, like 256x192."
        ) from None

    def progress(done: int, total: int) -> None:
        if done % 100 == 0 or done == total:
            print(f"{done}/{total} outfits", file=sys.stderr, flush=True)

    start = time.monotonic()
    meta = pack(args.data, args.out, (height, width), max(1, args.processes), progress)
    for message in meta["skipped"]:
        print(f"skipped: {message}", file=sys.stderr)
    print(
        f"{meta['outfits']} outfits ({meta['held_out_outfits']} held out), {meta['photos']} photos "
        f"of {height}x{width} in {time.monotonic() - start:.0f} s"
    )
    return 0
