"""`python -m vton train`: trains a system in a run folder; the same command goes on where it stopped."""

import argparse
import importlib
import sys
from pathlib import Path
from typing import Any

from vton.schema import Task
from vton.systems import find_system, named_config, systems

HEAD = "head-inset"
ESTIMATORS = ("pose", "parser", "parser-teacher", "garment-mask")
PRECISIONS = ("auto", "bf16", "float32")
# Task -> what makes a trainer of a system that names none of its own: of record, configuration and options.
RUNS = {Task.GENERATION: "vton.generation.training.run:GeneratorRun", Task.TRY_ON: "vton.tryon.training.run:TryOnRun"}


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("train", help="train a system (resumable, time-boxed)")
    parser.add_argument("system", nargs="?", choices=_trainable(), help="may be left out with --like")
    parser.add_argument("--like", metavar="CHECKPOINT",
                        help="take system, configuration, seed and first weights from a checkpoint's last phase")
    parser.add_argument("--data", action="append", required=True, metavar="DIR",
                        help="a pack made by `python -m vton pack`; repeatable but for the generators")
    parser.add_argument("--out", required=True, metavar="RUN", help="run folder: log, sheets, state, checkpoint")
    parser.add_argument("--config", metavar="NAME",
                        help="see --dry-run; default 256x192 for the generators, else `default`")
    parser.add_argument("--max-minutes", type=float, default=60, metavar="M", help="stop after M minutes (default 60)")
    parser.add_argument("--max-images", type=int, metavar="N", help="stop once the run has seen N images")
    parser.add_argument("--seed", type=int, metavar="S", help="default 0, with --like the checkpoint's")
    parser.add_argument("--from", dest="initial", metavar="DIR",
                        help="run or checkpoint folder whose matching weights start the run (growing, fine-tuning); "
                             "`none`, also with --like: random weights")
    parser.add_argument("--part-from", action="append", default=[], metavar="PART=DIR",
                        help="try-on: take one part, such as warp, from another folder; repeatable")
    parser.add_argument("--features", metavar="FILE",
                        help="EfficientNet-Lite0 safetensors (projected discriminator, parser-teacher)")
    parser.add_argument("--lpips-weights", metavar="FILE", help="LPIPS safetensors; else the package lpips is used")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="override a number")
    parser.add_argument("--precision", choices=PRECISIONS,
                        help="number format; auto, the default: bf16 where the processor multiplies it, else float32")
    parser.add_argument("--save-minutes", type=float, default=5, metavar="M", help="state and sheet every M minutes")
    parser.add_argument("--dry-run", action="store_true", help="print the resolved config and sizes, train nothing")
    return parser


def _trainable() -> list[str]:
    return [*systems(), HEAD, *ESTIMATORS]


def run(args: argparse.Namespace) -> int:
    """Train, or with --dry-run only print the resolved configuration."""
    from vton.training.processor import prepared_process

    with prepared_process():
        return _train(args)


def _train(args: argparse.Namespace) -> int:
    from vton.schema import InputError

    args.settings = {}
    if args.like:
        _follow(args)
    if args.system is None:
        raise InputError(f"Name a system to train, or a checkpoint with --like: {', '.join(_trainable())}.")
    args.seed = args.seed or 0
    args.initial = None if args.initial == "none" else args.initial
    if args.initial and not Path(args.initial).is_dir():
        raise InputError(f"--from {args.initial} is no folder.")
    return _train_estimator(args) if args.system in ESTIMATORS else _train_system(args)


def _follow(args: argparse.Namespace) -> None:
    """Fills in what --like takes from a checkpoint, and says what that is and which data it saw.

    Raises:
        InputError: nothing is known of the checkpoint's training, or another option contradicts it.
    """
    from vton.hub import find_checkpoint, read_lineage
    from vton.schema import InputError

    folder = find_checkpoint(args.like)
    lineage = read_lineage(folder)
    phase = lineage.phases[-1]
    if phase.system not in _trainable():
        raise InputError(f"Checkpoint '{folder.name}' is of a system that this version does not train.")
    if args.system not in (None, phase.system):
        raise InputError(f"Checkpoint '{folder.name}' is of {phase.system}: leave {args.system} or --like out.")
    if args.config:
        raise InputError("--like takes the configuration of the checkpoint: leave --config or --like out.")
    args.system, args.config, args.settings = phase.system, phase.config, phase.settings
    args.seed = phase.seed if args.seed is None else args.seed
    args.initial = args.initial or str(folder)
    lines = [f"as the last of {len(lineage.phases)} phases of {folder.name}: {phase.system}, "
             f"trains {phase.part or 'all parts'}; --max-images {phase.images} for as many images; its data:"]
    for dataset in lineage.data:
        lines += [f"  {dataset.name}", *(f"    {command}" for command in dataset.commands or ())]
    if args.initial == "none" and len(lineage.phases) > 1:
        lines.append("  its earlier phases are not repeated: train them one after the other to get the same weights")
    print("\n".join(lines), file=sys.stderr)


def _resolved(config, args: argparse.Namespace):
    """The configuration with what --like takes over, then with the settings of the command."""
    from dataclasses import replace

    from vton.training.run_folder import adopt, override

    config, unknown = adopt(config, args.settings)
    if unknown:
        print(f"left out, this version does not know it: {', '.join(unknown)}", file=sys.stderr)
    config = override(config, args.set)
    return replace(config, precision=args.precision or config.precision)


def _train_estimator(args: argparse.Namespace) -> int:
    import json

    from vton.readers.training.configs import CONFIG_NAMES, named_estimator_config
    from vton.readers.training.loop import EstimatorTrainer
    from vton.readers.training.recipes import make_recipe
    from vton.training.run_folder import prepare_run
    from vton.training.run_lineage import record_start

    config = _resolved(named_estimator_config(args.system, args.config or "default"), args)
    recipe, out = make_recipe(config, args.data, args.features), Path(args.out)
    if args.dry_run:
        network = recipe.network()
        print(json.dumps(config.to_dict(), indent=1))
        print(f"{sum(p.numel() for p in network.parameters()):,} parameters; configs: {', '.join(CONFIG_NAMES)}")
        return 0
    prepare_run(config, out, args.seed)
    record_start(out, args.data, args.initial and Path(args.initial))
    trainer = EstimatorTrainer(config, recipe, out, args.seed, args.initial and Path(args.initial))
    images = trainer.run(args.max_minutes, args.max_images, args.save_minutes, lambda line: print(line, flush=True))
    print(f"{images} images seen; checkpoint in {out / 'checkpoint'}")
    return 0


def _train_system(args: argparse.Namespace) -> int:
    import json

    from vton.training.run_folder import prepare_run
    from vton.training.run_lineage import record_start

    options, out = _options(args), Path(args.out)
    run, names = _head_run(args, options) if args.system == HEAD else _system_run(args, options)
    config = run.config
    if args.dry_run:
        print(json.dumps(config.to_dict(), indent=1))
        print(f"{run.facts()}; configs: {', '.join(names)}")
        return 0
    prepare_run(config, out, args.seed)
    record_start(out, options.data, options.initial, options.parts_from)
    trainer = run.trainer(out, args.seed)
    images = trainer.run(args.max_minutes, args.max_images, args.save_minutes, lambda line: print(line, flush=True))
    print(f"{images} images seen; checkpoint in {out / 'checkpoint'}")
    return 0


def _system_run(args: argparse.Namespace, options) -> tuple[Any, list[str]]:
    """The run of a system, and the names of its configurations."""
    system = find_system(args.system)
    config = _resolved(named_config(system, args.config), args)
    if system.run:
        run = system.load("run")
    else:
        module, _, name = RUNS[system.task].partition(":")
        run = getattr(importlib.import_module(module), name)
    return run(system, config, options), list(system.load("configs"))


def _head_run(args: argparse.Namespace, options) -> tuple[Any, list[str]]:
    """The same of the generator of heads, a part of a system."""
    from vton.generation.head_training.config import CONFIG_NAMES, named_inset_config
    from vton.generation.head_training.run import HeadRun

    return HeadRun(_resolved(named_inset_config(args.config or "default"), args), options), list(CONFIG_NAMES)


def _options(args: argparse.Namespace):
    from vton.training.run_options import RunOptions

    return RunOptions(
        data=tuple(args.data),
        initial=args.initial and Path(args.initial),
        parts_from=dict(map(_part_and_folder, args.part_from)),
        features=args.features and Path(args.features),
        lpips_weights=args.lpips_weights and Path(args.lpips_weights),
    )


def _part_and_folder(option: str) -> tuple[str, Path]:
    from vton.schema import InputError

    part, _, folder = option.partition("=")
    if not part or not Path(folder).is_dir():
        raise InputError(f"--part-from {option}: give the name of a part, =, and a folder that exists.")
    return part, Path(folder)
