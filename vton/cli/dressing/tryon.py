"""`python -m vton tryon`: a photo of a person and one of a garment, or of several, in; the photo with them on out."""

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from vton.cli.outputs import check_file
from vton.compositing import REPAIRS, parse_repairs
from vton.schema import (
    SLOT_TABLE,
    SLOTS,
    TRY_ONS,
    TRYON_SLOTS,
    DigitalSourceType,
    InputError,
    System,
    Task,
    check_slots,
)
from vton.systems import find_system, leading, systems, usual_tryon

SAID_EVERY = 10  # steps of a search


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("tryon", help="put a garment on the person of a photo")
    first, then = (leading(task).name for task in (Task.OUTFIT_TRY_ON, Task.TRY_ON))
    parser.add_argument(
        "--system", choices=systems(*TRY_ONS), help=f"default {first} where its weights are here, else {then}"
    )
    add_person(parser)
    add_garment(parser, required=False)
    whole = " or ".join(systems(Task.OUTFIT_TRY_ON))
    for slot in SLOTS:
        parser.add_argument(f"--{slot}", metavar="F.jpg", help=f"{SLOT_TABLE[slot].called}, of an outfit ({whole})")
    parser.add_argument("--checkpoint", metavar="C", help="bundled name, folder or Hub id (default: the system's own)")
    own = {name: f"{good} ({system.name} alone)" for system in systems(*TRY_ONS).values()
           for name, good in system.parts.items()}  # fmt: skip
    add_without(parser, parts=own)
    parser.add_argument("--out", metavar="OUT.png", help="the PNG to write, of the photo's size")
    parser.add_argument("--check", action="store_true", help="draw nothing: print whether the photo will do, and why")
    parser.add_argument("--steps-dir", metavar="DIR", help="also write every intermediate picture there")
    return parser


def add_person(parser: argparse.ArgumentParser, or_more: str = "") -> None:
    """Add the photo of the person, and what happens behind them; ``or_more`` ends what the help says."""
    parser.add_argument("--person", required=True, metavar="P.jpg", help=f"photo of a person, of any size{or_more}")
    parser.add_argument(
        "--background", choices=("keep", "plain"), default="keep", help="plain puts a light backdrop behind the person"
    )


def add_garment(parser: argparse.ArgumentParser, or_more: str = "", required: bool = True) -> None:
    """Add the photo of the garment, and what it is; ``or_more`` ends what the help says."""
    parser.add_argument("--garment", required=required, metavar="G.jpg",
                        help=f"photo of one garment, or of somebody in it where the system takes that{or_more}")
    parser.add_argument("--slot", choices=TRYON_SLOTS, help="what the garment is (default: what it looks like)")


def add_without(parser: argparse.ArgumentParser, where: str = "", parts: Mapping[str, str] | None = None) -> None:
    """Add the option that leaves repairs of the network's picture out.

    Args:
        where: begins what its help says; parts: what else can be left out, and what is good about it.
    """
    does = "; ".join(f"{name}: {good}" for name, good in (REPAIRS | dict(parts or {})).items())
    help = f"{where}leave repairs out, to see what they are worth. {does}"
    parser.add_argument("--without", metavar="A,B", help=help)


def run(args: argparse.Namespace) -> int:
    """Try on and write; prints the slot, the seconds of each stage, and the path. With --check, the forecast alone."""
    if args.check:
        return _check(args)
    if args.out is None:
        raise InputError("Give --out OUT.png, or --check to learn whether the photo will do.")
    check_file("--out", args.out, ".png")
    steps_dir, record = _check_folder(args.steps_dir), find_system(args.system or usual_tryon(), *TRY_ONS)
    without, garment = parse_repairs(args.without or "", record.parts), _garment(args, record)
    from vton.provenance import write_made
    from vton.systems import get_pipeline

    pipeline = get_pipeline(record.name, args.checkpoint)
    watched = {"watch": say} if record.task is Task.WORN_TRY_ON else {}
    result = pipeline(
        args.person, garment, slot=args.slot, background=args.background, without=without, **watched
    )
    result.save(args.out)
    if steps_dir is not None:
        for number, (name, picture) in enumerate(result.steps.items(), 1):
            write_made(steps_dir / f"{number:02d}-{name}.png", picture, DigitalSourceType.COMPOSITE)
    stages = ", ".join(f"{stage} {seconds:.2f}" for stage, seconds in result.seconds.items())
    for warning in result.warnings:
        print(warning, file=sys.stderr)
    print(f"{result.slot}, {sum(result.seconds.values()):.2f} s ({stages})", file=sys.stderr)
    print(args.out)
    return 0


def _check(args: argparse.Namespace) -> int:
    """Prints the forecast of the photo for the garments that are given, without any: for all kinds; exit 2 for none."""
    from vton.readers.garment.article_reader import find_article
    from vton.readers.person_photo import read_person_photo
    from vton.tryon.forecast import REFUSED, forecast

    slots = [slot for slot in SLOTS if getattr(args, slot)]
    if args.garment:
        slots = [args.slot or find_article(args.garment).slot]
    found = forecast(read_person_photo(args.person).found, slots)
    print(found.text())
    return 2 if found.outlook == REFUSED else 0


def _garment(args: argparse.Namespace, record: System) -> str | dict[str, str]:
    """The photo of the garment, or slot -> photo of an outfit.

    Raises:
        InputError: neither or both are given, or an outfit for a system that puts on one garment.
    """
    outfit = {slot: photo for slot in SLOTS if (photo := getattr(args, slot))}
    if bool(args.garment) == bool(outfit):
        raise InputError("Give --garment, or the articles of an outfit (--top, --bottom and so on), and not both.")
    if outfit and record.task is not Task.OUTFIT_TRY_ON:
        able = " or ".join(systems(Task.OUTFIT_TRY_ON))
        raise InputError(f"{record.title} puts on one garment: give --garment, or take --system {able}.")
    if outfit and args.slot:
        raise InputError("--slot says what --garment is: leave it out, the articles of an outfit say it themselves.")
    check_slots(outfit)
    return outfit or args.garment


def say(moment) -> None:
    """Tells on stderr, now and then, where a search is."""
    if moment.done % SAID_EVERY == 0 or moment.done == moment.of:
        print(f"{moment.stage} {moment.done}/{moment.of}", file=sys.stderr, flush=True)


def _check_folder(folder: str | None) -> Path | None:
    """Raises InputError when there is a file of that name."""
    if folder is None:
        return None
    if Path(folder).is_file():
        raise InputError(f"--steps-dir '{Path(folder).name}' is a file: give a folder.")
    return Path(folder)
