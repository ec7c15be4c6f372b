"""The parsing label sets of the field and ours, and the one table between them.

`PARSER_LABELS` is what our parser tells apart in a photo; `SIDED_LABELS` is the same with left and right arms and
legs, which need the pose. LIP-20, CIHP-20 and ATR-18 are the label sets of the public parsers, ACGPN-14 what that
system makes of them, GP-VTON-29 that of its authors' own parser, CCP-59 that of Clothing Co-Parsing, STUDIO-19 that of
`vton.studio`.
"""

from __future__ import annotations

import numpy as np

from vton.schema.parsing import Parsing

PARSER_LABELS = (
    "background", "hat", "hair", "face", "torso_skin", "arms", "legs", "top", "outer", "bottom", "dress", "shoes",
    "bag", "accessory",
)  # fmt: skip
"""``face`` includes the neck, ``legs`` socks, tights and bare feet; glasses, belts and scarves are accessories;
``bag`` is all that is carried, a phone or a cup in the hand too: it stays in front whatever garment is put on."""

SIDED_LABELS = (
    "background", "hat", "hair", "face", "torso_skin", "left_arm", "right_arm", "left_leg", "right_leg", "top",
    "outer", "bottom", "dress", "shoes", "bag", "accessory",
)  # fmt: skip
"""Left and right are the person's own."""

SKIN_LABELS = ("face", "torso_skin", "arms", "legs")
"""What a data set that knows only "skin" means by it."""

LIP20 = (
    "background", "hat", "hair", "glove", "sunglasses", "upper", "dress", "coat", "socks", "pants", "jumpsuit", "scarf",
    "skirt", "face", "left_arm", "right_arm", "left_leg", "right_leg", "left_shoe", "right_shoe",
)  # fmt: skip
ATR18 = (
    "background", "hat", "hair", "sunglasses", "upper", "skirt", "pants", "dress", "belt", "left_shoe", "right_shoe",
    "face", "left_leg", "right_leg", "left_arm", "right_arm", "bag", "scarf",
)  # fmt: skip
CIHP20 = tuple("torso_skin" if name == "jumpsuit" else name for name in LIP20)
ACGPN14 = (
    "background", "hair", "neck", "unused", "upper", "left_shoe", "right_shoe", "noise", "bottom", "left_leg",
    "right_leg", "left_arm", "face", "right_arm",
)  # fmt: skip
"""2 is free in the authors' map; they advise to put the neck there."""
GP_VTON29 = (
    "background", "hat", "hair", "glove", "sunglasses", "upper", "dress", "coat", "socks", "pants", "pants", "neck",
    "scarf", "skirt", "face", "left_arm", "right_arm", "left_leg", "right_leg", "left_shoe", "right_shoe", "upper",
    "upper", "bag", "dress", "dress", "coat", "coat", "belt",
)  # fmt: skip
"""The authors gave no list. From 9 and 10 (halves of trousers), 21 and 22, 24 and 25 (sleeves) their code tells what
each is; 26 and 27, which it keeps with the coat, are taken for a coat's sleeves, 28 for a belt."""

_PUBLIC = {name: name for name in PARSER_LABELS} | {
    "glove": "accessory", "sunglasses": "accessory", "upper": "top", "coat": "outer", "socks": "legs",
    "pants": "bottom", "jumpsuit": "dress", "scarf": "accessory", "skirt": "bottom", "belt": "accessory",
    "left_arm": "arms", "right_arm": "arms", "left_leg": "legs", "right_leg": "legs", "left_shoe": "shoes",
    "right_shoe": "shoes", "neck": "face",
}  # fmt: skip
# ACGPN takes what it calls noise (scarves, jumpsuits, gloves) for clothes.
_ACGPN = _PUBLIC | {"unused": "background", "noise": "top"}
_STUDIO = {
    "bg": "background", "hair": "hair", "face": "face", "neck": "face", "torso": "torso_skin", "arms": "arms",
    "legs": "legs", "top": "top", "outer": "outer", "pants": "bottom", "skirt": "bottom", "dress": "dress",
    "shoes": "shoes", "bag": "bag", "hat": "hat", "glasses": "accessory", "feet": "legs",
    "held": "bag", "scarf": "accessory",
}  # fmt: skip
# A vest is a sleeveless top or a waistcoat in most of the photos, a sleeveless jacket in few.
_CCP_GROUPS = {
    "background": "null",
    "hat": "hat",
    "hair": "hair",
    "skin": "skin",
    "legs": "socks stockings tights",
    "top": "blouse bodysuit bra hoodie intimate jumper shirt sweater sweatshirt swimwear t-shirt top vest",
    "outer": "blazer cape cardigan coat jacket suit",
    "bottom": "jeans leggings panties pants shorts skirt",
    "dress": "dress romper",
    "shoes": "boots clogs flats heels loafers pumps sandals shoes sneakers wedges",
    "bag": "bag purse wallet",
    "accessory": "accessories belt bracelet earrings glasses gloves necklace ring scarf sunglasses tie watch",
}
_CCP = {name: ours for ours, names in _CCP_GROUPS.items() for name in names.split()}

LABEL_MAPS: dict[str, dict[str, str]] = {
    "lip-20": _PUBLIC,
    "cihp-20": _PUBLIC,
    "atr-18": _PUBLIC,
    "acgpn-14": _ACGPN,
    "gp-vton-29": _PUBLIC,
    "studio-19": _STUDIO,
    "ccp-59": _CCP,
}
"""From a set's own names to `PARSER_LABELS`; "skin" stands for any of `SKIN_LABELS` (CCP-59 alone has it)."""

CCP_TAGS_ALSO = {"vest": "outer", "suit": "bottom", "jumper": "dress", "bodysuit": "dress", "skirt": "dress"}
"""What else of `PARSER_LABELS` a photo may show that Clothing Co-Parsing tags with a name; its parsings often take a
long skirt for a dress."""

TAGGED_LABELS = ("hat", "top", "outer", "bottom", "dress", "bag", "accessory")
"""Those of `PARSER_LABELS` that a photo without their tags does not show; tags of hair, skin and shoes are often left
out."""

_COARSER = {name: name for name in PARSER_LABELS} | {
    "hat": "accessory", "bag": "accessory", "torso_skin": "skin", "arms": "skin", "legs": "skin",
}  # fmt: skip
STUDIO_TO_REGION: dict[str, str] = {name: _COARSER[ours] for name, ours in _STUDIO.items()} | {
    "glasses": "face", "neck": "skin",
}  # fmt: skip
"""From the studio's own names to `REGIONS`. In two labels the generators' regions are not the parser's made coarser. A
generator's accessory is what it was given as one, a bag or a hat: glasses are part of the person, so of the face. Its
skin is what garments bare more or less of: so the neck is skin. The parser keeps face and neck together, as what no
garment changes, and glasses with other small things that people wear."""


def relabel(labels: np.ndarray, names: tuple[str, ...], table: dict[str, str], target: tuple[str, ...]) -> Parsing:
    """A parsing in another label set.

    Args:
        labels: [H, W], uint8, index into ``names``.
        table: from ``names`` to ``target``.

    Raises:
        ValueError: a label without a name, or a name that the table or the target lacks.
    """
    missing = [name for name in names if table.get(name) not in target]
    if missing:
        raise ValueError(f"no label for {', '.join(missing)}")
    if labels.size and labels.max() >= len(names):
        raise ValueError(f"label {labels.max()} has no name among {len(names)}")
    numbers = np.array([target.index(table[name]) for name in names], np.uint8)
    return Parsing(numbers[labels], target)
