"""The record of ACGPN (Yang et al. 2020)."""

from vton.schema import TRYON_SLOTS, System, Task

SYSTEM = System(
    name="acgpn",
    title="ACGPN",
    task=Task.TRY_ON,
    does="photo + garment -> photo wearing it",
    paper="Yang, Zhang, Guo, Liu, Zuo, Luo: Towards Photo-Realistic Virtual Try-On by Adaptively Generating-Preserving "
    "Image Content. CVPR 2020",
    cited="Yang et al. 2020, arXiv 2003.05863",
    arxiv="2003.05863",
    year=2020,
    pipeline="vton.systems.acgpn.pipeline:ACGPNPipeline",
    network="vton.systems.acgpn.network:ACGPN",
    recipe="vton.systems.acgpn.training:ACGPNRecipe",
    configs="vton.systems.acgpn.config:CONFIGS",
    checkpoint="acgpn-256",
    slots=TRYON_SLOTS,
    tiny={"width": 4},
    cannot=(
        "It draws on a canvas of 256x192: fine prints get lost.",
        "It predicts the layout first: a wrong layout spoils all that is drawn after it.",
    ),
    place=6,
)
