"""Measures try-on systems in the paired setting: the photo itself is the truth, and systems see the agnostic person."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

import numpy as np
import torch

from vton.conditioning.person.agnostic import represent
from vton.conditioning.value_range import image_tensor
from vton.data.held_out import spread
from vton.data.pairs.pack import PairPack
from vton.metrics.garments.warp_iou import visible_warp_iou, warp_iou
from vton.metrics.machine import describe_machine
from vton.metrics.pictures.lpips import LPIPS
from vton.metrics.pictures.ssim import ssim
from vton.metrics.tryon.baselines import BASELINES
from vton.metrics.tryon.sheet import pictures_u8, sheet_of_rows, system_rows
from vton.networks.tryon_output import TryOnOutput
from vton.readers.person_photo import read_person
from vton.schema import InputError
from vton.schema.person import TryOnSample
from vton.schema.slots import TRYON_SLOTS

AT_ONCE, SHOWN = 8, 24
GIVEN = "the data's own pose and parsing"
ESTIMATED = "the bundled pose and parser on the photo"


class TryOnSystem(Protocol):
    """One of `vton.systems`, loaded."""

    checkpoint: str
    revision: str

    def try_on(self, samples: list[TryOnSample]) -> TryOnOutput:
        """The network on samples of canvas size."""
        ...

    def put_back(self, sample: TryOnSample, output: TryOnOutput, without: frozenset[str]) -> np.ndarray:
        """The finished photo of one of them, without these repairs: [H, W, 3], uint8."""
        ...


class HeldOut(NamedTuple):
    """A held-out pair: the form of its pack, what systems get, and the data's own labels [H, W], uint8."""

    form: str
    sample: TryOnSample
    labels: np.ndarray


@dataclass
class Scores:
    """Values per sample of one system, by metric, with the samples' forms and slots beside them."""

    rows: list[tuple[str, str, dict[str, float]]] = field(default_factory=list)

    def mean(self, metric: str, form: str, slot: str | None = None) -> dict | None:
        """``value`` and ``n`` of one metric, None where nothing was measured."""
        found = [v[metric] for f, s, v in self.rows if f == form and slot in (None, s) and metric in v]
        return {"value": round(float(np.mean(found)), 4), "n": len(found)} if found else None

    def figures(self) -> dict[str, dict]:
        """Every figure, named ``form_metric`` over all slots and ``form_slot_metric``."""
        figures = {}
        for form in dict.fromkeys(form for form, _, _ in self.rows):
            for slot in (None, *TRYON_SLOTS):
                for metric in dict.fromkeys(name for _, _, values in self.rows for name in values):
                    figure = self.mean(metric, form, slot)
                    if figure is not None:
                        figures["_".join(filter(None, (form, slot, metric)))] = figure
        return figures


class TryOnEvaluation:
    """Held-out pairs of packs, and what is measured on them.

    Args:
        packs: of pairs; count: most pairs of each pack, evenly spread (None: all).
        lpips: networks to measure with; estimated: read pose and parsing off the photo instead of the labels.
        without: judge the photo with the result put back, without these repairs; None judges the network's picture.

    Raises:
        InputError: no held-out pair in any of them.
    """

    def __init__(self, packs: Sequence[PairPack], lpips: Sequence[LPIPS], count: int | None = None,
                 estimated: bool = False, without: frozenset[str] | None = None):
        self.packs, self.lpips, self.count, self.estimated, self.without = packs, lpips, count, estimated, without
        self.lost = 0
        self.samples = list(self._samples())
        if not self.samples:
            raise InputError("These packs hold no held-out pair: pack more data.")

    def _samples(self) -> Iterator[HeldOut]:
        for pack in self.packs:
            for index in spread(pack.indices(True), self.count):
                given = pack.sample(int(index))
                sample = with_estimates(given) if self.estimated else given
                if sample is None:
                    self.lost += 1
                else:
                    yield HeldOut(pack.form, sample, given.person.parsing.labels)

    def _batches(self) -> Iterator[list[HeldOut]]:
        for start in range(0, len(self.samples), AT_ONCE):
            yield self.samples[start : start + AT_ONCE]

    def measure(self, system: TryOnSystem) -> Scores:
        """A system's values on all samples."""
        scores = Scores()
        for batch in self._batches():
            out = system.try_on([held.sample for held in batch])
            warped = (out.warped_mask[:, 0].float() > 0.5).cpu().numpy()
            scores.rows += self._judge(batch, self._pictures(system, [held.sample for held in batch], out), warped)
        return scores

    def _pictures(self, system: TryOnSystem, samples: Sequence[TryOnSample], out: TryOnOutput) -> np.ndarray:
        """What is judged of a system: [N, H, W, 3], uint8."""
        if self.without is None:
            return pictures_u8(out.result)
        return np.stack([system.put_back(sample, out.alone(n), self.without) for n, sample in enumerate(samples)])

    def measure_baseline(self, name: str) -> Scores:
        """The values of one of `BASELINES`."""
        scores = Scores()
        for batch in self._batches():
            images, masks = zip(*(BASELINES[name](held.sample) for held in batch), strict=True)
            warped = None if masks[0] is None else np.stack(masks)
            scores.rows += self._judge(batch, np.stack(images), warped)
        return scores

    @torch.inference_mode()
    def _judge(self, batch: Sequence[HeldOut], made: np.ndarray,
               warped: np.ndarray | None) -> list[tuple[str, str, dict[str, float]]]:
        """Values of each sample; made: [N, H, W, 3], uint8, warped: [N, H, W], bool, or None for no warp."""
        truth = image_tensor(np.stack([held.sample.person.image_u8 for held in batch]))
        image = image_tensor(made)
        columns = {"ssim": ssim(image, truth).tolist()}
        for network in self.lpips:
            columns[f"lpips_{network.network}"] = network(image, truth).tolist()
        if warped is not None:
            columns |= warp_columns(warped, [(held.sample.worn, held.labels) for held in batch])
        names = list(columns)
        values = [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        return [(held.form, held.sample.slot, value) for held, value in zip(batch, values, strict=True)]

    def sheet(self, systems: dict[str, TryOnSystem], count: int = SHOWN) -> np.ndarray:
        """Evenly spread samples, none picked: photo | garment | agnostic person | each system; [H, W, 3], uint8."""
        rows = []
        chosen = [self.samples[i].sample for i in spread(np.arange(len(self.samples)), count)]
        for start in range(0, len(chosen), AT_ONCE):
            samples = chosen[start : start + AT_ONCE]
            inputs = represent([s.person for s in samples], [s.garment for s in samples])
            made = [self._pictures(system, samples, system.try_on(samples)) for system in systems.values()]
            rows += system_rows(np.stack([s.person.image_u8 for s in samples]), inputs, made)
        return sheet_of_rows(rows)

    def describe(self) -> dict:
        """What was measured on, as JSON types."""
        counts = {pack.form: sum(held.form == pack.form for held in self.samples) for pack in self.packs}
        return {
            "setting": "paired: the photo is the truth, systems see it without the erased region",
            "inputs": ESTIMATED if self.estimated else GIVEN,
            "pictures": pictures_judged(self.without),
            "held_out": counts,
            "nobody_found": self.lost,
            "ssim": "window 11, sigma 1.5, RGB in 0..1",
            "lpips": [network.label for network in self.lpips],
            "warp_iou": "warped garment's mask and where the photo shows the garment; _visible: without the pixels "
            "where arms, hair, bags or other clothes may hide it",
        }


def pictures_judged(without: frozenset[str] | None) -> str:
    """What `TryOnEvaluation` judges, in words."""
    if without is None:
        return "the network's"
    return "put back in the photo" + (f", without {', '.join(sorted(without))}" if without else "")


def warp_columns(warped: np.ndarray, truth: Sequence[tuple[np.ndarray, np.ndarray]]) -> dict[str, list[float]]:
    """``warp_iou`` and ``warp_iou_visible`` of masks [N, H, W], bool; truth: worn mask and labels, [H, W] each."""
    triples = [(mask, worn, labels) for mask, (worn, labels) in zip(warped, truth, strict=True)]
    return {
        "warp_iou": [warp_iou(mask, worn) for mask, worn, _ in triples],
        "warp_iou_visible": [visible_warp_iou(*triple) for triple in triples],
    }


def with_estimates(sample: TryOnSample) -> TryOnSample | None:
    """The sample with pose and parsing as the bundled estimators read them; None when they find nobody."""
    try:
        return replace(sample, person=read_person(sample.person.image_u8, "bundled", "bundled"))
    except InputError:
        return None


def evaluate_tryon(evaluation: TryOnEvaluation, systems: dict[str, TryOnSystem],
                   say: Callable[[str], None] = lambda line: None) -> dict:
    """The report: JSON types only; baselines beside the systems."""
    start = time.monotonic()
    measured: dict[str, dict] = {}
    for name in BASELINES:
        say(f"{name} ...")
        measured[name] = {"baseline": True, "figures": evaluation.measure_baseline(name).figures()}
    for name, system in systems.items():
        say(f"{name} ...")
        known = {"checkpoint": system.checkpoint, "revision": system.revision}
        measured[name] = {**known, "figures": evaluation.measure(system).figures()}
    return {
        "task": "tryon",
        **evaluation.describe(),
        "systems": measured,
        "machine": describe_machine(),
        "seconds": round(time.monotonic() - start, 1),
    }


def table(report: dict) -> str:
    """The report for people: one row per system, kind of data and slot; SSIM up, LPIPS down, IoU up."""
    metrics = ("ssim", "lpips_vgg16", "lpips_alexnet", "warp_iou", "warp_iou_visible")
    figures = [figure for row in report["systems"].values() for figure in row["figures"]]
    used = [metric for metric in metrics if any(name.endswith(f"_{metric}") for name in figures)]
    wide = max(map(len, report["systems"])) + 2
    lines = [f"{'system':{wide}}{'data':9}{'slot':8}{'n':>5}" + "".join(f"{metric:>18}" for metric in used)]
    for form in report["held_out"]:
        for slot in (None, *TRYON_SLOTS):
            for system, row in report["systems"].items():
                key = "_".join(filter(None, (form, slot)))
                cells = [row["figures"].get(f"{key}_{metric}") for metric in used]
                if cells[0] is None:
                    continue
                shown = "".join(f"{'-' if cell is None else format(cell['value'], '.4f'):>18}" for cell in cells)
                lines.append(f"{system:{wide}}{form:9}{slot or 'all':8}{cells[0]['n']:>5}" + shown)
    return "\n".join(lines)
