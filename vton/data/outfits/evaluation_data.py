"""The photos that a system is measured on: held-out outfits of a pack or of shards, and training photos."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from vton.conditioning.canvas import resize_u8, resized
from vton.conditioning.photos.article_photo import load_article
from vton.data.formats.studio_shards import StudioShards, read_outfit
from vton.data.held_out import is_held_out, spread
from vton.data.outfits.pack import OutfitPack
from vton.data.outfits.wear import wear_of
from vton.data.pack import kind_of
from vton.schema import UNSAID, InputError, Outfit, Parsing, Pose, SizeHW, Wear


@dataclass(frozen=True, eq=False)
class EvaluationPhoto:
    """A true photo ``image_u8`` [H,W,3] with its parsing, its pose, and the outfit it shows (``key``) and how."""

    key: str
    outfit: Outfit
    image_u8: np.ndarray
    parsing: Parsing
    pose: Pose
    wear: Wear = UNSAID

    def resized(self, size_hw: SizeHW) -> "EvaluationPhoto":
        """The photo at another size: area-averaged pixels, nearest labels."""
        if self.image_u8.shape[:2] == tuple(size_hw):
            return self
        image_u8 = resize_u8(self.image_u8, size_hw)
        labels = resized(self.parsing.labels, size_hw, "labels")
        return replace(self, image_u8=image_u8, parsing=Parsing(labels), pose=self.pose.resized(size_hw))


class EvaluationData:
    """Held-out and training photos of a pack or of a folder of shards, in the order of the outfits' keys.

    Raises:
        InputError: the folder is neither, or holds no held-out outfit.
    """

    def __init__(self, folder: str | os.PathLike):
        folder = Path(folder)
        packed = kind_of(folder) == OutfitPack.kind
        self.source: OutfitPack | StudioShards
        if packed:
            self.source = pack = OutfitPack(folder)
            keys, shards = [outfit["key"] for outfit in pack.outfits], pack.meta["shards"]
        else:
            self.source = studio = StudioShards(folder)
            keys, shards = [entry.key for entry in studio.entries], [shard.name for shard in studio.shards]
        self.held_out = [i for i, key in enumerate(keys) if is_held_out(key)]
        self.training = [i for i, key in enumerate(keys) if not is_held_out(key)]
        if not self.held_out:
            raise InputError(f"'{folder.name}' holds no held-out outfit (1 in 20 is): give more data.")
        self.description = {
            "form": "pack" if packed else "shards",
            "shards": shards,
            "outfits": len(keys),
            "held_out_outfits": len(self.held_out),
        }

    def held_out_photos(self, count: int | None = None) -> list[EvaluationPhoto]:
        """The first ``count`` photos of held-out outfits (None: all of them)."""
        return list(islice((photo for i in self.held_out for photo in self._photos(i)), count))

    def training_photos(self, count: int | None = None) -> list[np.ndarray]:
        """``count`` photos of training outfits, spread evenly, one per outfit while there are enough."""
        photos: list[np.ndarray] = []
        rounds = 0
        while count is None or len(photos) < count:
            missing = None if count is None else count - len(photos)
            picked = spread(np.array(self.training), missing)
            found = [image for i in picked for image in islice(self._images(i), rounds, rounds + 1)]
            if not found:
                break
            photos, rounds = photos + found, rounds + 1
        return photos

    def _photos(self, index: int) -> Iterator[EvaluationPhoto]:
        if isinstance(self.source, OutfitPack):
            pack, outfit = self.source, self.source.outfit(index)
            for m in pack.outfit_photos(index):
                key, image_u8 = pack.outfits[index]["key"], np.array(pack.photos[m])
                wear = wear_of(pack.outfits[index].get("wear", {}), pack.parsing[m])
                yield EvaluationPhoto(key, outfit, image_u8, pack.photo_parsing(m), pack.pose(m), wear)
        else:
            worn = read_outfit(self.source.entries[index])
            outfit = Outfit.of(**{slot: load_article(image, slot) for slot, image in worn.articles.items()})
            for photo in worn.whole_photos:
                wear = wear_of(worn.wear, photo.parsing.labels)
                yield EvaluationPhoto(worn.key, outfit, photo.image_u8, photo.parsing, photo.pose, wear)

    def _images(self, index: int) -> Iterator[np.ndarray]:
        if isinstance(self.source, OutfitPack):
            return (np.array(self.source.photos[m]) for m in self.source.outfit_photos(index))
        return (photo.image_u8 for photo in read_outfit(self.source.entries[index]).whole_photos)
