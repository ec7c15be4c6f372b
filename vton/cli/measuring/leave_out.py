"""`python -m vton leave-out`: a try-on by search, with all of its losses and without each of them in turn."""

import argparse
import json

from vton.cli.dressing.project import add_system, open_system
from vton.cli.dressing.tryon import say
from vton.cli.outputs import check_file, write_file
from vton.schema import TRYON_SLOTS, DigitalSourceType


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("leave-out", help="show what each loss of a try-on by search is worth")
    parser.add_argument("--person", required=True, metavar="P.jpg", help="photo of a person, of any size")
    parser.add_argument("--garment", required=True, metavar="WORN.jpg", help="photo of somebody in the garment")
    parser.add_argument("--slot", choices=TRYON_SLOTS, help="which garment of theirs (default: the one seen most)")
    add_system(parser)
    parser.add_argument("--out", required=True, metavar="SHEET.png", help="both photos and a picture of each variant")
    parser.add_argument("--report", metavar="REPORT.json", help="also write the figures")
    return parser


def run(args: argparse.Namespace) -> int:
    """Search once for the styles, then for each variant; print the losses that each ends with."""
    check_file("--out", args.out, ".png")
    check_file("--report", args.report, ".json")
    from vton.provenance import made_png

    sheet, table = open_system(args).leave_out(args.person, args.garment, args.slot, say)
    write_file(args.out, made_png(sheet, DigitalSourceType.COMPOSITE))
    if args.report:
        write_file(args.report, json.dumps(table, indent=1) + "\n")
    losses = list(next(iter(table.values())))
    print(f"{'':22}" + "".join(f"{loss:>14}" for loss in losses))
    for name, values in table.items():
        print(f"{name:22}" + "".join(f"{values[loss]:14.4f}" for loss in losses))
    print(args.out)
    return 0
