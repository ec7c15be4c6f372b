"""The record of the unconditional system of Yildirim et al. 2019: a seed to a fashion model."""

from vton.schema import System, Task

SYSTEM = System(
    name="fashion-gan",
    title="Fashion GAN",
    task=Task.GENERATION,
    does="seed -> fashion model",
    paper="Yildirim, Jetchev, Vollgraf, Bergmann: Generating High-Resolution Fashion Model Images Wearing Custom "
    "Outfits. ICCV Workshops 2019",
    cited="Yildirim et al. 2019, arXiv 1908.08847",
    arxiv="1908.08847",
    year=2019,
    pipeline="vton.systems.fashion_gan.pipeline:FashionGANPipeline",
    network="vton.networks.stylegan2.generator:StyleGAN2Generator",
    recipe="vton.systems.fashion_gan.training:FashionGANRecipe",
    configs="vton.systems.fashion_gan.config:CONFIGS",
    checkpoint="fashion-gan-256",
    slots=(),
    tiny={
        "condition": "none", "size_hw": (64, 48), "z_dim": 16, "w_dim": 16, "embedding_dim": 16,
        "mapping_layers": 2, "channel_base": 256, "channel_max": 8,
    },
    cannot=("It takes neither articles nor a pose: both come with the seed.", "It is barely trained."),
    defaults={"config": "256x192"},
    place=2,
)  # fmt: skip
