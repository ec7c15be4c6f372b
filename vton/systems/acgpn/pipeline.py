"""ACGPN (Yang et al. 2020, arXiv 2003.05863): semantic layout first, then warp and content fusion."""

from vton.systems.acgpn.system import SYSTEM
from vton.tryon.pipeline import TryOnPipeline


class ACGPNPipeline(TryOnPipeline):
    """Dresses the person of a photo."""

    record = SYSTEM
