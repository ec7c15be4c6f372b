"""The record of CP-VTON (Wang et al. 2018)."""

from vton.schema import TRYON_SLOTS, System, Task

SYSTEM = System(
    name="cp-vton",
    title="CP-VTON",
    task=Task.TRY_ON,
    does="photo + garment -> photo wearing it",
    paper="Wang, Zheng, Liang, Chen, Lin, Yang: Toward Characteristic-Preserving Image-based Virtual Try-On Network. "
    "ECCV 2018",
    cited="Wang et al. 2018, arXiv 1807.07688",
    arxiv="1807.07688",
    year=2018,
    pipeline="vton.systems.cp_vton.pipeline:CPVTONPipeline",
    network="vton.systems.cp_vton.network:CPVTON",
    recipe="vton.systems.cp_vton.training:CPVTONRecipe",
    configs="vton.systems.cp_vton.config:CONFIGS",
    checkpoint="cp-vton-256",
    slots=TRYON_SLOTS,
    tiny={"width": 4},
    cannot=(
        "It draws on a canvas of 256x192: fine prints get lost.",
        "A spline of 5x5 points warps the garment: sleeves of crossed arms are not followed.",
    ),
    place=4,
)
