"""CP-VTON (Wang et al. 2018, arXiv 1807.07688): geometric matching, then composition by a learnt mask."""

from vton.systems.cp_vton.system import SYSTEM
from vton.tryon.pipeline import TryOnPipeline


class CPVTONPipeline(TryOnPipeline):
    """Dresses the person of a photo."""

    record = SYSTEM
