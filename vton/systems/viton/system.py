"""The record of VITON (Han et al. 2018)."""

from vton.schema import TRYON_SLOTS, System, Task

SYSTEM = System(
    name="viton",
    title="VITON",
    task=Task.TRY_ON,
    does="photo + garment -> photo wearing it",
    paper="Han, Wu, Wu, Yu, Davis: VITON: An Image-based Virtual Try-on Network. CVPR 2018",
    cited="Han et al. 2018, arXiv 1711.08447",
    arxiv="1711.08447",
    year=2018,
    pipeline="vton.systems.viton.pipeline:VITONPipeline",
    network="vton.systems.viton.network:VITON",
    recipe="vton.systems.viton.training:VITONRecipe",
    configs="vton.systems.viton.config:CONFIGS",
    checkpoint="viton-256",
    slots=TRYON_SLOTS,
    tiny={"width": 4},
    cannot=(
        "It draws on a canvas of 256x192: fine prints get lost.",
        "Its warp matches outlines only: the pattern of a garment may land elsewhere on the body.",
    ),
    place=3,
)
