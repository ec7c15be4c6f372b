"""Training of the garment segmenter: the mask by cross-entropy and dice; beside it slot, "no garment", hat or bag.

Dice: Milletari et al., "V-Net", 2016. Masks of composites are exact; those of real photos are pseudo-masks and count
less; a real photo without one teaches the slot alone.
"""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from vton.conditioning.canvas import resize_u8
from vton.data.garments.composites import GarmentComposer, GarmentSample
from vton.data.garments.pack import GarmentPack
from vton.data.held_out import spread
from vton.metrics.generation.sheet import tile
from vton.metrics.readers.garment_mask import checkerboard, held_out_composites, held_out_negatives, mask_iou
from vton.readers.garment.bundled import HAT
from vton.readers.photo_unet import PhotoUNet, PhotoUNetOutput
from vton.readers.training.configs import EstimatorConfig
from vton.readers.training.recipes import to_tensor
from vton.schema import SLOTS

# Shares of the samples; a kind that no pack has leaves its share to the others.
KIND_SHARES = {"packshot": 0.2, "cut-out": 0.26, "real": 0.34, "negative": 0.12, "hat": 0.04, "bag": 0.04}
DICE_WEIGHT, SLOT_WEIGHT, HAT_WEIGHT = 0.5, 1.0, 1.0  # beside the mask's cross-entropy, which counts 1
_FEW = 0.5  # added to how many hats or bags there are in a batch, so that a single one does not count for many
LABEL_SMOOTHING = 0.05  # share of the slot's target that all slots have
# Held-out pictures: measured during the run, and on a sheet.
MEASURED_PHOTOS, MEASURED_COMPOSITES, MEASURED_NEGATIVES, SHOWN = 200, 32, 64, 24


class GarmentRecipe:
    """See `EstimatorRecipe`; ``data`` are packs of garments."""

    system = "garment-mask"

    def __init__(self, config: EstimatorConfig, data: Sequence[str | Path]):
        self.config, self.side = config, config.network["size_hw"][0]
        self.packs = [GarmentPack(folder) for folder in data]
        self.composers = [GarmentComposer(pack, self.side) for pack in self.packs]
        self.rows = {
            "packshot": self._weighted([c.packshots for c in self.composers]),
            "cut-out": self._weighted([c.cut_outs for c in self.composers]),
            "real": self._weighted([c.photos for c in self.composers]),
            "hat": self._weighted([c.accessories(True) for c in self.composers]),
            "bag": self._weighted([c.accessories(False) for c in self.composers]),
        }

    def _weighted(self, rows: list[np.ndarray]) -> tuple[list[tuple[GarmentComposer, int]], np.ndarray]:
        """Composers with their rows, and how often each is drawn: rare slots more often than their share."""
        choices = [(c, int(row)) for c, found in zip(self.composers, rows, strict=True) for row in found]
        slots = np.array([composer.slot(row) for composer, row in choices], int)
        weight = 1 / np.sqrt(np.bincount(slots, minlength=len(SLOTS)).clip(1))[slots]
        return choices, weight / weight.sum() if len(weight) else weight

    def network(self) -> PhotoUNet:
        """A fresh network."""
        return PhotoUNet(**self.config.network)

    def batch(self, rng: np.random.Generator, count: int) -> dict[str, torch.Tensor]:
        """``image``; ``mask [N, 1, h, w]``, 0..1, as large as the map; ``slot [N]``; ``trust [N]`` of the mask;
        ``hat [N]``, see `GarmentSample`.
        """
        samples = [self._draw(rng) for _ in range(count)]
        mask = torch.from_numpy(np.stack([s.mask for s in samples]))[:, None]
        return {
            "image": to_tensor([s.image_u8 for s in samples]),
            "mask": F.avg_pool2d(mask, self.config.network["map_stride"]),
            "slot": torch.tensor([s.slot for s in samples]),
            "trust": torch.tensor([s.trust for s in samples], dtype=torch.float32),
            "hat": torch.tensor([s.hat for s in samples], dtype=torch.float32),
        }

    def _draw(self, rng: np.random.Generator) -> GarmentSample:
        shares = {kind: share for kind, share in KIND_SHARES.items() if kind == "negative" or self.rows[kind][0]}
        kind = rng.choice(list(shares), p=np.array(list(shares.values())) / sum(shares.values()))
        if kind == "negative":
            return self.composers[int(rng.integers(len(self.composers)))].negative(rng)
        choices, weight = self.rows[kind]
        composer, row = choices[int(rng.choice(len(choices), p=weight))]
        return composer.real(row, rng) if kind == "real" else composer.composite(row, rng)

    def loss(self, out: PhotoUNetOutput, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Cross-entropy and Dice of the mask, cross-entropy of the slot and of hat or bag; four scalars, to add up.

        1. Each photo's cross-entropy counts by the trust in its mask: pseudo-masks of photos are wrong here and there.
        2. Dice is asked only where there is a garment: that of an empty mask says nothing of its outline.
        3. The slot of every photo counts, also where no mask is known.
        4. Hat or bag is asked of accessories alone, of the few bags as of the many hats.

        Args:
            out: maps [N, 1, h, w] and pooled [N, slots, "no garment" and "hat"], logits.
            batch: see `batch`.
        """
        assert out.pooled is not None
        logits, mask, trust = out.maps.float(), batch["mask"], batch["trust"]
        per_photo = F.binary_cross_entropy_with_logits(logits, mask, reduction="none").mean((1, 2, 3))
        shown = logits.sigmoid()
        both, total = (shown * mask).sum((1, 2, 3)), (shown + mask).sum((1, 2, 3))
        garment = trust * (mask.amax((1, 2, 3)) > 0.5)
        slots, hat = out.pooled[:, :HAT].float(), out.pooled[:, HAT].float()
        dice = 1 - (2 * both + 1) / (total + 1)
        return {
            "mask": (per_photo * trust).sum() / trust.sum().clamp(min=1),
            "dice": DICE_WEIGHT * (dice * garment).sum() / garment.sum().clamp(min=1),
            "slot": SLOT_WEIGHT * F.cross_entropy(slots, batch["slot"], label_smoothing=LABEL_SMOOTHING),
            "hat": HAT_WEIGHT * _hat_or_bag(hat, batch["hat"]),
        }

    @cached_property
    def _held_out(self) -> list[tuple[str, np.ndarray, np.ndarray | None, int, int]]:
        """Kind, picture on the canvas, mask (None: unknown), slot, hat."""
        found = []
        for pack in self.packs:
            composer = GarmentComposer(pack, self.side, held_out=True)
            samples = held_out_composites(composer, MEASURED_COMPOSITES)
            samples["negative"] = held_out_negatives(composer, MEASURED_NEGATIVES)
            found += [(kind, s.image_u8, s.mask > 0.5, s.slot, s.hat) for kind, group in samples.items() for s in group]
            for row in spread(composer.photos, MEASURED_PHOTOS):
                image, mask = (resize_u8(a[row], (self.side, self.side)) for a in (pack.photos, pack.masks))
                sure = pack.items[row]["mask"] == "plain"
                found.append(("photo", image, mask > 127 if sure else None, composer.slot(row), composer.hat(row)))
        return found

    def measure(self, net: PhotoUNet) -> dict[str, float]:
        """IoU of composites and of real photos with a sure mask, shares of right slots, hats and known non-garments."""
        values: dict[str, list[float]] = {}
        for kind, image, mask, slot, hat in self._held_out:
            found, best, hat_found = self._answer(net, image)
            if kind == "negative":
                values.setdefault("known_negatives", []).append(best == slot)
                continue
            if mask is not None:
                values.setdefault(f"{kind}_iou", []).append(mask_iou(found > 0.5, mask))
            values.setdefault(f"{kind}_slot", []).append(best == slot)
            if hat >= 0:
                values.setdefault(f"{kind}_hat", []).append(hat_found == hat)
        return {name: float(np.mean(numbers)) for name, numbers in values.items()}

    def _answer(self, net: PhotoUNet, image_u8: np.ndarray) -> tuple[np.ndarray, int, bool]:
        """Share of garment in every pixel of the canvas, the number of the slot, and whether an accessory is a hat."""
        with torch.no_grad():
            out = net(to_tensor([image_u8]).to(net.device))
            large = F.interpolate(out.maps.float(), size=image_u8.shape[:2], mode="bilinear")
        slot, hat = out.pooled[0, :HAT].argmax(), out.pooled[0, HAT] > 0
        return large.sigmoid()[0, 0].cpu().numpy(), int(slot), bool(hat)

    def sheet(self, net: PhotoUNet) -> np.ndarray:
        """Real held-out photos and their cut-outs; composites and theirs: [H, W, 3], uint8 RGB.

        A bar shows the slot: green if right.
        """
        cells = []
        groups = [[s for s in self._held_out if (s[0] == "photo") == real] for real in (True, False)]
        for group, count in zip(groups, (2 * SHOWN, SHOWN), strict=True):
            for i in spread(np.arange(len(group)), count):
                _, image, _, slot, _ = group[i]
                found, best, _ = self._answer(net, image)
                cut = checkerboard(image, found)
                cut[:5] = (0, 190, 0) if best == slot else (220, 0, 0)
                cells.append(np.hstack([resize_u8(picture, (128, 128)) for picture in (image, cut)]))
        return tile(cells, columns=8)


def _hat_or_bag(logit: torch.Tensor, hat: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of logits [N], the mean of hats (1) and that of bags (0); -1 counts nowhere."""
    loss = F.binary_cross_entropy_with_logits(logit, hat.clamp(min=0), reduction="none")
    each = [(loss * of).sum() / (of.sum() + _FEW) for of in ((hat == 1).float(), (hat == 0).float())]
    return each[0] + each[1]
