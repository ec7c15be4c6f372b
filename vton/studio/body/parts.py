"""Which part of the body a bone belongs to, and its class in the parsing."""

import numpy as np

from vton.studio.specs.labels import LABEL

ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
LEG_BONES = ("upperleg", "lowerleg", "foot", "toe")
FOOT_BONES = ("foot", "toe")
TORSO_BONES = ("spine", "clavicle", "shoulder", "breast", "pelvis", "root")


def belongs(bones: tuple[str, ...], parts: tuple[str, ...]) -> np.ndarray:
    return np.array([any(part in bone for part in parts) for bone in bones])


def label_of(bone: str) -> int:
    for label, parts in (("arms", ARM_BONES), ("feet", FOOT_BONES), ("legs", LEG_BONES), ("neck", ("neck",)),
                         ("torso", TORSO_BONES)):  # fmt: skip
        if any(part in bone for part in parts):
            return LABEL[label]
    return LABEL["face"]
