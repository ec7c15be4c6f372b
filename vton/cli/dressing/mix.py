"""`python -m vton mix`: styles of one image on the layers of another, as in the paper's transfer table."""

import argparse
import re
from pathlib import Path

from vton.cli.dressing.generate import check_out
from vton.schema import InputError, Task
from vton.systems import systems


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser(
        "mix",
        help="put colours, pose or any style layers of one image on another",
        epilog="A seed beside a PNG wears that PNG's outfit; two seeds are images of the system without articles.",
    )
    parser.add_argument(
        "--source", required=True, metavar="RECIPE.png|SEED", help="where the styles come from"
    )
    parser.add_argument(
        "--target", required=True, metavar="RECIPE.png|SEED", help="what keeps everything else"
    )
    parser.add_argument(
        "--transfer", required=True, metavar="colour|pose|LO-HI", help="which style layers to take"
    )
    parser.add_argument("--strength", type=float, default=1.0, metavar="S", help="0..1 (default 1)")
    parser.add_argument(
        "--checkpoint", metavar="C", help="bundled name, folder or Hub id (default: the target's)"
    )
    parser.add_argument("--out", required=True, metavar="FILE.png", help="the PNG to write")
    return parser


def run(args: argparse.Namespace) -> int:
    """Mix and write; prints the layers and the path."""
    if check_out(args.out) is not None:
        raise InputError(f"--out '{Path(args.out).name}' is a folder: give the name of a PNG file.")
    from vton.systems import get_pipeline

    source, target = (_recipe_or_seed(text) for text in (args.source, args.target))
    recipes = [item for item in (target, source) if not isinstance(item, int)]
    system = recipes[0].system if recipes else _without_articles()
    checkpoint = args.checkpoint or (recipes[0].checkpoint if recipes else None)
    pipeline = get_pipeline(system, checkpoint)
    image = pipeline.mix(source, target, args.transfer, args.strength)
    image.save(args.out)
    print(f"{args.transfer}: {pipeline.layers.text(args.transfer)}, strength {args.strength:g}")
    print(args.out)
    return 0


def _recipe_or_seed(text: str):
    """A seed when it is a number, else the recipe in a PNG."""
    if re.fullmatch(r"-?[0-9]+", text):
        return int(text)
    from vton.provenance import read_recipe

    return read_recipe(text)


def _without_articles() -> str:
    """The generator that draws after a seed alone."""
    return next(name for name, system in systems(Task.GENERATION).items() if not system.slots)
