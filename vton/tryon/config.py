"""Named training configurations of the try-on systems: viton, cp-vton, ma-vton, acgpn."""

from dataclasses import dataclass, replace

from vton.schema import InputError
from vton.systems.acgpn.network import ACGPN
from vton.systems.cp_vton.network import CPVTON
from vton.systems.ma_vton.network import MAVTON
from vton.systems.viton.network import VITON
from vton.training.optimisation import RunConfig


@dataclass(frozen=True)
class TryOnConfig(RunConfig):
    """What the configurations of all systems have; ``system`` is a key of `vton.tryon.recipe.RECIPES`.

    Attributes:
        perceptual: weight of the perceptual loss; perceptual_crop: side of its crops, in pixels.
        perceptual_count: samples of a process's batch that it compares; 0 means all.
        adversarial: weight of the adversarial loss; adversarial_from: images after which it sets in.
        lr_discriminator: rate of the discriminators, at most; it rises and falls as the other does.
        longer, wider: shares of samples whose old garment hid more than the new one does, see `PairAugmentation`. Who
            draws needs many; a warp finds the garment's place by the old outline and is misled by them.
    """

    perceptual: float = 1.0
    perceptual_crop: int = 128
    perceptual_count: int = 0
    adversarial: float = 0.0
    adversarial_from: int = 0
    lr_discriminator: float = 2e-4
    longer: float = 0.4
    wider: float = 0.5


@dataclass(frozen=True)
class CPVTONConfig(TryOnConfig):
    """CP-VTON and MA-VTON.

    Attributes:
        warp, tryon: weights of the parts' losses; a part of weight 0 is not trained. Without ``tryon`` it does not run.
        attention: 1 for attention on the skips, 0 for none.
        warp_mask: of the overlap of warped and worn mask; interval: of the grid interval consistency.
        occluded: how much of the warp's losses counts where something may be in front of the garment.
        l1: of the result in the erased region; mask: of the composition mask against the worn one.
        window: height of the part (3:2) of each picture that ``tryon`` is trained on, a multiple of 192; 0 is all.
    """

    attention: int = 0
    window: int = 0
    warp: float = 1.0
    tryon: float = 1.0
    warp_mask: float = 1.0
    interval: float = 1.0
    occluded: float = 0.3
    l1: float = 1.0
    mask: float = 1.0


@dataclass(frozen=True)
class VITONConfig(TryOnConfig):
    """VITON.

    Attributes:
        coarse, refine: weights of the parts' losses; a part of weight 0 is not trained, without ``refine`` not run.
        coarse_mask: of the clothes' mask, L1 and overlap; l1: of the coarse result.
        matched: samples of a process's batch for which shapes are matched and the refinement is trained.
        refine_l1: of the refined result; alpha: reward for showing the garment's pixels; smooth: of alpha's variation.
    """

    coarse: float = 1.0
    refine: float = 1.0
    coarse_mask: float = 1.0
    l1: float = 1.0
    matched: int = 2
    refine_l1: float = 0.2
    alpha: float = 0.1
    smooth: float = 0.2


@dataclass(frozen=True)
class ACGPNConfig(TryOnConfig):
    """ACGPN.

    Attributes:
        body_parts, clothes_mask, warp, refine, fusion: weights of the parts' losses; a part of weight 0 is not
            trained; without ``fusion`` it does not run, nor ``refine`` without both.
        parsing, clothes: of the cross-entropies of G1 and G2.
        warp_mask, occluded: as in `CPVTONConfig`; second_order: of the constraint on the control points.
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


_DEFAULTS: dict[str, TryOnConfig] = {
    "viton": VITONConfig("viton"),
    "cp-vton": CPVTONConfig("cp-vton"),
    "ma-vton": CPVTONConfig("ma-vton", attention=1, adversarial=0.1, adversarial_from=10_000),
    "acgpn": ACGPNConfig("acgpn", perceptual=5.0, adversarial=0.1, adversarial_from=15_000),
}
_TINY = {"batch_size": 4, "warmup": 8, "perceptual": 0.0, "adversarial": 0.0, "perceptual_crop": 64}
_TINY_WIDTH = 4
NETWORKS = {"viton": VITON, "cp-vton": CPVTON, "ma-vton": MAVTON, "acgpn": ACGPN}
CONFIG_NAMES = ("default", "paper", "tiny")
SYSTEMS = tuple(_DEFAULTS)


def named_tryon_config(system: str, name: str = "default") -> TryOnConfig:
    """The configuration of that name for a system of `SYSTEMS`.

    "paper" has the paper's widths, "tiny" is for a trial.

    Raises:
        InputError: there is none of that name.
    """
    if name not in CONFIG_NAMES:
        raise InputError(f"--config {name} is unknown for {system}: choose one of {', '.join(CONFIG_NAMES)}.")
    config = _DEFAULTS[system]
    if name == "paper":
        return replace(config, network=dict(NETWORKS[system].PAPER))
    if name == "tiny":
        return replace(config, network={"width": _TINY_WIDTH}, **_TINY)
    return config
