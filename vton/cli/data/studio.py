"""`python -m vton studio`: render datasets, contact sheets and single looks of synthetic fashion photos."""

import argparse
import json
import sys

PROOF_OUTFITS = 12
"""On the sheet of a proof."""


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's own verbs and their options."""
    parser = subparsers.add_parser("studio", help="render synthetic fashion photos with exact labels")
    verbs = parser.add_subparsers(dest="studio_verb", metavar="WHAT", required=True)
    render = verbs.add_parser("render", help="a dataset of tar shards; continues an earlier run in the same folder")
    render.add_argument("out", metavar="OUT", help="folder of the dataset")
    render.add_argument("--outfits", type=int, required=True, metavar="N", help="persons in an outfit (geometries)")
    render.add_argument("--looks", type=int, default=6, metavar="L", help="appearances of each (default 6)")
    render.add_argument("--workers", type=int, default=2, metavar="W", help="processes (default 2)")
    render.add_argument("--max-minutes", type=float, metavar="M", help="begin no outfit after this time")
    sheet = verbs.add_parser("sheet", help="a contact sheet of consecutive outfits, none picked")
    sheet.add_argument("out", metavar="OUT.png")
    sheet.add_argument("--outfits", type=int, default=12, metavar="N", help="how many (default 12)")
    sheet.add_argument("--first", type=int, default=0, metavar="I", help="number of the first outfit (default 0)")
    sheet.add_argument("--looks", type=int, default=1, metavar="L", help="appearances of each (default 1)")
    sheet.add_argument("--show", default="people", 
                       choices=("people", "packshots", "articles", "warped", "labels", "joints"))  # fmt: skip
    one = verbs.add_parser("render-one", help="a look made again from its JSON, or with another pose, outfit or person")
    one.add_argument("--spec", required=True, metavar="SPEC.json", help="JSON of a look, or its `specs` alone")
    one.add_argument("--out", default="look", metavar="DIR", help="folder for the pictures (default look)")
    one.add_argument("--pose", metavar="NAME", help="in another pose")
    one.add_argument("--outfit", metavar="OTHER.json", help="in the outfit of another look")
    one.add_argument("--person", metavar="OTHER.json", help="on the person of another look")
    bench = verbs.add_parser("bench", help="a table of photos per second and memory at each size")
    bench.add_argument("--outfits", type=int, default=6, metavar="N", help="outfits of each worker (default 6)")
    bench.add_argument("--looks", type=int, default=4, metavar="L", help="appearances of each (default 4)")
    bench.add_argument("--workers", type=int, default=2, metavar="W", help="processes (default 2)")
    bench.add_argument("--size", type=int, choices=(256, 512, 1024), help="height (default: all three)")
    bench.add_argument("--out", metavar="REPORT.json", help="file for all figures, with the time of each step")
    coverage = verbs.add_parser("coverage", help="who would be in a dataset and in which poses, without rendering it")
    coverage.add_argument("--outfits", type=int, default=1000, metavar="N")
    check = verbs.add_parser("check", help="whether the visible joints of a dataset lie on their part of the body")
    check.add_argument("folder", metavar="DIR", help="of a rendered dataset")
    proof = verbs.add_parser("proof", help="the error of the correspondences of photos and article pictures, in pixels")
    proof.add_argument("--articles", type=int, default=200, metavar="N", help="how many (default 200)")
    proof.add_argument("--out", metavar="REPORT.json", help="file for the report, which is printed too")
    proof.add_argument("--sheet", metavar="SHEET.png", help="also articles warped by their labels, beside the photos")
    heads = verbs.add_parser("heads", help="how near the heads are to portraits (KID)")
    heads.add_argument("--outfits", type=int, default=100, metavar="N", help="geometries (default 100)")
    heads.add_argument("--looks", type=int, default=4, metavar="L", help="appearances of each (default 4)")
    heads.add_argument("--reference", required=True, metavar="DIR", help="portraits and their portraits.json")
    heads.add_argument("--features", required=True, metavar="F", help="EfficientNet-Lite0's weights (safetensors)")
    heads.add_argument("--sheet", metavar="SHEET.png", help="a picture of all heads")
    presets = verbs.add_parser("presets", help="measure the joints of the app's pose presets on the studio's persons")
    presets.add_argument("out", metavar="OUT.json", help="in the form of vton/conditioning/pose/pose_presets.json")
    _share(render, sheet, bench, coverage, proof, one, heads)
    return parser


def _share(render, sheet, bench, coverage, proof, one, heads) -> None:
    """Adds the options that several verbs have."""
    for each in (render, sheet, bench, coverage):
        each.add_argument("--poses", type=int, default=2, metavar="K", help="photos per look (default 2)")
        each.add_argument("--turned", type=float, default=0.0, metavar="P", help="of views from the side and back")
    for each in (render, sheet, bench):
        each.add_argument("--half", type=float, default=0.0, metavar="P", help="share of half-body photos (default 0)")
        each.add_argument("--framings", default="", metavar="SHARES",
                          help="of photos cut at thighs, hips or chest, like thigh=0.2,hip=0.15,near=0.05")  # fmt: skip
        each.add_argument("--occlusions", type=float, default=0.0, metavar="P",
                          help="share of photos with hair, phone, cup or bag before the clothes")  # fmt: skip
    for each in (render, sheet, bench, coverage, proof):
        each.add_argument("--wear", type=float, default=0.0, metavar="P",
                          help="share of outfits worn half tucked, open, closed or rolled up")  # fmt: skip
    for each in (render, sheet, bench):
        each.add_argument("--worn", type=float, default=0.0, metavar="P",
                          help="share of outfits whose articles are also cut from another wearer's photo")  # fmt: skip
        each.add_argument("--sets", type=float, default=0.0, metavar="P",
                          help="share of outfits photographed in rooms, streets, or before other paper")  # fmt: skip
    for each in (render, sheet, bench, one, heads):
        each.add_argument("--assets", metavar="DIR", help="photographs that persons are made of (see docs/studio.md)")
    for each in (render, sheet, one, heads):
        each.add_argument("--size", type=int, default=256, choices=(256, 512, 1024), help="height (default 256)")
    for each in (render, sheet, bench, coverage, proof, heads):
        each.add_argument("--seed", type=int, default=0, metavar="S", help="0 to 999 (default 0)")


def run(args: argparse.Namespace) -> int:
    """Do what the studio's verb says."""
    from vton.schema import InputError

    try:
        return _RUN[args.studio_verb](args)
    except ImportError as error:
        missing = error.name or str(error)
        raise InputError(f"The studio needs {missing}: pip install -r requirements-studio.txt") from error


def _settings(args: argparse.Namespace):
    from vton.studio.dataset.settings import Settings

    return Settings(args.outfits, args.poses, args.looks, args.size or 256, args.seed, args.half, args.turned,
                    assets=bool(args.assets), framings=args.framings, occlusions=args.occlusions,
                    wear=args.wear, worn=args.worn, sets=args.sets)  # fmt: skip


def _render(args: argparse.Namespace) -> int:
    from vton.console import terminal_line
    from vton.studio.dataset.render import render

    summary = render(args.out, _settings(args), args.workers, args.max_minutes, terminal_line, args.assets)
    counts, gate = summary["counts"], summary["quality_gate"]
    done = "complete" if summary["complete"] else "stopped by --max-minutes: run it again to go on"
    print(f"\n{counts['outfits']} outfits, {counts['looks']} looks, {counts['photos']} photos, "
          f"{counts['packshots']} packshots; {100 * gate['share']:.1f} % of the drafts refused; {done}")  # fmt: skip
    return 0


def _sheet(args: argparse.Namespace) -> int:
    from vton.studio.dataset.sheets import write_sheet

    write_sheet(args.out, _settings(args), range(args.first, args.first + args.outfits), args.show, args.assets)
    print(args.out)
    return 0


def _render_one(args: argparse.Namespace) -> int:
    from vton.studio.dataset.sheets import remake

    print(*remake(args.spec, args.out, args.size, args.pose, args.outfit, args.person, args.assets), sep="\n")
    return 0


def _bench(args: argparse.Namespace) -> int:
    from vton.studio.dataset.settings import SIZES
    from vton.studio.measuring.benchmark import bench, table
    from vton.studio.measuring.proof import write_report

    sizes = [args.size] if args.size else list(SIZES)
    rows = bench(_settings(args), sizes, args.workers, lambda line: print(line, file=sys.stderr, flush=True),
                 args.assets)  # fmt: skip
    print(table(rows))
    if args.out:
        write_report(args.out, {"sizes": rows})
    return 0


def _coverage(args: argparse.Namespace) -> int:
    from vton.studio.sampling.coverage import coverage, pose_coverage, wear_coverage
    from vton.studio.sampling.looks import sample_looks

    looks = [
        sample_looks(args.seed, i, args.poses, 1, turned=args.turned, wear=args.wear)[0] for i in range(args.outfits)
    ]
    poses = [pose for look in looks for pose in look.poses]
    for rows, of in (
        (coverage([look.person for look in looks]), len(looks)),
        (wear_coverage([look.outfit for look in looks]), len(looks)),
        (pose_coverage(poses), len(poses)),
    ):
        for axis, group, count in rows:
            print(f"{axis:<8} {group:<18} {count:>6}  {100 * count / of:5.1f} %")
    return 0


def _check(args: argparse.Namespace) -> int:
    from vton.studio.measuring.checking import check

    print(json.dumps(check(args.folder), indent=1))
    return 0


def _proof(args: argparse.Namespace) -> int:
    from vton.studio.dataset.settings import Settings
    from vton.studio.dataset.sheets import write_sheet
    from vton.studio.measuring.proof import PHOTO_HW, prove, write_report

    report = prove(args.articles, args.seed, lambda line: print(line, file=sys.stderr, flush=True), args.wear)
    print(json.dumps(report, indent=1))
    if args.out:
        write_report(args.out, report)
    if args.sheet:
        settings = Settings(PROOF_OUTFITS, poses=1, looks=1, size=PHOTO_HW[0], seed=args.seed, wear=args.wear)
        write_sheet(args.sheet, settings, range(PROOF_OUTFITS), "warped")
    return 0


def _heads(args: argparse.Namespace) -> int:
    from vton.studio.measuring.head_figures import measure_heads

    figures = measure_heads(
        args.seed, args.outfits, args.looks, args.reference, args.features, args.assets, args.sheet,
        lambda line: print(line, file=sys.stderr, flush=True),
    )  # fmt: skip
    print(json.dumps(figures, indent=1))
    return 0


def _presets(args: argparse.Namespace) -> int:
    from vton.conditioning.pose.presets import preset_poses
    from vton.studio.measuring.preset_table import measure_presets, write_presets
    from vton.studio.photos.photographer import Photographer

    poses = measure_presets(
        Photographer(), list(preset_poses()), show=lambda line: print(line, file=sys.stderr, flush=True)
    )
    write_presets(args.out, poses)
    print(args.out)
    return 0


_RUN = {"render": _render, "sheet": _sheet, "render-one": _render_one, "bench": _bench, "coverage": _coverage,
        "check": _check, "proof": _proof, "heads": _heads, "presets": _presets}  # fmt: skip
