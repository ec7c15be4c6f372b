"""`python -m vton publish`: turns a run into a checkpoint folder in half precision, with manifest, lineage and card."""

import argparse
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

_ESTIMATORS = {
    "pose": "Finds the 18 joints (COCO-18, as OpenPose names them) of the main person in a photo.",
    "parser": "Labels the pixels of a photo: the main person's body parts and clothes.",
    "garment-mask": "Cuts a garment out of its photo and says which slot it is for.",
}


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("publish", help="make a checkpoint folder of a run")
    parser.add_argument("run", metavar="RUN", help="run folder of `python -m vton train`")
    parser.add_argument("--out", required=True, metavar="DIR", help="checkpoint folder to write")
    parser.add_argument("--weights", metavar="DIR", help="in place of the run's own: its mean with others")
    parser.add_argument("--head", metavar="DIR",
                        help="generator: also the head of this run of `train head-inset`, or of this checkpoint")
    parser.add_argument("--report", metavar="FILE", help="report of `python -m vton evaluate`, quoted in the card")
    parser.add_argument("--sheet", metavar="FILE.png", help="sample sheet to put beside the card")
    parser.add_argument("--data", dest="data_note", default="", metavar="TEXT", help="what it was trained on")
    parser.add_argument("--data-command", action="append", metavar="TEXT",
                        help="command that makes this data, for the lineage; repeatable, in order")
    parser.add_argument("--limits", default="", metavar="TEXT", help="what it is bad at")
    parser.add_argument("--push", metavar="REPO", help="also push the folder to this Hub repository")
    return parser


def run(args: argparse.Namespace) -> int:
    """Write the folder; push it when asked to."""
    from vton.hub import checkpoint_facts, push, write_manifest
    from vton.schema import InputError
    from vton.training.run_lineage import lineage_of

    source, out = Path(args.run), Path(args.out)
    try:
        config = json.loads((source / "config.json").read_text())
        lineage = lineage_of(source)
        network = _network_of(config["system"], source / "checkpoint")
        if args.weights:
            _take(network, Path(args.weights))
        if args.head:
            lineage = _with_head(network, lineage, Path(args.head))
    except InputError:
        raise
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(f"{source.name} is no run folder with a checkpoint: train first.") from None
    network.save_pretrained(out)
    _forget_origin(out / "config.json")
    (out / "diffusion_pytorch_model.safetensors").chmod(0o644)
    write_manifest(out)
    _published(lineage, args).write(out)
    if args.sheet:
        shutil.copyfile(args.sheet, out / "sheet.png")
    _write_card(args, config, lineage.phases[-1].images)
    facts = checkpoint_facts(out)
    print(f"{out}: {facts.parameters / 1e6:.1f} M parameters, {facts.megabytes:.1f} MB, revision {facts.revision}")
    if args.push:
        print(push(out, args.push))
    return 0


def _network_of(system: str, checkpoint: Path):
    """The averaged network of a run: weights in half precision, buffers (variances may exceed it) in full.

    Raises:
        InputError: the run's weights are not ours to publish.
    """
    from vton.hub.loading import load_network
    from vton.readers.photo_unet import PhotoUNet
    from vton.schema import InputError
    from vton.systems import find_system

    if system == "head-inset":
        raise InputError("A head goes with a generator: publish the generator's run with --head.")
    if system == "parser-teacher":
        raise InputError("A parser-teacher starts from ImageNet's weights: publish the parser that it has taught.")
    network_class = PhotoUNet if system in _ESTIMATORS else find_system(system).load("network")
    network = load_network(network_class, checkpoint)
    return _halved(network)


def _halved(network):
    for weight in network.parameters():
        weight.data = weight.data.half()
    return network


def _with_head(network, lineage, folder: Path):
    """Puts a head into a generator; returns the lineage with the head's training before the generator's last phase.

    Raises:
        InputError: the folder has no head.
    """
    from vton.hub import read_lineage
    from vton.hub.loading import load_network
    from vton.networks.head_inset import HeadInset
    from vton.networks.stylegan2.generator import StyleGAN2Generator
    from vton.training.run_lineage import lineage_of

    part = "head"
    if (folder / "state").is_dir():
        if json.loads((folder / "config.json").read_text())["system"] != "head-inset":
            raise _no_head(folder)
        head, phases = load_network(HeadInset, folder / "checkpoint"), lineage_of(folder).phases
    else:
        head = load_network(StyleGAN2Generator, folder).head
        phases = [phase for phase in read_lineage(folder).phases if phase.part == part]
    if head is None or not hasattr(network, "head"):
        raise _no_head(folder)
    network.head = _halved(head)
    network.register_to_config(head_config={k: v for k, v in head.config.items() if not k.startswith("_")})
    first, *others = [phase for phase in lineage.phases if phase.part != part]
    own = (replace(first, start=first.start or "random weights"), *others)
    return replace(lineage, phases=(*(replace(phase, part=part) for phase in phases), *own))


def _no_head(folder: Path):
    from vton.schema import InputError

    return InputError(f"'{folder.name}' has no head, or the run's network takes none: train head-inset first.")


def _take(network, folder: Path) -> None:
    """Puts the weights of another checkpoint or run of the same network into this one.

    Raises:
        InputError: there are none, or they are of another network.
    """
    from vton.schema import InputError
    from vton.training.model_soup import weights_of

    try:
        network.load_state_dict(weights_of(folder))
    except RuntimeError:
        raise InputError(f"'{folder.name}' is of another network than the run: give weights of one.") from None


def _published(lineage, args: argparse.Namespace):
    """The lineage of a run as that of the folder it is published in."""
    from vton.hub import revision
    from vton.hub.lineage import Dataset
    from vton.schema import one_line

    if args.weights:
        mean = replace(lineage.phases[-1], note=f"the weights are not its own but those of {Path(args.weights).name}")
        lineage = replace(lineage, phases=(*lineage.phases[:-1], mean))
    if args.data_note or args.data_command:
        packs = ", ".join(dataset.name for dataset in lineage.data)
        commands = tuple(one_line(command) for command in args.data_command) if args.data_command else None
        lineage = replace(lineage, data=(Dataset(one_line(args.data_note) or packs, commands),))
    return replace(lineage, revision=revision(Path(args.out)), date=date.today().isoformat())


def _write_card(args: argparse.Namespace, config: dict, images: int) -> None:
    from vton.hub.model_card import EXAMPLE_ARTICLES, GENERATOR, TRYON, estimator_kind, write_model_card
    from vton.schema import Task
    from vton.systems import find_system

    system, limits, articles = config["system"], args.limits, ""
    if system in _ESTIMATORS:
        summary, kind = _ESTIMATORS[system], estimator_kind(system)
        paper = "U-Net (Ronneberger et al. 2015, arXiv 1505.04597)"
    else:
        record = find_system(system)
        paper, limits = record.cited, limits or " ".join(record.cannot)
        kind = GENERATOR if record.task is Task.GENERATION else TRYON
        articles = EXAMPLE_ARTICLES if kind is GENERATOR and record.slots else ""
        summary = f"{record.does[0].upper()}{record.does[1:]}."
        if kind is GENERATOR:
            summary = f"{summary[:-1]}, condition `{config['generator']['condition']}`."
    write_model_card(
        Path(args.out), system=system, paper=paper, metrics=_metrics(args.report, system), limits=limits,
        licence="apache-2.0", summary=summary, kind=kind, articles=articles,
        data=f"{args.data_note} {images:,} images seen at this size, seed {config['seed']}.".strip(),
    )  # fmt: skip


def _forget_origin(config: Path) -> None:
    """Takes the folder it was loaded from out of a saved config: it names this machine's disk."""
    values = json.loads(config.read_text())
    values.pop("_name_or_path", None)
    config.write_text(json.dumps(values, indent=2) + "\n")


def _metrics(report: str | None, system: str) -> list:
    from vton.hub.model_card import Metric
    from vton.schema import InputError

    if report is None:
        return []
    content = json.loads(Path(report).read_text())
    # A report on try-on systems has figures of each of them.
    figures = content.get("systems", {}).get(system, content).get("figures")
    if figures is None:
        raise InputError(f"--report {Path(report).name} says nothing of {system}: evaluate it first.")
    shown = ("n", "network", "features", "reference", "floor", "lost", "calibration_on_true_photos")
    return [
        Metric(name, figure["value"], ", ".join(f"{key} {figure[key]}" for key in shown if key in figure))
        for name, figure in figures.items() if isinstance(figure.get("value"), int | float)
    ]
