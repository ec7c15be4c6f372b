"""The materials of a look: painted cloth and skin, hair, eyes, and the parts of shoes, hats, bags and glasses."""

from collections.abc import Mapping

import numpy as np

from vton.schema import InputError
from vton.studio.accessories.kinds import BAGS, HATS, KINDS, METAL, SHOES
from vton.studio.fabrics.harmony import luma
from vton.studio.fabrics.painting import PALETTE, GarmentPainter, cloth_material, dye, linear
from vton.studio.fabrics.weaves import weave_maps
from vton.studio.hair.styles import HAIR_COLOURS
from vton.studio.likeness.assets import Assets
from vton.studio.likeness.painted_eyes import eye_material
from vton.studio.likeness.painted_skin import SkinPainter, skin_material
from vton.studio.raster.appearance import Material
from vton.studio.specs.look import LookSpec
from vton.studio.specs.outfit import ArticleSpec

RELIEF_PX, RELIEF_M = 256, 0.32
"""Size of the relief that is tiled over accessories."""

RELIEFS = {"beanie": "rib", "cap": "twill", "bucket": "twill", "fedora": "wool", "sunhat": "linen"}
SOCK_COLOURS = ("white", "white", "black", "grey")
SOCKLESS = ("pump", "flat", "loafer", "boot_tall", "heelboot")
FRAMES = ((0.010, 0.010, 0.012), (0.045, 0.022, 0.012), (0.010, 0.014, 0.03), (0.30, 0.23, 0.12))
"""Linear RGB of glasses."""


def cloth_materials(look: LookSpec, painters: Mapping[str, GarmentPainter]) -> dict[str, Material]:
    """Materials of the garments by slot; ``painters`` by slot too."""
    materials = {}
    for slot, painter in painters.items():
        article = look.outfit.article(slot)
        assert article is not None, "what is painted is worn"
        materials[slot] = cloth_material(article.fabric, painter.paint(article.fabric))
    return materials


def person_materials(look: LookSpec, painter: SkinPainter, assets: Assets | None = None) -> dict[str, Material]:
    """Materials of skin, eyes, hair and glasses.

    Raises:
        InputError: the person has a likeness and there are no assets to take it from.
    """
    person, outfit = look.person, look.outfit
    colour = HAIR_COLOURS[person.hair.colour]
    hair = Material("hair", colours=linear(colour)[None], spec=1.0)
    if person.likeness is None:
        albedo, eye = painter.paint(person.skin, colour, person.hair.style), eye_material(person.skin.iris)
    elif assets is None:
        raise InputError("This person is made of photographs: give --assets DIR.")
    else:
        albedo, eye = assets.skin(person, colour, painter), assets.eye(person.skin.iris)
        hair = assets.hair_material(look, linear(colour)) or hair
    shoes = outfit.article("shoes")
    if outfit.tights:
        painter.tights(albedo, outfit.tights)
    elif shoes and shoes.type not in SOCKLESS:
        rng = np.random.default_rng([shoes.fabric.seed, 5])
        name = SOCK_COLOURS[int(rng.integers(len(SOCK_COLOURS)))]
        low = shoes.type in ("sneaker", "runner", "derby")
        painter.socks(albedo, float(rng.uniform(0.02, 0.18) if low else rng.uniform(0.15, 0.35)), PALETTE[name])
    frame = FRAMES[(outfit.glasses or 0) % len(FRAMES)]
    return {
        "skin": skin_material(albedo, person.skin.tone),
        "eye": eye,
        "hair": hair,
        "glasses": Material("hard", colours=np.array([frame], np.float32), spec=0.7, rough=0.18),
    }


def accessory_material(article: ArticleSpec) -> Material:
    """Material of shoes, a hat or a bag, with one colour per part."""
    kind = KINDS[article.type]
    main, second, third = article.fabric.colours
    if article.type in SHOES:
        sporty = article.type in ("sneaker", "runner", "hightop")
        laces = linear((0.93, 0.92, 0.90)) if sporty and luma(main) < 0.8 else dye(main) * (0.8 if sporty else 0.55)
        sole = dye(second) * 0.9
        accent = dye(third) if sporty else dye(main) * 0.6
        colours = [dye(main), sole, accent, laces, linear((0.10, 0.10, 0.10)), sole * 0.7]
        return Material("hard", np.stack(colours).astype(np.float32), spec=kind.spec, rough=kind.rough,
                        translucency=0.05, inside=0.35)  # fmt: skip
    if article.type in HATS:
        relief = weave_maps(RELIEFS[article.type], RELIEF_PX, RELIEF_M, 3)[1]
        colours = [dye(main), dye(second), dye(main) * 0.93]
        return Material("cloth", np.stack(colours).astype(np.float32), bump=relief, uv_scale=1 / RELIEF_M,
                        sheen=0.15, translucency=0.15, inside=0.4)  # fmt: skip
    if article.type not in BAGS:
        raise KeyError(article.type)
    relief = weave_maps("leather", RELIEF_PX, RELIEF_M, 3)[1]
    colours = [dye(main), dye(main) * 0.92, dye(main) * 0.8, linear(METAL)]
    spec = np.array([kind.spec, kind.spec, kind.spec, 3.0], np.float32)
    return Material("hard", np.stack(colours).astype(np.float32), bump=relief, bump_scale=0.7, uv_scale=1 / RELIEF_M,
                    spec=spec, rough=kind.rough, translucency=0.05, inside=0.5)  # fmt: skip
