"""Whether generated people stand as asked, and whether a seed is somebody: pose and identity of generated pictures."""

from collections.abc import Sequence
from itertools import combinations

import cv2
import numpy as np
import torch

from vton.conditioning.value_range import image_tensor
from vton.metrics.generation.figures import DrawnSample
from vton.metrics.people.pose_accuracy import joint_errors, pck
from vton.metrics.pictures.lpips import LPIPS
from vton.readers.pose.bundled import BundledPoseEstimator
from vton.schema import COCO18, InputError, Pose

TOLERANCES = (0.05, 0.1)  # of the person's height
SEEDS, OUTFITS, POSES = 4, 8, 4  # whose pictures are compared: people, and what each of them wears and does
_HEAD_PX = 64  # side of a head's square
_FRONTAL = 0.9  # confidence of all of `_FRONT`, above which a person is seen from the front
_HEAD_PER_NECK = 2.2  # side of a head's square over the distance from neck to nose
_FRONT = tuple(COCO18.index(name) for name in ("nose", "right_eye", "left_eye", "neck"))


def pose_accuracy_figures(samples: Sequence[DrawnSample]) -> dict[str, dict]:
    """Figures ``pck_0.05`` and ``pck_0.1``: joints that the bundled estimator finds where the pose had them.

    Pictures in which it finds nobody count with all their joints missed. ``calibration_on_true_photos``: the same on
    the true photos.
    """
    estimator = BundledPoseEstimator()
    drawn, true = [], []
    for sample in samples:
        rows = np.flatnonzero(sample.photo.parsing.silhouette().any(1))
        if len(rows):
            given = np.column_stack([sample.photo.pose.keypoints_xy, sample.photo.pose.confidence])
            for image_u8, errors in ((sample.image_u8, drawn), (sample.photo.image_u8, true)):
                errors.append(joint_errors(_found(estimator, image_u8), given, float(np.ptp(rows)) + 1))
    figures = {}
    for tolerance in TOLERANCES:
        value, bound = (pck(np.stack(errors), tolerance) if errors else None for errors in (drawn, true))
        figures[f"pck_{tolerance}"] = {
            "value": None if value is None else round(value, 4),
            "n": len(drawn),
            "calibration_on_true_photos": None if bound is None else round(bound, 4),
            "figure": "share of joints within that share of the person's height, by the bundled estimator",
        }
    return figures


def _found(estimator: BundledPoseEstimator, image_u8: np.ndarray) -> np.ndarray:
    try:
        pose = estimator.estimate(image_u8)
    except InputError:
        return np.full((len(COCO18), 2), np.nan)
    return np.where(pose.confidence[:, None] > 0, pose.keypoints_xy, np.nan)


def identity_figure(pipeline, samples: Sequence[DrawnSample], networks: Sequence[LPIPS]) -> dict:
    """How much a seed's head changes with outfit and pose, over how much heads of different seeds differ.

    LPIPS between heads cut out by the given pose, of 4 seeds in 8 outfits and 4 poses that show both eyes: the mean
    over pairs of one seed, over the mean over pairs of seeds in one outfit and pose.
    """
    if not networks:
        return {"value": None, "reason": "no weights: give --lpips-weights FILE, or pip install lpips"}
    front = [sample.photo for sample in samples if (sample.photo.pose.confidence[list(_FRONT)] > _FRONTAL).all()]
    outfits = list({photo.key: photo.outfit for photo in front}.values())[:OUTFITS]
    poses = [photo.pose for photo in front][:: max(1, len(front) // POSES)][:POSES]
    if len(outfits) < 2 or len(poses) < 2:
        return {"value": None, "reason": "fewer than two outfits or poses that show both eyes"}
    heads = []
    for seed in range(SEEDS):
        drawn = [(pipeline(o, p, seed=seed, count=1, psi=1.0, scale=1)[0], p) for o in outfits for p in poses]
        heads.append(torch.cat([image_tensor(head_of(picture.image_u8, pose)[None]) for picture, pose in drawn]))
    rng = np.random.default_rng(0)
    shuffled = [rng.permutation(len(heads[0])) for _ in heads]
    same = [_distance(networks[0], h, h[torch.from_numpy(order)]) for h, order in zip(heads, shuffled, strict=True)]
    moved = [order != np.arange(len(order)) for order in shuffled]
    within = float(np.mean(np.concatenate([d[m] for d, m in zip(same, moved, strict=True)])))
    between = float(np.mean([_distance(networks[0], a, b).mean() for a, b in combinations(heads, 2)]))
    return {
        "value": round(within / between, 4) if between else None,
        "within": round(within, 4),
        "between": round(between, 4),
        "n": SEEDS * len(outfits) * len(poses),
        "network": networks[0].label,
        **({} if between else {"reason": "all seeds draw the same head"}),
    }


@torch.inference_mode()
def _distance(network: LPIPS, a: torch.Tensor, b: torch.Tensor) -> np.ndarray:
    return network(a, b).numpy()


def head_of(image_u8: np.ndarray, pose: Pose) -> np.ndarray:
    """The square around a head, by the nose and neck of its pose: [64, 64, 3], uint8."""
    nose, neck = (pose.keypoints_xy[COCO18.index(name)] for name in ("nose", "neck"))
    side = max(_HEAD_PER_NECK * np.linalg.norm(neck - nose), 4.0)
    scale = _HEAD_PX / side
    matrix = np.array([[scale, 0, _HEAD_PX / 2 - scale * nose[0]], [0, scale, _HEAD_PX / 2 - scale * nose[1]]])
    method = cv2.INTER_LINEAR if scale < 1 else cv2.INTER_CUBIC
    return cv2.warpAffine(image_u8, matrix, (_HEAD_PX, _HEAD_PX), flags=method, borderMode=cv2.BORDER_REPLICATE)
