"""Reader of the studio's tar shards: persons in outfits with parsing, joints and every article's packshot.

Members of a shard, for every outfit KEY: ``KEY.pN.webp`` (photo), ``KEY.pN.png`` (parsing), ``KEY.<slot>.webp``
(packshot), ``KEY.<slot>.mask.png`` (its mask; older shards have none) and ``KEY.json`` (gender, label names, article
types per slot, COCO-18 joints per photo). ``KEY.<slot>.<kind>.webp`` and ``KEY.<slot>.<kind>.mask.png`` are articles
as people photograph them (`article_kinds`; older shards have none). ``KEY.pN.cloth.png``, ``KEY.<slot>.cloth.png``,
``KEY.<slot>.<kind>.cloth.png`` and ``KEY.pN.places.<kind>.png`` (`read_cloth`, `read_places`; older shards have none)
depend on the geometry alone: only the first look of an outfit, KEY ending in ``-0``, has them, and the entries of the
others point there. A shard that is still being written, or whose writer was killed, is read up to its last complete
outfit.
"""

import json
import os
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from vton.data.cloth import ClothBuffers, decode_cloth, decode_field
from vton.schema import REGIONS, SLOTS, WEAR_OPTIONS, InputError, Parsing, Pose, Wear
from vton.schema.label_sets import STUDIO_TO_REGION

VISIBILITY_TO_CONFIDENCE = np.array([0.0, 0.6, 1.0], np.float32)


@dataclass(frozen=True)
class StudioPhoto:
    """One photo of a dressed person: ``image_u8`` [H,W,3], its parsing and its pose, all of one size.

    whole: whether it shows all of the person, who holds and wears nothing but articles of the outfit, before light
    paper. Generators learn from such photos alone: nothing that they are given says where a photo is cut, what is held
    or worn over the articles, or where it is taken.
    """

    image_u8: np.ndarray
    parsing: Parsing
    pose: Pose
    pose_name: str
    whole: bool = True


@dataclass(frozen=True)
class StudioOutfit:
    """One person in one outfit: article types and packshots by slot, and the photos.

    A packshot is RGB [H,W,3] u8, or RGBA where the shard has its mask.
    wear: how it is worn, see `vton.schema.Wear` (older shards say nothing).
    """

    key: str
    gender: str
    slots: dict[str, str]
    articles: dict[str, np.ndarray]
    photos: tuple[StudioPhoto, ...]
    wear: dict[str, str] = field(default_factory=dict)

    @property
    def whole_photos(self) -> tuple[StudioPhoto, ...]:
        """Those of the whole person."""
        return tuple(photo for photo in self.photos if photo.whole)


@dataclass(frozen=True)
class OutfitEntry:
    """Where the members of one complete outfit lie: extension (``p0.webp``, ``json``) -> (offset, bytes)."""

    key: str
    shard: Path
    members: dict[str, tuple[int, int]]

    def read(self, extension: str) -> bytes:
        """The bytes of one member."""
        offset, size = self.members[extension]
        with open(self.shard, "rb") as file:
            file.seek(offset)
            return file.read(size)


class StudioShards(Sequence):
    """All complete outfits of one or several folders of shards, sorted by key; reads an outfit when indexed.

    Args:
        folders: folders that hold ``*.tar`` shards (or single shards). A key that occurs twice is read once.

    Raises:
        InputError: a folder does not exist, or no complete outfit is found.
    """

    def __init__(self, folders: str | os.PathLike | Sequence[str | os.PathLike]):
        if isinstance(folders, str | os.PathLike):
            folders = [folders]
        self.shards = [shard for folder in folders for shard in _find_shards(Path(folder))]
        entries: dict[str, OutfitEntry] = {}
        for shard in self.shards:
            for entry in index_shard(shard):
                entries.setdefault(entry.key, entry)
        if not entries:
            names = ", ".join(Path(folder).name for folder in folders)
            raise InputError(f"No complete outfit in '{names}': give a folder of studio .tar shards.")
        self.entries = [entries[key] for key in sorted(entries)]

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, index: int) -> StudioOutfit:
        return read_outfit(self.entries[index])

    def __iter__(self) -> Iterator[StudioOutfit]:
        return map(read_outfit, self.entries)


def _find_shards(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise InputError(f"Data folder '{folder.name}' does not exist: give a folder of studio .tar shards.")
    return sorted(folder.glob("*.tar"))


def index_shard(shard: Path) -> list[OutfitEntry]:
    """List the complete outfits of a shard from its headers alone; an unfinished end is left out."""
    members: dict[str, dict[str, tuple[int, int]]] = {}
    end = shard.stat().st_size
    try:
        with tarfile.open(shard, "r:") as tar:
            for member in tar:
                if member.isfile() and member.offset_data + member.size <= end:
                    key, _, extension = os.path.basename(member.name).partition(".")
                    members.setdefault(key, {})[extension] = (member.offset_data, member.size)
    except tarfile.ReadError:
        pass  # the writer is not through with this shard: what was read so far stands
    # The JSON is written last, so its presence says that the outfit is whole.
    whole = {key: found for key, found in members.items() if "json" in found}
    return [OutfitEntry(key, shard, _of_geometry(key, whole) | found) for key, found in whole.items()]


def _of_geometry(key: str, members: dict[str, dict[str, tuple[int, int]]]) -> dict[str, tuple[int, int]]:
    """What the first look of an outfit holds for all of its looks."""
    first = members.get(f"{key.partition('-')[0]}-0", {})
    return {name: where for name, where in first.items() if name.endswith(".cloth.png") or ".places." in name}


def read_outfit(entry: OutfitEntry) -> StudioOutfit:
    """Decode one outfit.

    Raises:
        InputError: a member is missing or cannot be decoded, a label or joint is not in the studio's format.
    """
    try:
        meta = json.loads(entry.read("json"))
        table = _label_table(meta)
        photos = tuple(_read_photo(entry, meta, table, i) for i in range(len(meta["photos"])))
        articles = {s: read_packshot(entry, s) for s in SLOTS if s in meta["slots"]}
        said = {topic: how for topic, how in meta.get("wear", {}).items() if topic in WEAR_OPTIONS}
        wear = Wear.of(said).told()
        return StudioOutfit(entry.key, meta["gender"], dict(meta["slots"]), articles, photos, wear)
    except (KeyError, ValueError, TypeError, cv2.error) as error:
        raise InputError(
            f"Outfit {entry.key} of {entry.shard.name} is not in the studio's format ({error}): render it."
        ) from error


def _label_table(meta: dict) -> np.ndarray:
    """Look-up table [256] from the shard's own label numbers to `REGIONS` numbers (unknown number: 255)."""
    table = np.full(256, 255, np.uint8)
    for number, name in meta["labels"].items():
        region = STUDIO_TO_REGION[name]
        # A hat that has no packshot (the bag took the slot) is nothing the outfit determines: as free as
        # hair.
        if name == "hat" and meta.get("hat_without_packshot"):
            region = "hair"
        table[int(number)] = REGIONS.index(region)
    return table


def _read_photo(entry: OutfitEntry, meta: dict, table: np.ndarray, index: int) -> StudioPhoto:
    photo = meta["photos"][index]
    image_u8 = decode(entry.read(f"p{index}.webp"))
    labels = table[decode(entry.read(f"p{index}.png"), cv2.IMREAD_GRAYSCALE)]
    if labels.shape != image_u8.shape[:2] or labels.max() >= len(REGIONS):
        raise ValueError(f"parsing of photo {index} has another size or an unknown label")
    joints = np.asarray(photo["keypoints"], np.float32)
    confidence = VISIBILITY_TO_CONFIDENCE[joints[:, 2].astype(int)]
    pose = Pose(joints[:, :2].copy(), confidence, image_u8.shape[:2])
    whole = photo.get("framing", "full") == "full" and not {"held", "place", "over"} & set(photo)
    return StudioPhoto(image_u8, Parsing(labels), pose, photo["pose"], whole)


def read_packshot(entry: OutfitEntry, slot: str) -> np.ndarray:
    """The packshot of one slot: RGB, or RGBA where the shard has its mask.

    Raises:
        KeyError: there is none; ValueError: it cannot be decoded.
    """
    image_u8 = decode(entry.read(f"{slot}.webp"))
    if f"{slot}.mask.png" not in entry.members:
        return image_u8
    return np.dstack([image_u8, decode(entry.read(f"{slot}.mask.png"), cv2.IMREAD_GRAYSCALE)])


def article_kinds(entry: OutfitEntry, slot: str) -> list[str]:
    """Kinds of photos that there are of an article beside its packshot: "flat", "hanger", "worn" or none."""
    names = (name.split(".") for name in entry.members)
    return sorted(parts[1] for parts in names if len(parts) == 3 and parts[0] == slot and parts[2] == "webp")


def read_article_photo(entry: OutfitEntry, slot: str, kind: str) -> np.ndarray:
    """A photo of an article as people take them, RGBA [256, 192, 4]: its backdrop is in it, its mask is alpha.

    Raises:
        KeyError: there is none; ValueError: it cannot be decoded.
    """
    mask_u8 = decode(entry.read(f"{slot}.{kind}.mask.png"), cv2.IMREAD_GRAYSCALE)
    return np.dstack([decode(entry.read(f"{slot}.{kind}.webp")), mask_u8])


def read_cloth(entry: OutfitEntry, picture: str) -> ClothBuffers | None:
    """What of which article each pixel of a picture shows, "p0", a slot or "top.flat"; None in older shards.

    Of packshots [256, 192]; of photos half their size, but 256x192 where the photo is of that.

    Raises:
        ValueError: it cannot be decoded.
    """
    member = f"{picture}.cloth.png"
    return decode_cloth(entry.read(member)) if member in entry.members else None


def read_places(entry: OutfitEntry, number: int, kind: str = "body") -> np.ndarray | None:
    """Where each pixel of photo ``number`` is in the picture of its own article, of `read_cloth`'s size.

    Args:
        kind: of the article's picture; "body" is the packshot.

    Returns:
        [h, w, 2] f32 x and y in pixels of the article's picture (the middle of its first pixel is 0.5, 0.5),
        `cloth.NOT_SHOWN` where that picture does not show the cloth, NaN where the photo shows no article; None in
        older shards.

    Raises:
        ValueError: it cannot be decoded.
    """
    member = f"p{number}.places.{kind}.png"
    return decode_field(entry.read(member)) if member in entry.members else None


def decode(data: bytes, flags: int = cv2.IMREAD_COLOR) -> np.ndarray:
    """An encoded picture as RGB [h, w, 3] or grey [h, w], uint8.

    Args:
        flags: of OpenCV.

    Raises:
        ValueError: it cannot be decoded.
    """
    image = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if image is None:
        raise ValueError("an image cannot be decoded")
    return np.ascontiguousarray(image[..., ::-1]) if image.ndim == 3 else image
