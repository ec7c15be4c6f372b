"""`python -m vton grade`: draw pictures to be graded by people who do not know what made them, and count the grades."""

import argparse
import sys
from pathlib import Path

from vton.schema import ALONE_TRY_ONS, InputError, Task
from vton.systems import systems


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("grade", help="draw pictures to be graded blind, and count the grades")
    parser.add_argument(
        "what", choices=("create", "tryon", "count"), help="draw models, draw try-ons, or count what graders wrote"
    )
    parser.add_argument("folder", metavar="DIR", help="of numbered cells and their key")
    parser.add_argument("grades", nargs="*", metavar="GRADES.csv", help="count: of each grader, columns cell and grade")
    parser.add_argument("--garments", metavar="DIR", help="photos of articles")
    parser.add_argument("--persons", metavar="DIR", help="tryon: photos of persons")
    parser.add_argument(
        "--system", action="append", default=[], metavar="S", help="repeatable; tryon: of those with weights here"
    )
    parser.add_argument(
        "--checkpoint", action="append", default=[], metavar="C", help="create: repeatable (default: the bundled one)"
    )
    parser.add_argument("--count", type=int, default=40, metavar="N", help="samples (default 40)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the sample (default 0)")
    parser.add_argument(
        "--all-photos", action="store_true", help="also those that training may have seen; else held-out ones, by name"
    )
    return parser


def run(args: argparse.Namespace) -> int:
    """Draw the cells, or print a line for each system."""
    if args.what == "count":
        from vton.grading.tally import tally

        for system, found in tally(Path(args.folder), [Path(path) for path in args.grades]).items():
            print(f"{system}: {found.line()}")
        return 0
    if args.count < 1 or args.seed < 0:
        raise InputError("--count is at least 1 and --seed at least 0.")
    from vton.grading.blind_cells import check_new, write_cells

    folder = Path(args.folder)
    check_new(folder)
    draw = _create if args.what == "create" else _tryon
    count = write_cells(draw(args), folder, args.seed)
    print(f"{count} cells in {folder}; graders must not see key.csv")
    return 0


def _create(args: argparse.Namespace):
    from vton.grading.outfit_samples import draw_outfits, outfit_samples
    from vton.systems import get_pipeline, leading

    if args.system:
        raise InputError("create draws by the generator of outfits: give --checkpoint in place of --system.")
    system = leading(Task.GENERATION).name
    photos = _photos(args.garments, "--garments", args.all_photos)
    pipelines = {name or system: get_pipeline(system, name) for name in args.checkpoint or [None]}
    samples, unusable = outfit_samples(photos, args.count, args.seed)
    _say_left_out(unusable)
    yield from draw_outfits(samples, pipelines)


def _tryon(args: argparse.Namespace):
    from vton.grading.tryon_samples import shuffled, swap_cells
    from vton.systems import has_weights
    from vton.systems.swaps import Wardrobe, swaps

    known = systems(*ALONE_TRY_ONS)
    names = args.system or [name for name in known if has_weights(name)]
    if unknown := set(names) - set(known):
        raise InputError(f"--system '{min(unknown)}' is none of {', '.join(known)}.")
    persons, garments = (
        shuffled(_photos(folder, flag, args.all_photos), args.seed)
        for folder, flag in ((args.persons, "--persons"), (args.garments, "--garments"))
    )
    wardrobe, left_out = Wardrobe(garments), {}

    def found():
        for swap in swaps(persons, wardrobe, names):
            left_out.update({swap.person: swap.problem} if swap.problem else {})
            yield swap

    yield from swap_cells(found(), args.count)
    _say_left_out(left_out | wardrobe.unusable)


def _photos(folder: str | None, flag: str, every: bool) -> list[Path]:
    """The photos of a folder, those that training leaves out unless every one is wanted."""
    from vton.data.held_out import is_held_out_photo
    from vton.systems.swaps import photo_files

    if folder is None or not Path(folder).is_dir():
        raise InputError(f"Give {flag} DIR, a folder of photos.")
    files = [file for file in photo_files(folder) if every or is_held_out_photo(file.stem)]
    if not files:
        raise InputError(f"{flag}: none of the photos is held out (one in ten is): give more, or --all-photos.")
    return files


def _say_left_out(unusable: dict[Path, str]) -> None:
    for file, problem in unusable.items():
        print(f"left out {file.name}: {problem}", file=sys.stderr)
