"""Pose response: does the figure move as much as the true one, and to the right place, with the pose?

Two true photos A and B of one outfit, and two generated pictures with their poses, one seed and one outfit.
Ours, no paper's.
"""

from dataclasses import dataclass

import numpy as np

from vton.metrics.people.silhouette import silhouette_iou


@dataclass(frozen=True)
class PoseResponse:
    """``moved``, ``true_moved``: 1 - IoU of the two figures, generated and true.

    ``follows``: generated figures fit the true ones of their own pose better than those of the other pose.
    """

    moved: float
    true_moved: float
    follows: bool


def pose_response(
    generated_a: np.ndarray, generated_b: np.ndarray, true_a: np.ndarray, true_b: np.ndarray
) -> PoseResponse:
    """Compare four silhouettes [H,W] bool; see the module."""
    own = silhouette_iou(generated_a, true_a) + silhouette_iou(generated_b, true_b)
    crossed = silhouette_iou(generated_a, true_b) + silhouette_iou(generated_b, true_a)
    moved = 1 - silhouette_iou(generated_a, generated_b)
    return PoseResponse(moved, 1 - silhouette_iou(true_a, true_b), own > crossed)
