"""VITON as CP-VTON lays it out ("viton_resize", 256x192): a user's own copy.

``{train,test}/{image,cloth,cloth-mask,image-parse,pose}`` with LIP-20 parsings (CP-VTON+ has ``image-parse-new``, with
20 for the neck) and COCO-18 poses; ``train_pairs.txt`` and ``test_pairs.txt`` beside them. A photo is ``ID_0``, its
garment ``ID_1``; the test list puts other garments on people.
"""

from __future__ import annotations

from vton.data.formats.tryon_folders import FolderPair, LabelSet, ListedPairs
from vton.schema.label_sets import LIP20

_LABELS = LabelSet("lip-20", LIP20)
_LABELS_WITH_NECK = LabelSet("lip-20", (*LIP20, "neck"))
_WITH_NECK = "image-parse-new"


class Viton(ListedPairs):
    """See `ListedPairs`."""

    form = "viton"
    parsings, poses = (_WITH_NECK, "image-parse"), ("pose",)

    @staticmethod
    def own_garment(person: str) -> str:
        """ID_0 wears ID_1."""
        return f"{person.rpartition('_')[0]}_1.jpg"

    @staticmethod
    def labels_of(pair: FolderPair) -> LabelSet:
        """CP-VTON+'s parsings have a label more."""
        return _LABELS_WITH_NECK if pair.parsing.parent.name == _WITH_NECK else _LABELS
