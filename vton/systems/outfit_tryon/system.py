"""The record of our own try-on system: an outfit of up to six articles on the person of a photo."""

from vton.schema import SLOTS, System, Task

SYSTEM = System(
    name="outfit-tryon",
    title="Outfit Try-on",
    task=Task.OUTFIT_TRY_ON,
    does="photo + up to six articles -> photo wearing them",
    paper="A system of this project; its articles are read, warped and drawn as by the generator of Yildirim, Jetchev, "
    "Vollgraf, Bergmann: Generating High-Resolution Fashion Model Images Wearing Custom Outfits. ICCV Workshops 2019",
    cited="our own, on the generator of Yildirim et al. 2019",
    year=None,
    pipeline="vton.systems.outfit_tryon.pipeline:OutfitTryOnPipeline",
    network="vton.systems.outfit_tryon.network:OutfitTryOn",
    recipe="vton.systems.outfit_tryon.training.recipe:OutfitTryOnRecipe",
    configs="vton.systems.outfit_tryon.config:CONFIGS",
    run="vton.systems.outfit_tryon.training.run:OutfitTryOnRun",
    checkpoint="outfit-tryon-256",
    slots=SLOTS,
    tiny={
        "z_dim": 16, "w_dim": 16, "embedding_dim": 16, "mapping_layers": 2, "channel_base": 256, "channel_max": 8,
        "token_channels": 8, "pose_channels": 4, "article_hw": (64, 48), "pose_height": 16, "article_levels": 1,
        "person_channels": 4, "person_max": 8,
    },
    cannot=(
        "It decides on a canvas of 256x192 what goes where: thin straps and small bags get lost.",
        "It does not ask how articles are worn: tucked in or over, open or closed is its own choice.",
        "A cap or a bag needs its place in the photo: above the head, below a hand.",
    ),
    defaults={"config": "256x192"},
    parts={
        "own-pixels": "what shows the same thing before and after keeps the photo's own pixels",
    },
    leads=True,
    place=8,
)  # fmt: skip
