"""How good the generator and its projection are, on held-out photos of packs of persons."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from vton.conditioning.value_range import to_u8
from vton.data.persons.pack import PersonPack
from vton.metrics.generation.figures import distribution_figures
from vton.metrics.generation.sheet import tile
from vton.metrics.people.parsing_iou import ParsingCounts, mean_of
from vton.metrics.people.pose_accuracy import joint_errors, pck
from vton.readers import get_parser, get_pose_estimator
from vton.schema import PARSER_LABELS, InputError
from vton.systems.tryongan.canvas import label_planes, parser_labels
from vton.systems.tryongan.config import CONFIGS
from vton.systems.tryongan.network import DressedPicture
from vton.systems.tryongan.pipeline import TryOnGANPipeline
from vton.systems.tryongan.projection import PhotoTensors, project
from vton.systems.tryongan.search import finished
from vton.systems.tryongan.training.batches import PersonBatch, PersonBatchSource

COUNT, AT_ONCE = 64, 4
TOLERANCE = 0.05


class TryOnGANEvaluation:
    """See `EstimatorEvaluation`.

    Args:
        data: packs of persons; checkpoint: in place of the bundled one; lpips_weights: to measure by.

    Raises:
        InputError: a pack or weights that cannot be read, or no held-out photo.
    """

    def __init__(self, data: Sequence[str | Path], checkpoint: str | None = None,
                 lpips_weights: str | Path | None = None):
        self.pipeline = TryOnGANPipeline.from_pretrained(checkpoint)
        if lpips_weights:
            self.pipeline.measure_by(lpips_weights)
        packs, network = [PersonPack(folder) for folder in data], self.pipeline.network
        sizes = self.pipeline.size_hw, network.pose_hw
        self.held_out = PersonBatchSource(packs, *sizes, CONFIGS["tiny"], held_out=True)
        self.training = PersonBatchSource(packs, *sizes, CONFIGS["tiny"])
        if not self.held_out.photos:
            raise InputError("The packs have no held-out photo with a parsing: pack more with --kind persons.")
        self.pictures: list[np.ndarray] = []

    def describe(self) -> dict[str, Any]:
        """Checkpoint, revision, and how many photos there are."""
        found = self.pipeline
        return {"checkpoint": found.checkpoint, "revision": found.revision, "size_hw": list(found.size_hw),
                "held_out_photos": len(self.held_out.photos)}  # fmt: skip

    def figures(self, count: int | None, seed: int, say: Callable[[str], None]) -> dict[str, dict]:
        """By name.

        ``encoded_``, ``transferred_`` and ``projection_`` distances are of pictures to their true photos, with styles
        of the encoder, of the encoder from another photo of the outfit, and of the search. The segmentation is
        compared with what the bundled parser sees in the transferred pictures, the pose with what the bundled
        estimator finds there. KID is of drawn styles at held-out poses.
        """
        numbers = np.random.default_rng(seed).permutation(len(self.held_out.photos))[: count or COUNT].tolist()
        measure = self.pipeline.distance
        distances: dict[str, list[float]] = {"encoded": [], "transferred": [], "projection": []}
        judged, drawn, true = _Judged(), [], []
        z = torch.Generator().manual_seed(seed)
        for batch in self._batches(self.held_out, numbers):
            say(f"{len(true) + len(batch.image)}/{len(numbers)}")
            for kind, picture in self._drawn(batch).items():
                values = measure(picture.image.clamp(-1, 1), batch.image.to(picture.image.device))
                distances[kind] += values.tolist()
                if kind == "transferred":
                    judged.add(picture, batch)
            latent = torch.randn(len(batch.image), self.pipeline.network.config["z_dim"], generator=z)
            with torch.no_grad():
                given = (x.to(self.pipeline.device) for x in (latent, batch.pose_map))
                drawn += list(to_u8(self.pipeline.network(*given).image))
            true += list(to_u8(batch.image))
        figures = {f"{kind}_{measure.name}": {"value": round(float(np.mean(values)), 4), "n": len(values),
                                      "network": measure.label} for kind, values in distances.items()}  # fmt: skip
        some = range(min(len(true), len(self.training.photos)))
        floor = [picture for batch in self._batches(self.training, some) for picture in to_u8(batch.image)]
        reference = "held-out photos on a plain backdrop"
        return figures | judged.figures() | distribution_figures(drawn, true, reference, floor, self.pipeline.device)

    def sheet(self) -> np.ndarray:
        """Photos, transferred and projected pictures side by side: [h, w, 3], uint8."""
        return tile(self.pictures, columns=6)

    def _batches(self, source: PersonBatchSource, numbers: Sequence[int]) -> Iterator[PersonBatch]:
        for start in range(0, len(numbers), AT_ONCE):
            yield source.make(numbers[start : start + AT_ONCE], np.random.default_rng(start), augment=False)

    def _drawn(self, batch: PersonBatch) -> dict[str, DressedPicture]:
        network, found = self.pipeline.network, batch.to(self.pipeline.device)
        photos = PhotoTensors(found.image, label_planes(found.labels), found.pose_map)
        ws = {
            "encoded": network.encode(photos.image, photos.labels),
            "transferred": network.encode(found.reference, label_planes(found.reference_labels)),
            "projection": finished(project(network, photos, self.pipeline.distance, self.pipeline.projection)),
        }
        with torch.no_grad():
            drawn = {kind: network.draw(styles, photos.pose_map) for kind, styles in ws.items()}
        cells = [to_u8(batch.image), *(to_u8(drawn[kind].image) for kind in ("transferred", "projection"))]
        self.pictures += [cell for row in zip(*cells, strict=True) for cell in row]
        return drawn


class _Judged:
    """What the readers of photos see in drawn pictures, beside what was asked for."""

    def __init__(self) -> None:
        self.pose, self.parser = get_pose_estimator("bundled"), get_parser("bundled")
        self.counts, self.errors = ParsingCounts(merge_skin=False), []

    def add(self, drawn: DressedPicture, batch: PersonBatch) -> None:
        """Pictures and the batch that they were drawn for; a picture in which nobody is found counts as all wrong."""
        for image_u8, logits, asked in zip(to_u8(drawn.image), drawn.logits, batch.poses, strict=True):
            image_u8, labels = np.ascontiguousarray(image_u8), logits.argmax(0).byte().cpu().numpy()
            given = np.column_stack([asked.keypoints_xy, asked.confidence])
            height = float(np.ptp(asked.keypoints_xy[asked.present, 1])) if asked.present.any() else 0.0
            try:
                pose = self.pose.estimate(image_u8)
                seen = parser_labels(self.parser.parse(image_u8, pose))
                found = np.where(pose.present[:, None], pose.keypoints_xy, np.nan)
            except InputError:
                seen, found = np.zeros_like(labels), np.full((len(given), 2), np.nan)
            self.counts.add(seen, labels)
            self.errors.append(joint_errors(found, given, max(height, 1.0)))

    def figures(self) -> dict[str, dict]:
        """Mean IoU over the labels that the parser sees, and the share of joints that lie where they were asked for."""
        iou, n = self.counts.iou(), len(self.errors)
        by_label = {name: round(value, 3) for name, value in iou.items()}
        return {
            "segmentation_iou": {"value": round(mean_of(iou, PARSER_LABELS), 4), "n": n, "by_label": by_label},
            f"pck_{TOLERANCE}": {"value": round(pck(np.stack(self.errors), TOLERANCE), 4), "n": n},
        }
