"""The record of MA-VTON, a thesis on CP-VTON."""

from vton.schema import TRYON_SLOTS, System, Task

SYSTEM = System(
    name="ma-vton",
    title="MA-VTON",
    task=Task.TRY_ON,
    does="photo + garment -> photo wearing it",
    paper="MA-VTON, a master's thesis that puts attention on the skips of CP-VTON's U-Net; its first half is public",
    cited="MA-VTON, master's thesis on CP-VTON",
    year=None,
    pipeline="vton.systems.ma_vton.pipeline:MAVTONPipeline",
    network="vton.systems.ma_vton.network:MAVTON",
    recipe="vton.systems.ma_vton.training:MAVTONRecipe",
    configs="vton.systems.ma_vton.config:CONFIGS",
    checkpoint="ma-vton-256",
    slots=TRYON_SLOTS,
    tiny={"width": 4},
    cannot=(
        "It draws on a canvas of 256x192: fine prints get lost.",
        "A spline of 5x5 points warps the garment: sleeves of crossed arms are not followed.",
        "The thesis's weights of its losses are unknown: those here are our own.",
    ),
    switches=("attention", "adversarial", "perceptual"),
    leads=True,
    place=5,
)
