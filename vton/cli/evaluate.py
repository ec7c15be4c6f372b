"""`python -m vton evaluate`: measure a system on held-out outfits or photos and write the figures as JSON."""

import argparse
import json
import os
import sys
from pathlib import Path

from vton.metrics.estimator_evaluation import EVALUATIONS
from vton.pipelines import PIPELINES
from vton.schema import InputError


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("evaluate", help="measure a system on held-out data")
    parser.add_argument("system", choices=[*PIPELINES, *EVALUATIONS])
    parser.add_argument(
        "--data",
        action="append",
        required=True,
        metavar="DIR",
        help="a pack, or for the generators a folder of studio shards; repeatable for the estimators",
    )
    parser.add_argument("--out", required=True, metavar="FILE.json", help="report to write")
    parser.add_argument(
        "--checkpoint", metavar="C", help="bundled name, folder or Hub id (default: the system's own)"
    )
    parser.add_argument(
        "--count", type=int, metavar="N", help="pictures (default: all held-out photos; fashion-gan 200)"
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
        "--reference", type=int, default=500, metavar="N", help="true photos for fashion-gan's FID"
    )
    parser.add_argument("--sheet", metavar="FILE.png", help="also draw a sheet of consecutive samples")
    return parser


def run(args: argparse.Namespace) -> int:
    """Measure, print one line per figure, write the report."""
    check(args)
    if args.system in EVALUATIONS:
        return _evaluate_estimator(args)
    return _evaluate_generator(args)


def _evaluate_estimator(args: argparse.Namespace) -> int:
    import cv2

    from vton.metrics.estimator_evaluation import evaluate_estimator, make_evaluation
    from vton.metrics.figures import describe

    evaluation = make_evaluation(args.system, args.data, args.checkpoint)
    report = evaluate_estimator(evaluation, args.system, args.count, args.seed, _say)
    for name, figure in report["figures"].items():
        print(describe(name, figure))
    write(args.out, json.dumps(report, indent=1).encode() + b"\n")
    if args.sheet:
        write(args.sheet, cv2.imencode(".png", evaluation.sheet()[..., ::-1])[1].tobytes())
    return 0


def _evaluate_generator(args: argparse.Namespace) -> int:
    from vton.data.held_out import EvaluationData
    from vton.metrics.evaluation import EvaluationOptions, evaluate
    from vton.metrics.figures import describe
    from vton.metrics.sheet import sheet_png
    from vton.pipelines import get_pipeline

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
    pipeline = get_pipeline(args.system, args.checkpoint)
    report, _ = evaluate(pipeline, data, options, say=_say)
    for name, figure in report["figures"].items():
        print(describe(name, figure))
    write(args.out, json.dumps(report, indent=1).encode() + b"\n")
    if args.sheet:
        write(args.sheet, sheet_png(pipeline, data, args.psi, args.seed))
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


def write(path: str, data: bytes) -> None:
    """Write a file in one step, so that a reader never sees half of it."""
    partial = Path(f"{path}.partial")
    partial.write_bytes(data)
    os.replace(partial, path)
