"""VITON (Han et al. 2018, arXiv 1711.08447): coarse try-on, shape-context warp, refinement."""

from vton.systems.viton.system import SYSTEM
from vton.tryon.pipeline import TryOnPipeline


class VITONPipeline(TryOnPipeline):
    """Dresses the person of a photo."""

    record = SYSTEM
