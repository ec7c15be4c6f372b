"""`python -m vton train`: trains a system in a run folder; the same command goes on where it stopped."""

import argparse
import sys
from pathlib import Path

ESTIMATORS = ("pose", "parser", "parser-teacher", "garment-mask")
TRYON = ("viton", "cp-vton", "ma-vton", "acgpn")
PRECISIONS = ("auto", "bf16", "float32")
SYSTEMS = ("outfit-gan", "fashion-gan", *ESTIMATORS, *TRYON)


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("train", help="train a system (resumable, time-boxed)")
    parser.add_argument("system", nargs="?", choices=SYSTEMS, help="may be left out with --like")
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
        raise InputError(f"Name a system to train, or a checkpoint with --like: {', '.join(SYSTEMS)}.")
    args.seed = args.seed or 0
    args.initial = None if args.initial == "none" else args.initial
    if args.initial and not Path(args.initial).is_dir():
        raise InputError(f"--from {args.initial} is no folder.")
    if args.system in ESTIMATORS:
        return _train_estimator(args)
    if args.system in TRYON:
        return _train_tryon(args)
    if len(args.data) > 1:
        raise InputError(f"{args.system} is trained on one pack: give --data once.")
    args.data, args.config = args.data[0], args.config or "256x192"
    return _train_generator(args)


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
    if phase.system not in SYSTEMS:
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

    from vton.training.estimator_configs import CONFIG_NAMES, named_estimator_config
    from vton.training.estimator_loop import EstimatorTrainer
    from vton.training.estimator_recipes import make_recipe
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


def _train_tryon(args: argparse.Namespace) -> int:
    import json

    from vton.training.run_folder import prepare_run
    from vton.training.run_lineage import record_start
    from vton.tryon.config import CONFIG_NAMES, named_tryon_config
    from vton.tryon.recipe import load_recipe
    from vton.tryon.trainer import TryOnTrainer

    config = _resolved(named_tryon_config(args.system, args.config or "default"), args)
    packs, recipe, out = _pairs(args.data), load_recipe(config, args.lpips_weights), Path(args.out)
    if args.dry_run:
        print(json.dumps(config.to_dict(), indent=1))
        network = recipe.network()
        sizes = {name: sum(p.numel() for p in getattr(network, name).parameters()) for name in recipe.parts}
        print(f"parameters: {', '.join(f'{name} {size:,}' for name, size in sizes.items())}; "
              f"{sum(len(pack.indices(False)) for pack in packs)} pairs; configs: {', '.join(CONFIG_NAMES)}")
        return 0
    prepare_run(config, out, args.seed)
    parts_from = {part: Path(folder) for part, folder in map(_part_and_folder, args.part_from)}
    record_start(out, args.data, args.initial and Path(args.initial), parts_from)
    trainer = TryOnTrainer(config, recipe, packs, out, args.seed, args.initial and Path(args.initial), parts_from)
    images = trainer.run(args.max_minutes, args.max_images, args.save_minutes, lambda line: print(line, flush=True))
    print(f"{images} images seen; checkpoint in {out / 'checkpoint'}")
    return 0


def _part_and_folder(option: str) -> tuple[str, str]:
    from vton.schema import InputError

    part, _, folder = option.partition("=")
    if not part or not Path(folder).is_dir():
        raise InputError(f"--part-from {option}: give the name of a part, =, and a folder that exists.")
    return part, folder


def _pairs(folders: list[str]) -> list:
    from vton.data.pair_pack import PairPack

    return [PairPack(folder) for folder in folders]


def _train_generator(args: argparse.Namespace) -> int:
    import json

    from vton.data.packed import PackedDataset
    from vton.generation.config import config_names, named_config
    from vton.generation.trainer import Trainer
    from vton.schema import InputError
    from vton.training.run_folder import prepare_run
    from vton.training.run_lineage import record_start

    if args.config not in config_names():
        raise InputError(f"--config {args.config} is unknown: choose one of {', '.join(config_names())}.")
    config = _resolved(named_config(args.system, args.config), args)
    data, out = PackedDataset(args.data), Path(args.out)
    if args.dry_run:
        from vton.networks.stylegan2.generator import StyleGAN2Generator

        generator = StyleGAN2Generator(**config.generator)
        print(json.dumps(config.to_dict(), indent=1))
        print(f"{sum(p.numel() for p in generator.parameters()):,} parameters, {generator.num_ws} style layers; "
              f"{len(data.photo_indices(False))} photos to train on; configs: {', '.join(config_names())}")
        return 0
    prepare_run(config, out, args.seed)
    record_start(out, [args.data], args.initial and Path(args.initial))
    trainer = Trainer(config, data, out, args.seed, args.features and Path(args.features), _lpips(config, args),
                      args.initial and Path(args.initial))
    images = trainer.run(args.max_minutes, args.max_images, args.save_minutes, lambda line: print(line, flush=True))
    print(f"{images} images seen; checkpoint in {out / 'checkpoint'}")
    return 0


def _lpips(config, args: argparse.Namespace):
    if not config.lpips:
        return None
    from vton.metrics.lpips import LPIPS
    from vton.schema import InputError

    if args.lpips_weights:
        return LPIPS.from_file(args.lpips_weights)
    try:
        return LPIPS.from_package("alexnet")
    except ImportError:
        raise InputError("This configuration needs LPIPS: give --lpips-weights FILE, or pip install lpips.") from None
