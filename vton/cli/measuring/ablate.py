"""`python -m vton ablate SYSTEM`: trains it with and without each switch of its record; one table."""

import argparse
import json
from pathlib import Path

from vton.schema import Task
from vton.systems import find_system, get_pipeline, named_config, systems


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser(
        "ablate",
        help="train a system with and without each of its parts, and compare",
        epilog="What the repairs of put-back are worth is measured by `evaluate tryon --without`.",
    )
    able = [name for name, system in systems(Task.TRY_ON).items() if system.switches]
    parser.add_argument("system", choices=able)
    parser.add_argument("--data", action="append", required=True, metavar="PACK", help="a pack of pairs; repeatable")
    parser.add_argument("--out", required=True, metavar="DIR", help="folder for the runs and the report")
    parser.add_argument("--config", default="default", metavar="NAME", help="as of `train` (default: default)")
    parser.add_argument("--max-minutes-each", type=float, default=30, metavar="M", help="time of each run (default 30)")
    parser.add_argument("--max-images-each", type=int, metavar="N", help="images of each run, for equal schedules")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of all runs")
    parser.add_argument("--from", dest="initial", metavar="DIR",
                        help="run or checkpoint that all start from, e.g. one with a trained warp")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="override a number")
    parser.add_argument("--lpips-weights", metavar="FILE", help="LPIPS safetensors; else the package lpips is used")
    parser.add_argument("--count", type=int, metavar="N", help="held-out pairs of each pack to measure (default: all)")
    return parser


def run(args: argparse.Namespace) -> int:
    """Train the variants one after the other, then measure them; a second call goes on with the same runs."""
    from vton.training.processor import prepared_process

    with prepared_process():
        return _ablate(args)


def _ablate(args: argparse.Namespace) -> int:
    from vton.data.pairs.pack import PairPack
    from vton.metrics.tryon.evaluation import TryOnEvaluation, evaluate_tryon, table
    from vton.schema import InputError
    from vton.tryon.training.perceptual import load_features

    if args.initial and not Path(args.initial).is_dir():
        raise InputError(f"--from {args.initial} is no folder.")
    variants = _variants(args)
    lpips, out = load_features(args.lpips_weights), Path(args.out)
    packs = [PairPack(folder) for folder in args.data]
    evaluation = TryOnEvaluation(packs, [lpips], args.count)
    folders = {name: out / name for name in variants}
    for name, config in variants.items():
        print(f"== {name}", flush=True)
        _train(args, config, packs, folders[name])
    systems = {name: get_pipeline(args.system, str(folder / "checkpoint")) for name, folder in folders.items()}
    report = evaluate_tryon(evaluation, systems, lambda line: print(line, flush=True))
    metas = {name: json.loads((folder / "state" / "meta.json").read_text()) for name, folder in folders.items()}
    report |= {"seed": args.seed, "images": {name: meta["images"] for name, meta in metas.items()}}
    (out / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    print(table(report))
    return 0


def _variants(args: argparse.Namespace) -> dict:
    """The configurations by name, e.g. ``attention+perceptual``, from none of the switches to all."""
    from dataclasses import replace
    from itertools import product

    from vton.schema import InputError
    from vton.training.run_folder import override

    system = find_system(args.system)
    whole = override(named_config(system, args.config), args.set)
    missing = [name for name in system.switches if not getattr(whole, name)]
    if missing:
        raise InputError(f"Nothing to compare: set {' and '.join(missing)} above 0 with --set.")
    found = {}
    for chosen in product((False, True), repeat=len(system.switches)):
        on = [name for name, use in zip(system.switches, chosen, strict=True) if use]
        off = {name: type(getattr(whole, name))(0) for name in system.switches if name not in on}
        found["+".join(on) or "none"] = replace(whole, **off)
    return found


def _train(args: argparse.Namespace, config, packs: list, out: Path) -> None:
    from vton.training.run_folder import prepare_run
    from vton.tryon.training.recipe import load_recipe
    from vton.tryon.training.trainer import TryOnTrainer

    prepare_run(config, out, args.seed)
    recipe = load_recipe(find_system(args.system), config, args.lpips_weights)
    trainer = TryOnTrainer(recipe, packs, out, args.seed, args.initial and Path(args.initial))
    trainer.run(args.max_minutes_each, args.max_images_each, report=lambda line: print(line, flush=True))
