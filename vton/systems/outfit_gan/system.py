"""The record of the conditional system of Yildirim et al. 2019: outfit and pose to a dressed model."""

from vton.schema import SLOTS, System, Task

SYSTEM = System(
    name="outfit-gan",
    title="Outfit GAN",
    task=Task.GENERATION,
    does="articles + pose -> dressed model",
    paper="Yildirim, Jetchev, Vollgraf, Bergmann: Generating High-Resolution Fashion Model Images Wearing Custom "
    "Outfits. ICCV Workshops 2019",
    cited="Yildirim et al. 2019, arXiv 1908.08847",
    arxiv="1908.08847",
    year=2019,
    pipeline="vton.systems.outfit_gan.pipeline:OutfitGANPipeline",
    network="vton.networks.stylegan2.generator:StyleGAN2Generator",
    recipe="vton.systems.outfit_gan.training:OutfitGANRecipe",
    configs="vton.systems.outfit_gan.config:CONFIGS",
    checkpoint="outfit-gan-256",
    slots=SLOTS,
    tiny={
        "condition": "spatial", "size_hw": (64, 48), "z_dim": 16, "w_dim": 16, "embedding_dim": 16,
        "mapping_layers": 2, "channel_base": 256, "channel_max": 8, "token_channels": 8, "pose_channels": 4,
        "article_hw": (32, 24), "pose_height": 16, "attention_heights": (16, 32),
    },
    cannot=(
        "It draws no person of a photo, only people who do not exist.",
        "It draws no hands with fingers, and turned people come out half turned.",
    ),
    defaults={"config": "256x192"},
    place=1,
    leads=True,
)  # fmt: skip
