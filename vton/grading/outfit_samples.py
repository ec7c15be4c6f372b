"""Outfits of photos of articles, drawn by a seed before any picture is made, for grading what is drawn of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vton.conditioning.pose.presets import preset_poses
from vton.generation.pipeline import StylePipeline
from vton.grading.blind_cells import Made, beside
from vton.metrics.generation.sheet import article_grid, draw_limbs
from vton.readers.garment.article_reader import article_from_photo, find_article
from vton.schema import SLOTS, InputError, Outfit

_LIMBS_HW = (256, 192)
# Chances that an outfit has a dress in place of top and bottom, and each of the others.
_DRESS, _FURTHER = 0.3, {"outer": 0.35, "shoes": 0.8, "accessory": 0.3}


@dataclass(frozen=True)
class OutfitSample:
    """What is to be drawn. files: slot -> photo; pose: of a preset; seed: of the picture."""

    files: dict[str, Path]
    pose: str
    seed: int


def outfit_samples(photos: Sequence[Path], count: int, seed: int) -> tuple[list[OutfitSample], dict[Path, str]]:
    """Outfits of articles in the slots that their photos look like, and why photos were left out.

    Photos are looked at in an order drawn from the seed, until there are as many of each slot as outfits may need.

    Raises:
        InputError: no outfit can be put together.
    """
    rng, slots, unusable = np.random.default_rng(seed), defaultdict[str, list[Path]](list), {}
    for number in rng.permutation(len(photos)):
        if all(len(slots[slot]) >= count for slot in SLOTS):
            break
        try:
            slot = find_article(photos[number]).slot
        except InputError as problem:
            unusable[photos[number]] = str(problem)
            continue
        if len(slots[slot]) < count:
            slots[slot].append(photos[number])
    turns: dict[str, int] = defaultdict(int)

    def next_of(slot: str) -> Path:
        turns[slot] += 1
        return slots[slot][(turns[slot] - 1) % len(slots[slot])]

    bodies = [body for body in (("dress",), ("top", "bottom")) if all(slots[slot] for slot in body)]
    if not bodies:
        raise InputError("The photos show no dress, nor a top and a bottom: give more of them.")
    samples, names = [], list(preset_poses())
    for _ in range(count):
        body = bodies[0] if rng.random() < _DRESS else bodies[-1]
        further = [slot for slot, chance in _FURTHER.items() if rng.random() < chance and slots[slot]]
        files = {slot: next_of(slot) for slot in SLOTS if slot in (*body, *further)}
        samples.append(OutfitSample(files, names[rng.integers(len(names))], int(rng.integers(2**31))))
    return samples, unusable


def draw_outfits(samples: Sequence[OutfitSample], pipelines: dict[str, StylePipeline]) -> Iterator[Made]:
    """Each sample by each pipeline, by its name: articles, pose and picture beside each other."""
    for number, sample in enumerate(samples, 1):
        outfit = Outfit.of(**{slot: article_from_photo(file, slot) for slot, file in sample.files.items()})
        inputs = [article_grid(outfit), draw_limbs(preset_poses()[sample.pose], _LIMBS_HW)]
        facts = {slot: file.name for slot, file in sample.files.items()}
        facts |= {"pose": sample.pose, "seed": str(sample.seed)}
        for name, pipeline in pipelines.items():
            made = pipeline(outfit, sample.pose, seed=sample.seed)[0]
            yield Made(beside([*inputs, made.image_u8]), name, number, facts)
