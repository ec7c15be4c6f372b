"""Training configurations of ACGPN."""

from dataclasses import dataclass

from vton.systems.acgpn.network import ACGPN
from vton.systems.acgpn.system import SYSTEM
from vton.tryon.training.config import TryOnConfig, named_configs


@dataclass(frozen=True)
class ACGPNConfig(TryOnConfig):
    """Of ACGPN.

    Attributes:
        body_parts, clothes_mask, warp, refine, fusion: weights of the parts' losses; a part of weight 0 is not
            trained; without ``fusion`` it does not run, nor ``refine`` without both.
        parsing, clothes: of the cross-entropies of G1 and G2.
        warp_mask, occluded: of the overlap of warped and worn mask, and how much of the warp's losses counts
            where something may be in front of the garment; second_order: of the constraint on the control points.
        refined_l1: of the refined garment; alpha: of its share against the warped garment's.
        l1: of the result in the erased region.
        warped_share: how often the fusion sees the warped garment instead of the worn one.
        predicted_from, predicted_to: images between which the share of predicted instead of true parsings rises to
            ``predicted_share``.
    """

    body_parts: float = 1.0
    clothes_mask: float = 1.0
    warp: float = 1.0
    refine: float = 1.0
    fusion: float = 1.0
    parsing: float = 10.0
    clothes: float = 10.0
    warp_mask: float = 1.0
    occluded: float = 0.3
    second_order: float = 0.1
    refined_l1: float = 1.0
    alpha: float = 1.0
    l1: float = 10.0
    warped_share: float = 0.5
    predicted_from: int = 10_000
    predicted_to: int = 20_000
    predicted_share: float = 0.5


CONFIGS = named_configs(
    ACGPNConfig(SYSTEM.name, perceptual=5.0, adversarial=0.1, adversarial_from=15_000), ACGPN.PAPER, SYSTEM.tiny
)
