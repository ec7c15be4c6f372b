"""VITON-HD (1024x768), also as HR-VITON lays it out: a user's own copy, non-commercial.

``{train,test}/{image,cloth,cloth-mask,image-parse,openpose-json}`` (HR-VITON: ``image-parse-v3``, ``openpose_json``)
with CIHP-20 parsings and BODY_25 poses; ``train_pairs.txt`` and ``test_pairs.txt`` beside them. A photo and its garment
have the same name.
"""

from __future__ import annotations

from vton.data.tryon_folders import FolderPair, LabelSet, ListedPairs
from vton.schema.label_sets import CIHP20

_LABELS = LabelSet("cihp-20", CIHP20)


class VitonHdPairs(ListedPairs):
    """See `ListedPairs`."""

    form = "viton-hd"
    parsings, poses = ("image-parse-v3", "image-parse"), ("openpose_json", "openpose-json")

    @staticmethod
    def own_garment(person: str) -> str:
        """Of the same name."""
        return person

    @staticmethod
    def labels_of(job: FolderPair) -> LabelSet:
        """The same for all."""
        return _LABELS
