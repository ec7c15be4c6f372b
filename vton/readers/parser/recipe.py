"""Training of the parser: cross-entropy plus a soft Dice term (Milletari et al. 2016); skin may be any of its parts.

Of photos without a parsing, a teacher's labels are learned where the packs have them (Hinton et al. 2015, arXiv
1503.02531).
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from vton.conditioning.canvas import fit_to_canvas
from vton.data.persons.pack import PersonPack
from vton.data.persons.rows import NO_LABEL
from vton.data.persons.skin_parts import UNKNOWN_SKIN
from vton.metrics.generation.sheet import tile
from vton.metrics.people.parsing_iou import JUDGED, ParsingCounts, mean_of
from vton.readers.photo_unet import PhotoUNet, PhotoUNetOutput
from vton.readers.training.configs import EstimatorConfig
from vton.readers.training.person_samples import PersonSample, PersonSampler, SampleMix, held_out_photos, open_packs
from vton.readers.training.recipes import to_tensor
from vton.schema import Parsing
from vton.schema.label_sets import PARSER_LABELS, SKIN_LABELS
from vton.training.photo_augmentation import Camera, ViewRange

CLASS_WEIGHT = {"background": 0.6, "hat": 2.0, "hair": 1.4, "face": 1.4, "torso_skin": 1.6, "arms": 1.4, "outer": 1.2,
                "dress": 1.2, "shoes": 1.8, "bag": 1.6, "accessory": 1.6}  # fmt: skip
DICE_WEIGHT, PRESENT_WEIGHT, SOFT_WEIGHT = 0.5, 0.1, 1.0  # beside the labels' cross-entropy, which counts 1
BORDER_WEIGHT = 2.0  # that exactly labelled pixels beside another label have beyond the others
VIEWS = ViewRange(half_body=0.12, close=0.68, far=0.03, smallest=0.55, largest=1.1, rotation=7.0, turned=0.35)
CAMERA = Camera(occluder=0.08, blur=0.1, resample=0.12, jpeg=0.25, noise=0.15)
MEASURED, SHOWN = 64, 12  # held-out photos of each pack: measured during the run, and on a sheet
_SKIN = [PARSER_LABELS.index(name) for name in SKIN_LABELS]


class ParserRecipe:
    """See `EstimatorRecipe`; ``data`` are packs of persons with parsings, and perhaps of garments."""

    system = "parser"

    def __init__(self, config: EstimatorConfig, data: Sequence[str | Path]):
        self.config = config
        self.packs, garments = open_packs(data)
        self.size_hw = tuple(config.network["size_hw"])
        mix = SampleMix(real=0.4, nobody=0.05, recolour=0.4, views=VIEWS, camera=CAMERA)
        self.taught = any(pack.soft_labels is not None for pack in self.packs)
        self.sampler = PersonSampler(self.packs, self.size_hw, 1, mix, parsed=True, garments=garments)

    def network(self) -> PhotoUNet:
        """A fresh network."""
        return PhotoUNet(**self.config.network)

    def batch(self, rng: np.random.Generator, count: int) -> dict[str, torch.Tensor]:
        """``image``; ``labels [N, H, W]``, uint8, as in packs; ``exact [N]``, ``present [N]``; with a teacher
        ``soft_labels``.

        ``soft_labels: [N, H / 2, W / 2, 14]``, uint8, as in packs, 0 where the teacher says nothing.
        """
        samples = [self.sampler.draw(rng) for _ in range(count)]
        taught = {"soft_labels": torch.from_numpy(self._soft_labels(samples))} if self.taught else {}
        return {
            **taught,
            "image": to_tensor([s.image_u8 for s in samples]),
            "labels": torch.from_numpy(np.stack([s.labels for s in samples])),
            "exact": torch.tensor([float(s.exact) for s in samples]),
            "present": torch.tensor([float(s.present) for s in samples]),
        }

    def _soft_labels(self, samples: Sequence[PersonSample]) -> np.ndarray:
        nothing = np.zeros((self.size_hw[0] // 2, self.size_hw[1] // 2, len(PARSER_LABELS)), np.uint8)
        return np.stack([nothing if s.soft_labels is None else s.soft_labels for s in samples])

    def loss(self, out: PhotoUNetOutput, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Cross-entropy by class weights, Dice over the classes in the batch, presence; the teacher's labels.

        1. Of every cell's pixels one is judged, in turn: all of them would cost more than the network. The parser
           enlarges the maps linearly, so that is done here too: edges are learned finer than a cell.
        2. Pixels beside another label count more where the labels are exact: borders are what people see.
        3. What weighs more is found too often. So the loss sees logits raised by the logarithm of the weights, and
           those of inference, without that, are even (Menon et al. 2020, eq. 10).
        4. Dice judges whole regions, so small ones are not lost among many pixels.

        Args:
            out: maps [N, 14, h, w] and pooled [N, 1], logits.
            batch: see `batch`.

        Returns:
            Scalars, with their weights, to add up.
        """
        assert out.pooled is not None
        labels, maps = batch["labels"], out.maps.float()
        stride = labels.shape[1] // maps.shape[2]
        row, column = (int(v) for v in torch.randint(stride, (2,)))
        logits = enlarged_at(maps, stride, row, column)
        emphasis = 1 + BORDER_WEIGHT * (batch["exact"][:, None, None] * borders(labels))[:, row::stride, column::stride]
        labels = labels[:, row::stride, column::stride].long()
        favour = class_weights(maps.device).log()[:, None, None]
        taught = {}
        if "soft_labels" in batch:
            soft = soft_label_loss((maps + favour).log_softmax(1), batch["soft_labels"])
            taught = {"soft": SOFT_WEIGHT * soft}
        return {
            **taught,
            "labels": label_loss((logits + favour).log_softmax(1), labels, emphasis),
            "dice": DICE_WEIGHT * dice_loss(logits.log_softmax(1), labels),
            "present": PRESENT_WEIGHT * F.binary_cross_entropy_with_logits(out.pooled[:, 0].float(), batch["present"]),
        }

    def _estimate(self, net: PhotoUNet, pack: PersonPack, photo: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Photo on the canvas, given and estimated labels there."""
        content = (photo, *pack.content_of(photo))
        canvas, _ = fit_to_canvas(np.array(pack.photos[content]), self.size_hw)
        given, _ = fit_to_canvas(np.array(pack.parsing[content]), self.size_hw, NO_LABEL, labels=True)
        with torch.no_grad():
            logits = net(to_tensor([canvas]).to(net.device)).maps
        logits = F.interpolate(logits.float(), size=self.size_hw, mode="bilinear", align_corners=False)
        return canvas, given, logits[0].argmax(0).byte().cpu().numpy()

    def measure(self, net: PhotoUNet) -> dict[str, float]:
        """IoU in one pass over whole photos, by kind of pack."""
        counts: dict[str, ParsingCounts] = {}
        for pack, photo in held_out_photos(self.packs, MEASURED, parsed=True):
            _, given, estimated = self._estimate(net, pack, photo)
            counts.setdefault(pack.form, ParsingCounts(merge_skin=True)).add(given, estimated)
        figures = {}
        for form, count in counts.items():
            iou = count.iou()
            figures[f"{form}_person"] = count.person_background()["mean"]
            figures[f"{form}_mean"] = mean_of(iou, JUDGED)
            figures |= {f"{form}_{name}": value for name, value in iou.items()}
        return figures

    def sheet(self, net: PhotoUNet) -> np.ndarray:
        """Held-out photos over the estimated and the given labels: [H, W, 3], uint8 RGB."""
        cells = []
        for pack, photo in held_out_photos(self.packs, SHOWN, parsed=True):
            canvas, given, estimated = self._estimate(net, pack, photo)
            given = np.where(given == UNKNOWN_SKIN, _SKIN[0], np.where(given == NO_LABEL, 0, given)).astype(np.uint8)
            maps = [Parsing(labels, PARSER_LABELS).colours() for labels in (estimated, given)]
            cells.append(np.vstack([canvas, *maps]))
        return tile(cells, columns=12)


def enlarged_at(maps: torch.Tensor, stride: int, row: int, column: int) -> torch.Tensor:
    """One pixel of every cell of linearly enlarged maps: ``[N, C, h, w]`` to the same.

    Args:
        stride: pixels per cell; row, column: which of the cell's pixels.
    """
    for dim, place in ((2, row), (3, column)):
        offset = (place + 0.5) / stride - 0.5  # of the pixel's centre from the cell's, in cells
        ends = maps.narrow(dim, 0, 1), maps.narrow(dim, maps.shape[dim] - 1, 1)
        size = maps.shape[dim] - 1
        if offset < 0:
            beside = torch.cat([ends[0], maps.narrow(dim, 0, size)], dim)
        else:
            beside = torch.cat([maps.narrow(dim, 1, size), ends[1]], dim)
        maps = torch.lerp(maps, beside, abs(offset))
    return maps


def class_weights(device: torch.device) -> torch.Tensor:
    """``[14]``: weight of each class's pixels."""
    return torch.tensor([CLASS_WEIGHT.get(name, 1.0) for name in PARSER_LABELS], device=device)


def borders(labels: torch.Tensor) -> torch.Tensor:
    """Where one of the eight pixels around has another label: ``[N, H, W]``, uint8 -> bool."""
    planes = labels[:, None].float()
    most, least = (F.max_pool2d(sign * planes, 3, 1, 1) for sign in (1, -1))
    return (most != -least)[:, 0]


def label_loss(log_p: torch.Tensor, labels: torch.Tensor, emphasis: torch.Tensor | None = None) -> torch.Tensor:
    """Weighted mean of -log p; of skin of unknown part, p is the sum over the parts.

    Args:
        log_p: ``[N, 14, h, w]``; labels: ``[N, h, w]``, int64, with `UNKNOWN_SKIN` and `NO_LABEL`.
        emphasis: ``[N, h, w]``, weights beside those of the classes (Ronneberger et al. 2015, eq. 2).
    """
    unknown, known = labels == UNKNOWN_SKIN, labels < len(PARSER_LABELS)
    weights = class_weights(log_p.device)
    one = torch.where(known, labels, 0)
    pixel = -log_p.gather(1, one[:, None])[:, 0]
    if unknown.any():
        pixel = torch.where(unknown, -log_p[:, _SKIN].logsumexp(1), pixel)
    weight = torch.where(unknown, weights[_SKIN].mean(), weights[one]) * (known | unknown)
    if emphasis is not None:
        weight = weight * emphasis
    return (pixel * weight).sum() / weight.sum().clamp(min=1)


def soft_label_loss(log_p: torch.Tensor, soft_labels: torch.Tensor) -> torch.Tensor:
    """Cross-entropy against a teacher's shares, by class weights; pixels without shares do not count.

    Args:
        log_p: ``[N, 14, h, w]``; soft_labels: ``[N, h, w, 14]``, uint8.
    """
    share = soft_labels.permute(0, 3, 1, 2).float() * class_weights(log_p.device)[:, None, None]
    return -(share * log_p).sum() / share.sum().clamp(min=1)


def dice_loss(log_p: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """One minus Dice's coefficient, mean over the classes that occur in the batch: a scalar, 0..1.

    Args:
        log_p: [N, 14, h, w]; labels: [N, h, w], as in `label_loss`; pixels without one sure class do not count.
    """
    known = labels < len(PARSER_LABELS)
    probability = log_p.exp() * known[:, None]
    found = labels[known]
    of_given = probability.gather(1, torch.where(known, labels, 0)[:, None])[:, 0][known]
    both = of_given.new_zeros(len(PARSER_LABELS)).index_add(0, found, of_given)
    count = torch.bincount(found, minlength=len(PARSER_LABELS))
    size = probability.sum((0, 2, 3)) + count
    occurs = count > 0
    return ((1 - 2 * both / size.clamp(min=1)) * occurs).sum() / occurs.sum().clamp(min=1)
