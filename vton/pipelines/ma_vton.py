"""MA-VTON (master's thesis): CP-VTON with CBAM attention on every skip connection and a joint loss."""

from vton.models.ma_vton import MAVTON
from vton.pipelines.tryon_pipeline import TryOnPipeline


class MAVTONPipeline(TryOnPipeline):
    """Dresses the person of a photo."""

    system = "ma-vton"
    network_class = MAVTON
