"""Measures a system on held-out outfits: draws one picture per true photo, collects figures into a report.

A figure is a dict with ``value``, ``n`` and all that is needed to repeat it; one that could not be measured
has ``value`` None and a ``reason``.
"""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from vton.conditioning.canvas import resized
from vton.data.outfits.evaluation_data import EvaluationData, EvaluationPhoto
from vton.data.outfits.pack import OutfitPack
from vton.metrics.garments.correspondence_error import correspondence_figures
from vton.metrics.garments.locality import locality
from vton.metrics.generation.figures import (
    DrawnSample,
    article_ssim_figure,
    colour_figure,
    distribution_figures,
    lpips_figures,
    pose_figure,
    retrieval_figure,
    silhouette_figures,
)
from vton.metrics.generation.generated_people import identity_figure, pose_accuracy_figures
from vton.metrics.machine import describe_machine
from vton.metrics.pictures.lpips import LPIPS
from vton.schema import Outfit, SizeHW


@dataclass(frozen=True)
class EvaluationOptions:
    """What to measure.

    ``count``: pictures (None: all held-out photos, or 200 of a system without articles). ``lpips_weights``: files.
    ``swaps``: articles to change for the locality. ``reference``: true photos for the FID of a system without articles.
    """

    count: int | None = None
    psi: float = 1.0
    seed: int = 0
    lpips_weights: tuple[str, ...] = ()
    swaps: int = 24
    reference: int = 500


@dataclass
class Stages:
    """Seconds per stage, and where to say how far we are."""

    say: Callable[[str], None]
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def timed(self, name: str):
        """Times a stage."""
        self.say(f"{name} ...")
        start = time.monotonic()
        yield
        self.seconds[name] = round(time.monotonic() - start, 1)


def evaluate(
    pipeline, data: EvaluationData, options: EvaluationOptions, say: Callable[[str], None] = lambda line: None
) -> tuple[dict, list[DrawnSample]]:
    """Measure ``pipeline`` (one of `vton.systems`, loaded).

    Returns:
        The report (JSON types only) and, for the conditional system, the samples it was measured on.

    Raises:
        InputError: an LPIPS weights file that is missing or something else.
    """
    conditional = bool(pipeline.record.slots)
    perceptual = load_lpips(options.lpips_weights) if conditional else []
    stages = Stages(say)
    if conditional:
        figures, samples = _evaluate_conditional(pipeline, data, options, perceptual, stages)
    else:
        figures, samples = _evaluate_unconditional(pipeline, data, options, stages), []
    report = {
        "system": pipeline.system,
        "checkpoint": pipeline.checkpoint,
        "revision": pipeline.revision,
        "size_hw": list(pipeline.size_hw),
        "psi": options.psi,
        "seed": options.seed,
        "data": data.description,
        "figures": figures,
        "machine": describe_machine(pipeline.device),
        "seconds": stages.seconds,
    }
    return report, samples


def load_lpips(files: Sequence[str | os.PathLike]) -> list[LPIPS]:
    """LPIPS networks of the files, else of package ``lpips``, else none."""
    if files:
        return [LPIPS.from_file(file) for file in files]
    try:
        return [LPIPS.from_package("vgg16")]
    except (ImportError, OSError, RuntimeError):  # not installed, or its weights cannot be fetched
        return []


def _evaluate_conditional(pipeline, data, options, perceptual, stages) -> tuple[dict, list[DrawnSample]]:
    with stages.timed("generating"):
        samples = draw_samples(pipeline, data.held_out_photos(options.count), options)
    n, true = len(samples), [sample.photo.image_u8 for sample in samples]
    figures = {}
    with stages.timed("inception features"):
        training = [_fit(image, pipeline.size_hw) for image in data.training_photos(n)]
        reference = f"the {n} true held-out photos of the same outfits and poses"
        figures |= distribution_figures(
            [s.image_u8 for s in samples], true, reference, training, pipeline.device
        )
    with stages.timed("lpips"):
        figures |= lpips_figures(samples, perceptual)
    with stages.timed("colour"):
        figures["ciede2000"] = colour_figure(samples)
    with stages.timed("articles"):
        figures["article_ssim"] = article_ssim_figure(samples)
        figures["retrieval"] = retrieval_figure(samples, perceptual)
    if isinstance(data.source, OutfitPack) and pipeline.generator.spatial:
        with stages.timed("correspondences"):
            photos = data.source.photo_indices(held_out=True)[:options.count].tolist()
            figures |= correspondence_figures(pipeline.generator, data.source, photos)
    with stages.timed("silhouettes"):
        figures |= silhouette_figures(samples)
        figures["pose_response"] = pose_figure(samples)
    with stages.timed("people"):
        figures |= pose_accuracy_figures(samples)
        figures["identity"] = identity_figure(pipeline, samples, perceptual)
    with stages.timed("locality"):
        figures["locality"] = locality_figure(pipeline, samples, options)
    return figures, samples


def _evaluate_unconditional(pipeline, data, options, stages) -> dict:
    count = options.count or 200
    with stages.timed("generating"):
        images = [g.image_u8 for g in pipeline(seed=options.seed, count=count, psi=options.psi, scale=1)]
    with stages.timed("inception features"):
        held_out = [photo.image_u8 for photo in data.held_out_photos(options.reference)]
        training = data.training_photos(max(0, options.reference - len(held_out)))
        true = [_fit(image, pipeline.size_hw) for image in held_out + training]
        reference = f"{len(held_out)} held-out and {len(training)} training photos"
        return distribution_figures(images, true, reference, None, pipeline.device)


def _fit(image_u8: np.ndarray, size_hw: SizeHW) -> np.ndarray:
    if image_u8.shape[:2] == tuple(size_hw):
        return image_u8
    return resized(image_u8, size_hw, "mean")


def draw_samples(pipeline, photos: Sequence[EvaluationPhoto], options: EvaluationOptions) -> list[DrawnSample]:
    """One picture per photo. Photos of an outfit share a seed, so that between them only the pose differs."""
    seeds: dict[str, int] = {}
    samples = []
    for photo in photos:
        photo = photo.resized(pipeline.size_hw)
        seed = seeds.setdefault(photo.key, options.seed + len(seeds))
        drawn = _drawn(pipeline, photo.outfit, photo, seed, options.psi)
        samples.append(DrawnSample(photo, drawn.image_u8, drawn.parsing, seed))
    return samples


def _drawn(pipeline, outfit: Outfit, photo: EvaluationPhoto, seed: int, psi: float):
    """The pipeline's picture of an outfit in a photo's pose, worn as the photo shows it if the pipeline can be told."""
    wear = photo.wear if pipeline.takes_wear else None
    return pipeline(outfit, photo.pose, seed=seed, psi=psi, scale=1, wear=wear)[0]


def locality_figure(pipeline, samples: Sequence[DrawnSample], options: EvaluationOptions) -> dict:
    """Change one article at a time and compare the pixels inside its region with those elsewhere."""
    cases, skipped, inside, outside, per_slot = 0, 0, [], [], {}
    for sample, slot, outfit in _swaps(samples):
        if cases == options.swaps:
            break
        drawn = _drawn(pipeline, outfit, sample.photo, sample.seed, options.psi)
        if sample.parsing is not None:
            region = sample.parsing.mask(slot) | drawn.parsing.mask(slot)
        else:
            region = sample.photo.parsing.mask(slot)
        change = locality(sample.image_u8, drawn.image_u8, region)
        if change is None:
            skipped += 1  # the article is in neither picture
            continue
        cases += 1
        inside.append(change[0])
        outside.append(change[1])
        per_slot.setdefault(slot, []).append(change)
    if not cases:
        return {"value": None, "reason": "no article could be swapped"}
    return {
        "value": _ratio(float(np.mean(inside)), float(np.mean(outside))),
        "n": cases,
        "skipped": skipped,
        "inside": round(float(np.mean(inside)), 3),
        "outside": round(float(np.mean(outside)), 3),
        "median_ratio": _ratio(*np.median([[i, o] for i, o in zip(inside, outside, strict=True)], axis=0)),
        "per_slot": {s: {"value": _ratio(*np.mean(c, axis=0)), "n": len(c)} for s, c in per_slot.items()},
        "figure": "mean absolute change of 0..255 inside the article's region over that elsewhere",
    }


def _swaps(samples: Sequence[DrawnSample]):
    """(sample, slot, outfit with another article there), one per outfit, going round the slots it wears."""
    first = list({sample.photo.key: sample for sample in reversed(samples)}.values())[::-1]
    for i, sample in enumerate(first):
        outfit = sample.photo.outfit
        worn = [slot for slot, _ in outfit.items()]
        slot = worn[i % len(worn)]
        for other in first[i + 1 :] + first[:i]:
            article = other.photo.outfit[slot]
            if article is not None and article != outfit[slot]:
                yield sample, slot, Outfit.of(**dict(outfit.items()) | {slot: article})
                break


def _ratio(inside: float, outside: float) -> float | None:
    """None stands for a change that is nowhere else: no number can say it."""
    return round(float(inside / outside), 3) if outside > 0 else None
