"""What flows between the rooms: frozen, validated dataclasses over numpy; no torch, no network."""

from vton.schema.article import ARTICLE_HW, EMPTY_GREY, Article, GarmentMask
from vton.schema.digital_source import DigitalSourceType
from vton.schema.errors import InputError, one_line, quoted
from vton.schema.label_sets import PARSER_LABELS, SIDED_LABELS
from vton.schema.outfit import Outfit, check_slots
from vton.schema.parsing import COLOURS, PALETTE, REGIONS, Parsing
from vton.schema.person import Person, TryOnSample
from vton.schema.pose import COCO18, COCO18_LIMBS, MPII16, Pose
from vton.schema.recipe import MAX_SEED, RECIPE_VERSION, Recipe
from vton.schema.sizes import SizeHW, as_size
from vton.schema.slots import SLOT_TABLE, SLOTS, TRYON_SLOTS, tryon_slot
from vton.schema.system import ALONE_TRY_ONS, TRY_ONS, System, Task
from vton.schema.tryon_origin import TryOnOrigin
from vton.schema.wear import TRAIT_SLOTS, TRAITS, UNSAID, WEAR_OPTIONS, Wear

__all__ = [
    "ALONE_TRY_ONS",
    "ARTICLE_HW",
    "COCO18",
    "COCO18_LIMBS",
    "COLOURS",
    "EMPTY_GREY",
    "MAX_SEED",
    "MPII16",
    "PALETTE",
    "PARSER_LABELS",
    "RECIPE_VERSION",
    "REGIONS",
    "SIDED_LABELS",
    "SLOT_TABLE",
    "SLOTS",
    "TRAITS",
    "TRAIT_SLOTS",
    "TRYON_SLOTS",
    "TRY_ONS",
    "UNSAID",
    "WEAR_OPTIONS",
    "Article",
    "DigitalSourceType",
    "GarmentMask",
    "InputError",
    "Outfit",
    "Parsing",
    "Person",
    "Pose",
    "Recipe",
    "SizeHW",
    "System",
    "Task",
    "TryOnOrigin",
    "TryOnSample",
    "Wear",
    "as_size",
    "check_slots",
    "one_line",
    "quoted",
    "tryon_slot",
]
