"""VITON (Han et al. 2018, arXiv 1711.08447): coarse try-on, shape-context warp, refinement."""

from vton.models.viton import VITON
from vton.pipelines.tryon_pipeline import TryOnPipeline


class VITONPipeline(TryOnPipeline):
    """Dresses the person of a photo."""

    system = "viton"
    network_class = VITON
