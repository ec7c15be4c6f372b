"""`python -m vton publish`: turns a run into a checkpoint folder in half precision, with manifest and model card."""

import argparse
import json
import shutil
from pathlib import Path


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("publish", help="make a checkpoint folder of a run")
    parser.add_argument("run", metavar="RUN", help="run folder of `python -m vton train`")
    parser.add_argument("--out", required=True, metavar="DIR", help="checkpoint folder to write")
    parser.add_argument("--report", metavar="FILE", help="report of `python -m vton evaluate`, quoted in the card")
    parser.add_argument("--sheet", metavar="FILE.png", help="sample sheet to put beside the card")
    parser.add_argument("--data", dest="data_note", default="", metavar="TEXT", help="what it was trained on")
    parser.add_argument("--limits", default="", metavar="TEXT", help="what it is bad at")
    parser.add_argument("--push", metavar="REPO", help="also push the folder to this Hub repository")
    return parser


def run(args: argparse.Namespace) -> int:
    """Write the folder; push it when asked to."""
    import torch

    from vton.hub import describe, push, write_manifest
    from vton.hub.model_card import write_model_card
    from vton.models.stylegan2 import StyleGAN2Generator
    from vton.pipelines import SYSTEMS
    from vton.schema import InputError

    source, out = Path(args.run), Path(args.out)
    try:
        config = json.loads((source / "config.json").read_text())
        meta = json.loads((source / "state" / "meta.json").read_text())
        generator = StyleGAN2Generator.from_pretrained(
            source / "checkpoint", use_safetensors=True, torch_dtype=torch.float16
        )
    except (OSError, ValueError):
        raise InputError(f"{source.name} is no run folder with a checkpoint: train first.") from None
    generator.save_pretrained(out)
    _forget_origin(out / "config.json")
    (out / "diffusion_pytorch_model.safetensors").chmod(0o644)
    write_manifest(out)
    if args.sheet:
        shutil.copyfile(args.sheet, out / "sheet.png")
    system = config["system"]
    info = SYSTEMS[system]
    write_model_card(
        out, system=system, paper=info.paper, metrics=_metrics(args.report), limits=args.limits, licence="apache-2.0",
        summary=f"{info.task[0].upper()}{info.task[1:]}, condition `{config['generator']['condition']}`.",
        data=f"{args.data_note} {meta['images']:,} images seen at this size, seed {config['seed']}.".strip(),
    )
    facts = describe(out)
    print(f"{out}: {facts.parameters / 1e6:.1f} M parameters, {facts.megabytes:.1f} MB, revision {facts.revision}")
    if args.push:
        print(push(out, args.push))
    return 0


def _forget_origin(config: Path) -> None:
    """Takes the folder it was loaded from out of a saved config: it names this machine's disk."""
    values = json.loads(config.read_text())
    values.pop("_name_or_path", None)
    config.write_text(json.dumps(values, indent=2) + "\n")


def _metrics(report: str | None) -> list:
    from vton.hub.model_card import Metric

    if report is None:
        return []
    figures = json.loads(Path(report).read_text())["figures"]
    shown = ("n", "network", "features", "reference", "floor", "lost", "calibration_on_true_photos")
    return [
        Metric(name, figure["value"], ", ".join(f"{key} {figure[key]}" for key in shown if key in figure))
        for name, figure in figures.items() if isinstance(figure.get("value"), int | float)
    ]
