"""`python -m vton evaluate`: measure systems on held-out outfits, photos or pairs and write the figures as JSON."""

import argparse
import json
import os
import sys
from pathlib import Path

from vton.cli.dressing.tryon import add_without
from vton.cli.outputs import write_file
from vton.compositing import parse_repairs
from vton.metrics.estimator_evaluation import EVALUATIONS
from vton.schema import ALONE_TRY_ONS, DigitalSourceType, InputError, Task
from vton.systems import find_system, has_weights, parse_tryon_systems, systems

TRYON = "tryon"


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("evaluate", help="measure a system on held-out data")
    parser.add_argument("system", choices=[*systems(Task.GENERATION), *_alone(), *EVALUATIONS, TRYON])
    parser.add_argument(
        "--data",
        action="append",
        required=True,
        metavar="DIR",
        help="a pack, or for the generators a folder of studio shards; repeatable but for the generators",
    )
    parser.add_argument("--out", required=True, metavar="FILE.json", help="report to write")
    parser.add_argument(
        "--checkpoint",
        action="append",
        default=[],
        metavar="C",
        help="bundled name, folder or Hub id (default: the system's own); for tryon SYSTEM=C, repeatable",
    )
    parser.add_argument(
        "--systems",
        metavar="A,B",
        help=f"tryon: of {', '.join(systems(*ALONE_TRY_ONS))}, those to measure (default: those with weights here)",
    )
    parser.add_argument(
        "--estimated", action="store_true", help="tryon: read pose and parsing off the photo, not off the data"
    )
    parser.add_argument(
        "--put-back", action="store_true", help="tryon: judge the photo with the result in it, not the drawn canvas"
    )
    add_without(parser, "tryon: as --put-back, but ")
    parser.add_argument(
        "--count", type=int, metavar="N", help="pictures, of each pack (default: all held-out; without articles 200)"
    )
    parser.add_argument("--psi", type=float, default=1.0, metavar="P", help="truncation (default 1: none)")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="first seed (default 0)")
    parser.add_argument(
        "--lpips-weights",
        action="append",
        default=[],
        metavar="F",
        help="LPIPS weights (.safetensors, VGG-16 or AlexNet; repeatable; default: package lpips)",
    )
    parser.add_argument(
        "--reference", type=int, default=500, metavar="N", help="true photos for the FID of a system without articles"
    )
    parser.add_argument("--sheet", metavar="FILE.png", help="also draw a sheet of consecutive samples")
    return parser


def _alone() -> list[str]:
    """Systems that are measured in a way of their own."""
    return [name for name, record in systems().items() if record.evaluation]


def run(args: argparse.Namespace) -> int:
    """Measure, print one line per figure, write the report."""
    check(args)
    if args.system in EVALUATIONS or args.system in _alone():
        return _evaluate_estimator(args)
    if args.system == TRYON:
        return _evaluate_tryon(args)
    return _evaluate_generator(args)


def _evaluate_estimator(args: argparse.Namespace) -> int:
    import cv2

    from vton.metrics.estimator_evaluation import evaluate_estimator, make_evaluation
    from vton.metrics.generation.figures import figure_line

    if args.system in EVALUATIONS:
        evaluation = make_evaluation(args.system, args.data, _only(args.checkpoint))
    else:
        weights = args.lpips_weights[0] if args.lpips_weights else None
        evaluation = find_system(args.system).load("evaluation")(args.data, _only(args.checkpoint), weights)
    report = evaluate_estimator(evaluation, args.system, args.count, args.seed, _say)
    for name, figure in report["figures"].items():
        print(figure_line(name, figure))
    write_file(args.out, json.dumps(report, indent=1) + "\n")
    if args.sheet:
        write_file(args.sheet, cv2.imencode(".png", evaluation.sheet()[..., ::-1])[1].tobytes())
    return 0


def _evaluate_tryon(args: argparse.Namespace) -> int:
    from vton.data.pairs.pack import PairPack
    from vton.metrics.generation.evaluation import load_lpips
    from vton.metrics.tryon.evaluation import TryOnEvaluation, evaluate_tryon, table
    from vton.provenance import made_png
    from vton.systems import get_pipeline

    checkpoints = _checkpoints(args)
    without = parse_repairs(args.without or "") if args.put_back or args.without else None
    packs = [PairPack(folder) for folder in args.data]
    evaluation = TryOnEvaluation(packs, load_lpips(args.lpips_weights), args.count, args.estimated, without)
    systems = {name: get_pipeline(name, checkpoint) for name, checkpoint in checkpoints.items()}
    report = evaluate_tryon(evaluation, systems, _say)
    print(f"paired, inputs: {report['inputs']}; pictures: {report['pictures']}")
    print(table(report))
    write_file(args.out, json.dumps(report, indent=1) + "\n")
    if args.sheet:
        write_file(args.sheet, made_png(evaluation.sheet(systems), DigitalSourceType.COMPOSITE))
    return 0


def _checkpoints(args: argparse.Namespace) -> dict[str, str | None]:
    """The systems to measure with the checkpoints given for them; InputError for a name that is none."""
    known, wanted = systems(*ALONE_TRY_ONS), {}
    for entry in args.checkpoint:
        name, _, checkpoint = entry.partition("=")
        if name not in known or not checkpoint:
            raise InputError(f"--checkpoint takes SYSTEM=FOLDER, with SYSTEM one of {', '.join(known)}.")
        wanted[name] = checkpoint
    chosen = parse_tryon_systems(args.systems, *ALONE_TRY_ONS) if args.systems else filter(has_weights, known)
    return dict.fromkeys(chosen) | wanted


def _only(checkpoints: list[str]) -> str | None:
    """The one checkpoint that was given, if any."""
    if len(checkpoints) > 1:
        raise InputError("One system is measured: give --checkpoint once.")
    return checkpoints[0] if checkpoints else None


def _evaluate_generator(args: argparse.Namespace) -> int:
    from vton.data.outfits.evaluation_data import EvaluationData
    from vton.metrics.generation.evaluation import EvaluationOptions, evaluate
    from vton.metrics.generation.figures import figure_line
    from vton.metrics.generation.sheet import sheet_png
    from vton.systems import get_pipeline

    if len(args.data) > 1:
        raise InputError(f"{args.system} is measured on one pack: give --data once.")
    data = EvaluationData(args.data[0])
    options = EvaluationOptions(
        count=args.count,
        psi=args.psi,
        seed=args.seed,
        lpips_weights=tuple(args.lpips_weights),
        reference=args.reference,
    )
    pipeline = get_pipeline(args.system, _only(args.checkpoint))
    report, _ = evaluate(pipeline, data, options, say=_say)
    for name, figure in report["figures"].items():
        print(figure_line(name, figure))
    write_file(args.out, json.dumps(report, indent=1) + "\n")
    if args.sheet:
        write_file(args.sheet, sheet_png(pipeline, data, args.psi, args.seed))
    return 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def check(args: argparse.Namespace) -> None:
    """Raises InputError for numbers out of range and for outputs that cannot be written, before any work."""
    if args.count is not None and args.count < 2:
        raise InputError("--count must be at least 2.")
    if args.reference < 2:
        raise InputError("--reference must be at least 2.")
    if args.sheet and not args.sheet.lower().endswith(".png"):
        raise InputError(f"--sheet '{Path(args.sheet).name}' must end in .png.")
    for out in filter(None, (args.out, args.sheet)):
        folder = Path(out).absolute().parent
        if Path(out).is_dir() or not os.access(folder, os.W_OK):
            raise InputError(
                f"Cannot write '{Path(out).name}': give a file in a folder that exists and is writable."
            )
