"""VITON-HD (1024x768), also as HR-VITON lays it out: a user's own copy, non-commercial.

``{train,test}/{image,cloth,cloth-mask,image-parse,openpose-json}`` (HR-VITON: ``image-parse-v3``, ``openpose_json``)
with CIHP-20 parsings and BODY_25 poses; ``train_pairs.txt`` and ``test_pairs.txt`` beside them. A photo and its garment
have the same name. GP-VTON and D4-VTON have ``parse-bytedance`` with 29 labels of their own and
``cloth_mask-bytedance``.
"""

from __future__ import annotations

from vton.data.formats.tryon_folders import FolderPair, LabelSet, ListedPairs
from vton.schema.label_sets import CIHP20, GP_VTON29

_LABELS = LabelSet("cihp-20", CIHP20)
_GP_VTON = "parse-bytedance"
_GP_VTON_LABELS = LabelSet("gp-vton-29", GP_VTON29)


class VitonHd(ListedPairs):
    """See `ListedPairs`."""

    form = "viton-hd"
    parsings, poses = ("image-parse-v3", "image-parse", _GP_VTON), ("openpose_json", "openpose-json")

    @staticmethod
    def own_garment(person: str) -> str:
        """Of the same name."""
        return person

    @staticmethod
    def labels_of(pair: FolderPair) -> LabelSet:
        """GP-VTON's parsings tell sleeves and the halves of trousers apart."""
        return _GP_VTON_LABELS if pair.parsing.parent.name == _GP_VTON else _LABELS
