"""What a data set holds: `dataset.json` and the card."""

import json
from collections import Counter
from pathlib import Path

import vton
from vton.schema import COCO18, MPII16
from vton.studio.dataset.card import card
from vton.studio.dataset.members import SCHEMA_VERSION
from vton.studio.dataset.shards import read_metas
from vton.studio.sampling.coverage import coverage, pose_coverage, wear_coverage
from vton.studio.specs.labels import ARTICLE_ID, LABELS
from vton.studio.specs.outfit import OutfitSpec
from vton.studio.specs.person import PersonSpec
from vton.studio.specs.photo import PoseSpec

LICENCE = "apache-2.0"


def summarise(folder: Path, settings: dict) -> dict:
    """Counts what the finished shards hold; the content of `dataset.json`.

    Args:
        settings: outfits, poses, looks, size_hw, seed, ... of the command.
    """
    looks = photos = packshots = refused = 0
    slots: Counter[str] = Counter()
    types: Counter[str] = Counter()
    poses: list[PoseSpec] = []
    beside: dict[str, Counter[str]] = {"framings": Counter(), "held": Counter(), "places": Counter()}
    reasons: Counter[str] = Counter()
    persons: list[PersonSpec] = []
    outfits: list[OutfitSpec] = []
    for meta in read_metas(folder):
        looks, photos, packshots = looks + 1, photos + len(meta["photos"]), packshots + len(meta["slots"])
        slots.update(meta["slots"].keys())
        types.update(meta["slots"].values())
        poses += [PoseSpec(p["pose"], p["mirror"], p["yaw_deg"]) for p in meta["photos"]]
        for name, field in (("framings", "framing"), ("held", "held"), ("places", "place")):
            beside[name].update(p[field] for p in meta["photos"] if field in p)
        if meta["look"] == 0:
            persons.append(PersonSpec.from_dict(meta["specs"]["person"]))
            outfits.append(OutfitSpec.from_dict(meta["specs"]["outfit"]))
            reasons.update(meta["rejected"])
            refused += len(meta["rejected"])
    return {
        "schema_version": SCHEMA_VERSION,
        "generator": "vton.studio",
        "generator_version": vton.__version__,
        "license": LICENCE,
        "settings": settings,
        "labels": list(LABELS),
        "article_ids": ARTICLE_ID,
        "joints": {"coco18": list(COCO18), "mpii16": list(MPII16), "visibility": ["absent", "hidden", "visible"]},
        "counts": {"outfits": len(persons), "looks": looks, "photos": photos, "packshots": packshots},
        "slots": dict(sorted(slots.items())),
        "types": dict(sorted(types.items())),
        **{name: dict(sorted(counts.items())) for name, counts in beside.items() if counts},
        "quality_gate": {"refused": refused, "share": round(refused / max(1, refused + len(persons)), 4),
                         "reasons": dict(sorted(reasons.items()))},
        "coverage": [list(row) for row in coverage(persons)],
        **({"wear_coverage": [list(row) for row in wear_coverage(outfits)]} if settings.get("wear") else {}),
        "pose_coverage": [list(row) for row in pose_coverage(poses)],
    }  # fmt: skip


def write_summary(folder: Path, settings: dict) -> dict:
    """Writes `dataset.json` and `README.md`, the card; returns the former's content."""
    summary = summarise(folder, settings)
    (folder / "dataset.json").write_text(json.dumps(summary, indent=1) + "\n")
    (folder / "README.md").write_text(card(summary))
    return summary
