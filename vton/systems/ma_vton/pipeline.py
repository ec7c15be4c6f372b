"""MA-VTON (master's thesis): CP-VTON with CBAM attention on every skip connection and a joint loss."""

from vton.systems.ma_vton.system import SYSTEM
from vton.tryon.pipeline import TryOnPipeline


class MAVTONPipeline(TryOnPipeline):
    """Dresses the person of a photo."""

    record = SYSTEM
