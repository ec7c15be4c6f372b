"""The command line: finds the verb, imports its file alone, and turns user errors into exit code 2."""

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

VERBS: dict[str, tuple[str, str]] = {
    "generate": ("vton.cli.dressing.generate", "draw models wearing your articles"),
    "lookbook": ("vton.cli.dressing.lookbook", "try several articles with an outfit, in several poses"),
    "batch": ("vton.cli.catalogue.batch", "draw a table of outfits"),
    "mix": ("vton.cli.dressing.mix", "put colours, pose or any style layers of one image on another"),
    "tryon": ("vton.cli.dressing.tryon", "put a garment on the person of a photo"),
    "compare": ("vton.cli.dressing.compare", "put a garment on a person by several systems, side by side"),
    "project": ("vton.cli.dressing.project", "find the styles that draw the person of a photo"),
    "grid": ("vton.cli.dressing.grid", "draw the person of a photo in many poses and bodies"),
    "leave-out": ("vton.cli.measuring.leave_out", "show what each loss of a try-on by search is worth"),
    "pose": ("vton.cli.photos.pose", "read the pose of the person in a photo"),
    "parse": ("vton.cli.photos.parse", "label the parts of the person in a photo"),
    "cutout": ("vton.cli.photos.cutout", "cut a garment out of its photo and name its slot"),
    "verify": ("vton.cli.photos.verify", "tell whether a picture was made here"),
    "signing-key": ("vton.cli.photos.signing_key", "make an untrusted key for trying out Content Credentials"),
    "systems": ("vton.cli.weights.systems", "list every system with paper, checkpoint, size, licence and status"),
    "bench": ("vton.cli.measuring.bench", "measure seconds per image, the app's start and its memory"),
    "soak": ("vton.cli.measuring.soak", "attack the served app and report what it did not withstand"),
    "pack": ("vton.cli.data.pack", "decode studio shards once for training and evaluation"),
    "coarse-heads": ("vton.cli.data.coarse_heads", "add a generator's own heads to a pack of heads"),
    "soft-labels": ("vton.cli.data.soft_labels", "add a teacher's labels to a pack, for training the parser"),
    "train": ("vton.cli.weights.train", "train a system"),
    "average": ("vton.cli.weights.average", "average the weights of checkpoints of one network"),
    "publish": ("vton.cli.weights.publish", "make a checkpoint folder of a run, with manifest and model card"),
    "card": ("vton.cli.weights.card", "complete the model card of a checkpoint for the Hub"),
    "push": ("vton.cli.weights.push", "upload a checkpoint to the Hub"),
    "pull": ("vton.cli.weights.pull", "fetch a checkpoint of the Hub, and verify it"),
    "space": ("vton.cli.weights.space", "write the page as a folder to be pushed as a Space"),
    "cards": ("vton.cli.weights.cards", "write the pages on a folder of checkpoints anew from their data"),
    "studio": ("vton.cli.data.studio", "render synthetic fashion photos with exact labels"),
    "ablate": ("vton.cli.measuring.ablate", "train a system with and without each of its parts, and compare"),
    "grade": ("vton.cli.measuring.grade", "draw pictures to be graded blind, and count the grades"),
    "evaluate": ("vton.cli.measuring.evaluate", "measure a system on held-out outfits"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb.

    Args:
        argv: without the program's name; ``sys.argv[1:]`` by default.

    Returns:
        The exit code: 0, or 2 after one line on stderr when the user has to change something. argparse itself
        raises SystemExit for ``--help`` and for flags it does not know.
    """
    from vton.schema import InputError

    argv = list(sys.argv[1:] if argv is None else argv)
    args = _parser(argv).parse_args(argv)
    try:
        return importlib.import_module(VERBS[args.verb][0]).run(args)
    except InputError as error:
        print(f"error: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output, e.g. `head`, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _parser(argv: list[str]) -> argparse.ArgumentParser:
    """A parser whose verb in use has its options; the others have their line of help only, to stay quick."""
    parser = argparse.ArgumentParser(
        prog="python -m vton", description="Virtual try-on with a synthetic model."
    )
    subparsers = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    named = next((word for word in argv if not word.startswith("-")), None)
    for verb, (module, line) in VERBS.items():
        if verb == named:
            importlib.import_module(module).add_parser(subparsers)
        else:
            subparsers.add_parser(verb, help=line)
    return parser
