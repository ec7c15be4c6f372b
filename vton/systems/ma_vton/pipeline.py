"""MA-VTON (master's thesis): CP-VTON with CBAM attention on every skip connection and a joint loss."""

from vton.systems.ma_vton.network import MAVTON
from vton.tryon.pipeline import TryOnPipeline


class MAVTONPipeline(TryOnPipeline):
    """Dresses the person of a photo."""

    system = "ma-vton"
    network_class = MAVTON
