"""`python -m vton lookbook`: one outfit with several articles in turn, in several poses: a sheet, and PNGs in a ZIP."""

import argparse
import sys
from pathlib import Path

from vton.cli.outputs import check_file, write_file
from vton.schema import SLOTS, Article, Outfit, Task


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser(
        "lookbook",
        help="try several articles with an outfit, in several poses",
        epilog="Of a top or bottom and a dress, the one that is tried takes the place of the other.",
    )
    for slot in SLOTS:
        parser.add_argument(f"--{slot}", metavar="F", help=f"photo of the {slot} that is always worn")
    parser.add_argument(
        "--try", dest="tried", nargs="+", default=[], metavar="[SLOT=]F",
        help="photos of articles to wear in turn, each in its likely slot unless SLOT= says another",
    )  # fmt: skip
    parser.add_argument(
        "--pose", nargs="+", default=[None], metavar="PRESET|pose.json|PHOTO", help="as of `generate`; several"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of all pictures (default 0)")
    parser.add_argument("--psi", type=float, default=0.8, metavar="P", help="truncation 0..2 (default 0.8)")
    parser.add_argument("--checkpoint", metavar="C", help="bundled name, folder or Hub id")
    parser.add_argument("--out", required=True, metavar="BOOK.zip|SHEET.png", help="sheet and PNGs, or the sheet alone")
    return parser


def run(args: argparse.Namespace) -> int:
    """Draw, say how far it is on stderr, write the sheet or the archive."""
    suffix = Path(args.out).suffix.lower()
    check_file("--out", args.out, ".png" if suffix == ".png" else ".zip")
    from vton.generation.lookbook import draw_lookbook, exchanged
    from vton.readers.garment.article_reader import article_from_photo
    from vton.systems import get_pipeline, leading

    given = {slot: getattr(args, slot) for slot in SLOTS if getattr(args, slot) is not None}
    worn = Outfit.of(*(article_from_photo(photo, slot) for slot, photo in given.items()))
    outfits = exchanged(worn, [_tried(text) for text in args.tried])
    pipeline = get_pipeline(leading(Task.GENERATION).name, args.checkpoint)
    book = draw_lookbook(pipeline, outfits, args.pose, args.seed, args.psi, _say)
    write_file(args.out, book.sheet_png() if suffix == ".png" else book.archive())
    print(args.out)
    return 0


def _tried(text: str) -> Article:
    """An article of ``PHOTO``, in its likely slot, or of ``SLOT=PHOTO``."""
    from vton.readers.garment.article_reader import article_from_photo

    slot, found, photo = text.partition("=")
    return article_from_photo(photo, slot) if found and slot in SLOTS else article_from_photo(text)


def _say(done: int, total: int) -> None:
    print(f"{done}/{total}", file=sys.stderr, flush=True)
