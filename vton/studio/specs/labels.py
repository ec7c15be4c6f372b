"""The 19 classes of a studio parsing, in the order of their numbers, and the numbers of the articles' slots."""

from vton.schema import SLOTS

LABELS = (
    "bg",
    "hair",
    "face",
    "neck",
    "torso",
    "arms",
    "legs",
    "top",
    "outer",
    "pants",
    "skirt",
    "dress",
    "shoes",
    "bag",
    "hat",
    "glasses",
    "feet",
    "held",
    "scarf",
)
"""``held`` is what a hand holds before the body: a phone, a cup. It and a scarf are no articles of the outfit."""
LABEL: dict[str, int] = {name: number for number, name in enumerate(LABELS)}
BG, HAIR, FACE, NECK, TORSO, ARMS, LEGS, TOP, OUTER = range(9)
PANTS, SKIRT, DRESS, SHOES, BAG, HAT, GLASSES, FEET, HELD, SCARF = range(9, 19)

ARTICLE_ID: dict[str, int] = {slot: number for number, slot in enumerate(SLOTS, 1)}
"""Number of a slot in the article channel; 0 is no article (backdrop, skin, hair, glasses)."""
