"""Training of the pose estimator: maps by cross-entropy against Gaussians, confidences and presence beside them.

Hips: machine-made joints of real photos (Halpe) lie at 0.574 of the line from shoulders to knees (median), the
studio's at 0.564, about one pixel of 256 apart: both are learned as they are given.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from vton.conditioning.canvas import fit_to_canvas
from vton.data.persons.pack import PersonPack
from vton.metrics.generation.sheet import tile
from vton.metrics.people.pose_accuracy import HIP_ALLOWANCE, VISIBLE_FROM, joint_errors, pck
from vton.readers.photo_unet import PhotoUNet, PhotoUNetOutput
from vton.readers.pose.heatmap_decoding import PRESENCE, decode_joints, joint_targets
from vton.readers.training.configs import EstimatorConfig
from vton.readers.training.person_samples import PersonSampler, SampleMix, held_out_photos, open_packs
from vton.readers.training.recipes import to_tensor
from vton.schema import COCO18_LIMBS, as_size

SIGMA = 1.5
"""Of the Gaussians, in cells."""
BEHIND = 6
"""How many times as often persons seen from behind are drawn: a twentieth of the studio's, with the sides exchanged."""
SEEN_WEIGHT, PRESENT_WEIGHT = 0.5, 0.2  # beside the maps' divergence, which counts 1
MEASURED, SHOWN = 96, 16  # held-out photos of each pack: measured during the run, and on a sheet
_DRAWN_FROM = 0.3  # probability from which on a joint's limbs are drawn on a sheet


class PoseRecipe:
    """See `EstimatorRecipe`; ``data`` are packs of persons, and perhaps of garments."""

    system = "pose"

    def __init__(self, config: EstimatorConfig, data: Sequence[str | Path]):
        self.config = config
        self.packs, garments = open_packs(data)
        self.size_hw = tuple(config.network["size_hw"])
        self.stride = config.network["map_stride"]
        self.sampler = PersonSampler(self.packs, self.size_hw, mix=SampleMix(behind=BEHIND), garments=garments)

    def network(self) -> PhotoUNet:
        """A fresh network."""
        return PhotoUNet(**self.config.network)

    def batch(self, rng: np.random.Generator, count: int) -> dict[str, torch.Tensor]:
        """``image``; ``joints [N, 18, 3]`` in canvas pixels with confidence; ``present [N]``."""
        samples = [self.sampler.draw(rng) for _ in range(count)]
        return {
            "image": to_tensor([s.image_u8 for s in samples]),
            "joints": torch.from_numpy(np.stack([s.joints for s in samples])).float(),
            "present": torch.tensor([float(s.present) for s in samples]),
        }

    def loss(self, out: PhotoUNetOutput, batch: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Divergence of the maps from the given joints, cross-entropy of which joints are there and of presence.

        1. Each map is one distribution over all cells, so that a joint has one place. Its target's own entropy is taken
           off: zero is the best there is.
        2. A joint counts by its given confidence; a doubtful place teaches nothing.
        3. Whether a joint is there is asked apart, of the whole picture: a distribution always sums to one.

        Args:
            out: maps [N, 18, h, w] and pooled [N, 19] (the joints and presence), logits.
            batch: see `batch`.

        Returns:
            Three scalars, with their weights, to add up.
        """
        assert out.pooled is not None
        maps, pooled, joints = out.maps.float(), out.pooled.float(), batch["joints"]
        confidence = joints[..., 2]
        target = joint_targets(joints[..., :2], as_size(maps.shape[2:]), self.stride, SIGMA)
        log_probability = maps.flatten(2).log_softmax(2).view_as(maps)
        # Less the target's own entropy: zero is the best there is.
        divergence = (target * (target.clamp(min=1e-12).log() - log_probability)).sum((2, 3))
        weight = confidence * (confidence > VISIBLE_FROM)
        present = batch["present"]
        return {
            "maps": (divergence * weight).sum() / weight.sum().clamp(min=1),
            "seen": SEEN_WEIGHT * F.binary_cross_entropy_with_logits(pooled[:, :PRESENCE], confidence),
            "present": PRESENT_WEIGHT * F.binary_cross_entropy_with_logits(pooled[:, PRESENCE], present),
        }

    def _estimate(self, net: PhotoUNet, pack: PersonPack, photo: int):
        """Photo on the canvas, given joints there, box height, estimated joints [18, 3]."""
        canvas, move = fit_to_canvas(np.array(pack.photos[photo]), self.size_hw)
        given = np.array(pack.keypoints[photo])
        given[:, :2] = move.forward(given[:, :2])
        x0, y0, x1, y1 = pack.boxes[photo]
        with torch.no_grad():
            out = net(to_tensor([canvas]).to(net.device))
        xy, _ = decode_joints(out.maps, self.stride)
        joints = torch.cat([xy[0], out.pooled[0, :PRESENCE, None].float().sigmoid()], 1).cpu().numpy()
        return canvas, given, float(y1 - y0) * move.scale, joints

    def measure(self, net: PhotoUNet) -> dict[str, float]:
        """PCK in one pass over whole photos, by kind of pack."""
        errors: dict[str, list[np.ndarray]] = {}
        allowances = {pack.form: 0.0 if pack.traits.exact else HIP_ALLOWANCE for pack in self.packs}
        for pack, photo in held_out_photos(self.packs, MEASURED):
            _, given, height, joints = self._estimate(net, pack, photo)
            errors.setdefault(pack.form, []).append(joint_errors(joints[:, :2], given, height))
        figures = {}
        for form, rows in errors.items():
            for tolerance in (0.05, 0.1):
                figures[f"{form}_pck@{tolerance}"] = pck(np.stack(rows), tolerance, allowances[form])
        return figures

    def sheet(self, net: PhotoUNet) -> np.ndarray:
        """Held-out photos with the estimated skeleton (green; red on the person's right) and given joints (white).

        Returns:
            [H, W, 3], uint8 RGB.
        """
        cells = []
        for pack, photo in held_out_photos(self.packs, SHOWN):
            canvas, given, _, joints = self._estimate(net, pack, photo)
            canvas = canvas.copy()
            for a, b in COCO18_LIMBS:
                colour = (255, 60, 60) if a in (2, 3, 8, 9) else (0, 230, 0)
                start, end = ([int(v) for v in joints[j, :2]] for j in (a, b))
                if joints[[a, b], 2].min() > _DRAWN_FROM:
                    cv2.line(canvas, start, end, colour, 1, cv2.LINE_AA)
            for x, y, confidence in given:
                if confidence > VISIBLE_FROM:
                    cv2.circle(canvas, (int(x), int(y)), 1, (255, 255, 255), -1)
            cells.append(canvas)
        return tile(cells, columns=8)
