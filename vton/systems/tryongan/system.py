"""The record of TryOnGAN (Lewis et al. 2021, also known as VOGUE)."""

from vton.schema import TRYON_SLOTS, System, Task

SYSTEM = System(
    name="tryongan",
    title="TryOnGAN",
    task=Task.WORN_TRY_ON,
    does="photo + photo of somebody in the garment -> photo wearing it",
    paper="Lewis, Varadharajan, Kemelmacher-Shlizerman: TryOnGAN: Body-Aware Try-On via Layered Interpolation. "
    "ACM Transactions on Graphics (SIGGRAPH) 2021",
    cited="Lewis et al. 2021, arXiv 2101.02285",
    arxiv="2101.02285",
    year=2021,
    pipeline="vton.systems.tryongan.pipeline:TryOnGANPipeline",
    network="vton.systems.tryongan.network:TryOnGAN",
    recipe="vton.systems.tryongan.training.recipe:TryOnGANRecipe",
    configs="vton.systems.tryongan.config:CONFIGS",
    run="vton.systems.tryongan.training.run:TryOnGANRun",
    evaluation="vton.systems.tryongan.training.evaluation:TryOnGANEvaluation",
    checkpoint="tryongan-256",
    slots=TRYON_SLOTS,
    tiny={
        "size_hw": (64, 48), "z_dim": 16, "w_dim": 16, "mapping_layers": 2, "channel_base": 256, "channel_max": 8,
        "pose_channels": 4, "encoder_channels": 4, "pose_height": 32,
    },
    cannot=(
        "It draws what it has seen the like of: prints and unusual cuts get lost.",
        "It searches anew for each pair of photos, which takes many times as long as the other systems.",
    ),
    defaults={"config": "256x192"},
    parts={
        "localisation": "channels that draw other regions stay the person's",
        "garment": "the garment looks as in its photo",
        "identity": "all but the garment looks as before",
        "put-back": "face, hair, hands and background are the photo's own pixels",
    },
    place=7,
    leads=True,
)  # fmt: skip
