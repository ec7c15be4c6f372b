"""`python -m vton pack`: decode data once into memory-mapped arrays for training and evaluation."""

import argparse
import sys
import time

from vton.data.pack import FACTS
from vton.schema import SizeHW


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("pack", help="decode photos into a pack (memory-mapped arrays)")
    parser.add_argument("--kind", choices=tuple(FACTS), default="outfits", help="what of (default outfits)")
    parser.add_argument(
        "--data", action="append", required=True, metavar="DIR", help="folder of photos or of .tar shards; repeatable"
    )
    parser.add_argument(
        "--out", required=True, metavar="DIR", help="folder to write; an older pack there is replaced"
    )
    parser.add_argument("--size", metavar="HxW", help="photo size (default 256x192; real persons 384x288)")
    parser.add_argument(
        "--looks", nargs="+", metavar="N", help="persons, pairs: of every studio outfit, these looks only"
    )
    parser.add_argument(
        "--check", metavar="C", help="garments: a first network's checkpoint, which finds wrong masks in the pack"
    )
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="worker processes (default 2)")
    return parser


def run(args: argparse.Namespace) -> int:
    """Pack and print one line of counts."""
    from vton.schema import InputError

    if args.looks and args.kind not in ("persons", "pairs"):
        raise InputError("--looks goes with --kind persons and --kind pairs.")
    if args.size and args.kind in ("heads", "garments", "pairs"):
        raise InputError(f"--size does not go with --kind {args.kind}: its packs have one size.")
    if args.check and args.kind != "garments":
        raise InputError("--check goes with --kind garments.")
    start = time.monotonic()
    meta, line = _PACKERS[args.kind](args)
    for message in meta["skipped"]:
        print(f"skipped: {message}", file=sys.stderr)
    print(f"{line} in {time.monotonic() - start:.0f} s")
    return 0


def _pack_outfits(args: argparse.Namespace) -> tuple[dict, str]:
    from vton.data.outfits.writer import pack_outfits

    height, width = size_hw(args.size) or (256, 192)
    meta = pack_outfits(args.data, args.out, (height, width), processes=max(1, args.processes), progress=progress)
    return meta, (
        f"{meta['outfits']} outfits ({meta['held_out_outfits']} held out), {meta['photos']} photos of {height}x{width}"
    )


def _pack_heads(args: argparse.Namespace) -> tuple[dict, str]:
    from vton.data.heads.writer import pack_heads

    meta = pack_heads(args.data, args.out, processes=max(1, args.processes), progress=progress)
    return meta, (
        f"{meta['heads']} heads of {meta['size']} pixels, of {meta['persons']} persons ({meta['held_out']} held out)"
    )


def _pack_persons(args: argparse.Namespace) -> tuple[dict, str]:
    from vton.data.persons.pack import pack_persons

    size = size_hw(args.size)
    meta = pack_persons(args.data, args.out, size, _looks(args.looks), max(1, args.processes), progress)
    height, width = meta["size_hw"]
    return meta, (
        f"{meta['photos']} persons ({meta['held_out']} held out, {meta['with_parsing']} with a parsing) "
        f"of {height}x{width}"
    )


def _pack_garments(args: argparse.Namespace) -> tuple[dict, str]:
    from vton.data.garments.pack import pack_garments

    network = _network(args.check) if args.check else None
    meta = pack_garments(args.data, args.out, max(1, args.processes), progress)
    if network is not None:
        from vton.readers.garment.pack_check import check_masks

        meta["masks"] = check_masks(args.out, network)
    counts = ", ".join(f"{count} {name}" for name, count in sorted(meta["masks"].items()))
    return meta, f"{meta['photos']} pictures for the garment segmenter ({meta['held_out']} held out; masks: {counts})"


def _pack_pairs(args: argparse.Namespace) -> tuple[dict, str]:
    from vton.data.pairs.writer import pack_pairs

    meta = pack_pairs(args.data, args.out, _looks(args.looks), max(1, args.processes), progress)
    slots = ", ".join(f"{count} {slot}" for slot, count in sorted(meta["slots"].items()))
    return meta, (
        f"{meta['pairs']} pairs ({meta['held_out_pairs']} held out; {slots}) of {meta['photos']} photos and "
        f"{meta['garments']} garments"
    )


def _looks(words: list[str] | None) -> list[int] | None:
    """Numbers of looks, given apart or with commas; None for None."""
    from vton.schema import InputError

    if not words:
        return None
    try:
        return [int(number) for word in words for number in word.split(",")]
    except ValueError:
        raise InputError(f"Cannot read --looks '{' '.join(words)}': give numbers like 0 1.") from None


def _network(checkpoint: str):
    from vton.hub import find_checkpoint
    from vton.hub.loading import load_network
    from vton.readers.photo_unet import PhotoUNet

    return load_network(PhotoUNet, find_checkpoint(checkpoint)).eval()


_PACKERS = {
    "outfits": _pack_outfits,
    "heads": _pack_heads,
    "persons": _pack_persons,
    "garments": _pack_garments,
    "pairs": _pack_pairs,
}


def size_hw(text: str | None) -> SizeHW | None:
    """Height and width of ``HxW``, None for None.

    Raises:
        InputError: it is no size of at least 16 pixels.
    """
    from vton.schema import InputError

    if text is None:
        return None
    try:
        height, width = (int(part) for part in text.lower().split("x"))
        if height < 16 or width < 16:
            raise ValueError
    except ValueError:
        raise InputError(f"Cannot read --size '{text}': give height x width in pixels, like 256x192.") from None
    return height, width


def progress(done: int, total: int) -> None:
    """Says now and then how far it is."""
    if done % 100 == 0 or done == total:
        print(f"{done}/{total}", file=sys.stderr, flush=True)
