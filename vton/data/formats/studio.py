"""The studio's own data: folders of tar shards, see `studio_shards`."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Self

import numpy as np

from vton.conditioning.canvas import fit_to_canvas
from vton.conditioning.photos.article_photo import spread_colours
from vton.data.formats.studio_pairs import pair_rows
from vton.data.formats.studio_persons import person_rows
from vton.data.formats.studio_shards import OutfitEntry, StudioShards, article_kinds, read_article_photo, read_outfit
from vton.data.garments.items import CANVAS_HW, GarmentItem, no_garment_item, on_segmenter_canvas
from vton.data.held_out import is_held_out
from vton.data.source import Job, Source, Traits
from vton.schema import InputError, SizeHW


class StudioSet(Source):
    """See `Source`.

    Raises:
        InputError: no complete outfit is there.
    """

    form = "studio"
    traits = Traits(real=False, exact=True)

    def __init__(self, folder: Path):
        super().__init__(folder)
        self.entries = StudioShards(folder).entries

    @classmethod
    def recognises(cls, folder: Path) -> bool:
        """Whether it holds tar shards, or is one."""
        return folder.is_file() or any(folder.glob("*.tar"))

    def only_looks(self, looks: Sequence[int]) -> Self:
        """See `Source`.

        Raises:
            InputError: no outfit is left.
        """
        chosen = copy.copy(self)
        chosen.entries = [entry for entry in self.entries if _look(entry) in set(looks)]
        if not chosen.entries:
            raise InputError(f"'{self.name}' has no outfit with look {list(looks)}: give other --looks.")
        return chosen

    def outfits(self) -> list[OutfitEntry]:
        """All of them."""
        return self.entries

    def persons(self, size_hw: SizeHW) -> list[Job]:
        """A job per outfit."""
        return [partial(person_rows, entry, size_hw) for entry in self.entries]

    def pairs(self) -> list[Job]:
        """A job per outfit."""
        return [partial(pair_rows, entry) for entry in self.entries]

    def garments(self) -> list[Job]:
        """A job per outfit, in its first look alone: the others have the same shapes."""
        return [partial(_garment_items, entry) for entry in self.entries if _look(entry) == 0]


def _look(entry: OutfitEntry) -> int:
    """The part of a key after "-"; 0 without one."""
    return int(entry.key.partition("-")[2] or 0)


def _garment_items(entry: OutfitEntry) -> list[GarmentItem]:
    """Every picture of an article that has its mask, and one photo of the person."""
    outfit, held_out = read_outfit(entry), is_held_out(entry.key)
    items = [no_garment_item(f"{entry.key}-person", "person", outfit.photos[0].image_u8, held_out)]
    for slot, packshot in outfit.articles.items():
        accessory = outfit.wear.get("accessory", "") if slot == "accessory" else ""
        kinds = {kind: read_article_photo(entry, slot, kind) for kind in article_kinds(entry, slot)}
        for kind, rgba in ({"": packshot} | kinds).items():
            if rgba.shape[2] == 4 and (rgba[..., 3] > 127).any():
                key = "-".join(filter(None, (entry.key, slot, kind)))
                items.append(_packshot(key, slot, held_out, rgba, accessory))
    return items


def _packshot(key: str, slot: str, held_out: bool, rgba: np.ndarray, accessory: str) -> GarmentItem:
    """A picture [H, W, 4], uint8, of an article, whatever way it lies there."""
    hard = np.where(rgba[..., 3] > 127, 255, 0).astype(np.uint8)
    image_u8, box = on_segmenter_canvas(spread_colours(rgba[..., :3], hard))
    mask_u8, _ = fit_to_canvas(rgba[..., 3], CANVAS_HW, background=0)
    return GarmentItem(key, "packshot", slot, held_out, image_u8, mask_u8, "exact", box, accessory)
