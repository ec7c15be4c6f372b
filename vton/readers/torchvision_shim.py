"""Makes a torchvision that was built for another torch importable, for the packages that import it unasked.

The registry's torchvision wheel is built for CUDA. Next to a CPU-only torch its compiled operators do not load,
``import torchvision`` fails, and so do controlnet_aux, transformers and timm, although none of the code used here needs
those operators.
"""

from __future__ import annotations

import sys
from functools import lru_cache

import torch

from vton.hub.first_use import FIRST_USE

_SYMPTOM = "operator torchvision::nms does not exist"
_SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


def repair_torchvision() -> None:
    """Call it before importing a package that imports torchvision; it does nothing where that works or is absent.

    Raises:
        RuntimeError: torchvision fails for another reason.
    """
    with FIRST_USE:
        _repair()


@lru_cache(maxsize=1)
def _repair() -> torch.library.Library | None:
    """The library of declared operators, which lives as long as the cache holds it; None when none was needed."""
    try:
        import torchvision  # noqa: F401
    except ImportError:
        return None
    except RuntimeError as error:
        if _SYMPTOM not in str(error):
            raise
    else:
        return None
    for name in [name for name in sys.modules if name.partition(".")[0] == "torchvision"]:
        del sys.modules[name]
    library = torch.library.Library("torchvision", "DEF")
    for schema in _SCHEMAS:
        library.define(schema)
    import torchvision  # noqa: F401

    return library
