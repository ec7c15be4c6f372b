"""`python -m vton evaluate`: measure a system on held-out outfits and write the figures as JSON."""

import argparse
import json
import os
import sys
from pathlib import Path

from vton.pipelines import PIPELINES
from vton.schema import InputError


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("evaluate", help="measure a system on held-out outfits")
    parser.add_argument("system", choices=list(PIPELINES))
    parser.add_argument("--data", required=True, metavar="DIR", help="a pack, or a folder of studio shards")
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
    from vton.data.held_out import EvaluationData
    from vton.metrics.evaluation import EvaluationOptions, evaluate
    from vton.metrics.figures import describe
    from vton.metrics.sheet import sheet_png
    from vton.pipelines import get_pipeline

    check(args)
    data = EvaluationData(args.data)
    options = EvaluationOptions(
        count=args.count,
        psi=args.psi,
        seed=args.seed,
        lpips_weights=tuple(args.lpips_weights),
        reference=args.reference,
    )
    pipeline = get_pipeline(args.system, args.checkpoint)
    report, _ = evaluate(pipeline, data, options, say=lambda line: print(line, file=sys.stderr, flush=True))
    for name, figure in report["figures"].items():
        print(describe(name, figure))
    write(args.out, json.dumps(report, indent=1).encode() + b"\n")
    if args.sheet:
        write(args.sheet, sheet_png(pipeline, data, args.psi, args.seed))
    return 0


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
