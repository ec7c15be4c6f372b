"""Figures of a report, each computed from the samples of an evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch

from vton.conditioning.value_range import image_tensor
from vton.data.held_out import spread
from vton.data.outfits.evaluation_data import EvaluationPhoto
from vton.metrics.garments.article_fidelity import (
    CANDIDATES,
    appearance,
    article_appearance,
    article_ssim,
    rank_of_own,
)
from vton.metrics.garments.colour import region_colour_difference
from vton.metrics.people.pose_response import pose_response
from vton.metrics.people.silhouette import silhouette_from_pixels, silhouette_iou
from vton.metrics.pictures import inception
from vton.metrics.pictures.fid import frechet_distance
from vton.metrics.pictures.kid import kernel_distance, kernel_distance_interval
from vton.metrics.pictures.lpips import LPIPS
from vton.metrics.pictures.precision_recall import NEIGHBOURS, precision_recall
from vton.schema import SLOTS, Parsing

PRINTED = (
    *("interval", "p90", "coverage", "pixels", "candidates", "n_reference", "reference", "floor"),
    *("features", "network", "lost", "calibration_on_true_photos"),
    *("inside", "outside", "within", "between", "skipped", "follows_the_right_pose", "figure"),
)


@dataclass(frozen=True)
class DrawnSample:
    """A true photo and what the system drew for its outfit and pose."""

    photo: EvaluationPhoto
    image_u8: np.ndarray
    parsing: Parsing | None
    seed: int


def distribution_figures(images, true, reference: str, training, device) -> dict:
    """FID and KID of ``images`` against ``true``; ``floor``: what as many true training photos score."""
    if not inception.available():
        return {name: {"value": None, "reason": inception.MISSING} for name in ("fid", "kid_x1000")}
    if min(len(images), len(true)) < 2:
        return {name: {"value": None, "reason": "fewer than 2 pictures"} for name in ("fid", "kid_x1000")}
    features = inception.InceptionFeatures(device)
    generated, real = features(images), features(true)
    other = features(training) if training is not None and len(training) > 1 else None
    common = {
        "n": len(images),
        "n_reference": len(true),
        "reference": reference,
        "features": features.label,
    }
    figures = {}
    for name, distance in (("fid", frechet_distance), ("kid_x1000", kernel_distance)):
        floor = None if other is None else round(distance(other, real), 3)
        figures[name] = {"value": round(distance(generated, real), 3), **common, "floor": floor}
    interval = kernel_distance_interval(generated, real)
    figures["kid_x1000"]["interval"] = interval and [round(end, 3) for end in interval]
    if min(len(images), len(true)) > NEIGHBOURS:
        for name, share in zip(("precision", "recall"), precision_recall(generated, real), strict=True):
            figures[name] = {"value": round(share, 4), **common}
    return figures


@torch.inference_mode()
def lpips_figures(samples: Sequence[DrawnSample], networks: Sequence[LPIPS], batch: int = 8) -> dict:
    """Mean LPIPS between each picture and its true photo, at the generator's size."""
    if not networks:
        reason = "no weights: give --lpips-weights FILE, or pip install lpips"
        return {"lpips": {"value": None, "reason": reason}}
    figures = {}
    for network in networks:
        distances = []
        for start in range(0, len(samples), batch):
            part = samples[start : start + batch]
            drawn, true = np.stack([s.image_u8 for s in part]), np.stack([s.photo.image_u8 for s in part])
            distances.append(network(image_tensor(drawn), image_tensor(true)))
        values = torch.cat(distances).numpy()
        figures[f"lpips_{network.network}"] = {**_mean(values), "network": network.label, "resize": "none"}
    return figures


def colour_figure(samples: Sequence[DrawnSample]) -> dict:
    """CIEDE2000 between the median colours of each article, true and drawn, where both parsings show it.

    ``lost`` counts articles that the true photo shows and the drawn one does not have in the same place.
    """
    values: dict[str, list[float]] = {slot: [] for slot in SLOTS}
    lost = dict.fromkeys(SLOTS, 0)
    for sample in samples:
        h, w = sample.image_u8.shape[:2]
        min_pixels = max(4, h * w // 1600)
        for slot, _ in sample.photo.outfit.items():
            region = sample.photo.parsing.mask(slot)
            if region.sum() < min_pixels:
                continue
            if sample.parsing is not None:
                region = region & sample.parsing.mask(slot)
            args = (sample.photo.image_u8, sample.image_u8, region, min_pixels)
            difference = region_colour_difference(*args)
            if difference is None:
                lost[slot] += 1
            else:
                values[slot].append(difference)
    per_slot = {
        slot: {**_mean(found), "lost": lost[slot]} for slot, found in values.items() if found or lost[slot]
    }
    return {
        **_mean([v for found in values.values() for v in found]),
        "lost": sum(lost.values()),
        "per_slot": per_slot,
        "region": "true parsing and generated parsing" if samples[0].parsing is not None else "true parsing",
    }


def article_ssim_figure(samples: Sequence[DrawnSample]) -> dict:
    """SSIM inside each article of the true photo, against the drawn picture."""
    values: dict[str, list[float]] = {slot: [] for slot in SLOTS}
    for sample in samples:
        for slot, _ in sample.photo.outfit.items():
            value = article_ssim(sample.photo.image_u8, sample.image_u8, sample.photo.parsing.mask(slot))
            if value is not None:
                values[slot].append(value)
    per_slot = {slot: _mean(found) for slot, found in values.items() if found}
    return {**_mean([v for found in values.values() for v in found]), "per_slot": per_slot}


def retrieval_figure(samples: Sequence[DrawnSample], networks: Sequence[LPIPS]) -> dict:
    """Share of the drawn articles that look most like their own picture among 50 of that slot, without their shape."""
    if not networks:
        return {"value": None, "reason": "no weights: give --lpips-weights FILE, or pip install lpips"}
    network, first, missed = networks[0], [], {"drawn": [], "true": []}
    for slot in SLOTS:
        given = [(sample, own) for sample in samples if (own := sample.photo.outfit[slot]) is not None]
        looks = {own: article_appearance(network, own) for own in dict.fromkeys(own for _, own in given)}
        known = {article: look for article, look in looks.items() if look is not None}
        articles = list(known)
        for sample, own in given:
            region = sample.photo.parsing.mask(slot)
            others = [article for article in articles if article != own]
            chosen = [others[i] for i in spread(np.arange(len(others)), CANDIDATES - 1)]
            if own not in known or not chosen or region.sum() == 0:
                continue
            first.append(len(chosen) + 1)
            for kind, image_u8 in (("drawn", sample.image_u8), ("true", sample.photo.image_u8)):
                query = appearance(network, image_u8, region)
                if query is not None:
                    missed[kind].append(rank_of_own(query, known[own], [known[a] for a in chosen]) > 0)
    if not missed["drawn"]:
        return _mean([])
    return {
        "value": round(1 - float(np.mean(missed["drawn"])), 4),
        "n": len(missed["drawn"]),
        "candidates": round(float(np.mean(first)), 1),
        "calibration_on_true_photos": round(1 - float(np.mean(missed["true"])), 4),
        "features": network.label,
    }


def silhouette_figures(samples: Sequence[DrawnSample]) -> dict:
    """IoU of the drawn figure with the true parsing, and the pixel method's own IoU on the true photos."""
    figures = {}
    drawn = [(s.parsing, s.photo.parsing) for s in samples if s.parsing is not None]
    if drawn:
        own = [silhouette_iou(parsing.silhouette(), true.silhouette()) for parsing, true in drawn]
        figures["silhouette_iou_parsing"] = {**_mean(own), "figure": "the generator's own parsing"}
    pixels = [silhouette_iou(_figure(s), s.photo.parsing.silhouette()) for s in samples]
    method = (silhouette_from_pixels(s.photo.image_u8) for s in samples)
    calibration = [
        silhouette_iou(f, s.photo.parsing.silhouette()) for f, s in zip(method, samples, strict=True)
    ]
    figures["silhouette_iou_pixels"] = {
        **_mean(pixels),
        "figure": "from the pixels alone, against the backdrop",
        "calibration_on_true_photos": round(float(np.mean(calibration)), 4),
    }
    return figures


def _figure(sample: DrawnSample) -> np.ndarray:
    return silhouette_from_pixels(sample.image_u8)


def pose_figure(samples: Sequence[DrawnSample]) -> dict:
    """How far the figure moves between the poses of one outfit, as a share of how far the true one does."""
    pairs = [(a, b) for a, b in zip(samples, samples[1:], strict=False) if a.photo.key == b.photo.key]
    if not pairs:
        return {"value": None, "reason": "no outfit with two photos among those measured"}
    results = []
    for a, b in pairs:
        true = (a.photo.parsing.silhouette(), b.photo.parsing.silhouette())
        results.append(pose_response(_figure(a), _figure(b), *true))
    return {
        "value": round(sum(r.moved for r in results) / sum(r.true_moved for r in results), 4),
        "follows_the_right_pose": round(float(np.mean([r.follows for r in results])), 4),
        "n": len(pairs),
        "figure": "1 - IoU between two poses, from the pixels alone; generated over true",
    }


def _mean(found: Sequence[float] | np.ndarray) -> dict:
    if len(found) == 0:
        return {"value": None, "n": 0, "reason": "nothing to measure"}
    values = np.asarray(found, np.float64)
    return {
        "value": round(float(values.mean()), 4),
        "median": round(float(np.median(values)), 4),
        "n": len(values),
    }


def figure_line(name: str, figure: dict) -> str:
    """One printed line: the figure, its n, and what it was measured with."""
    if figure["value"] is None:
        return f"{name:24} -         ({figure.get('reason', 'nothing to measure')})"
    details = [f"n={figure['n']}"]
    for key in PRINTED:
        if figure.get(key) is not None:
            details.append(f"{key.replace('_', ' ')}: {figure[key]}")
    return f"{name:24} {figure['value']:<9g} ({'; '.join(details)})"
