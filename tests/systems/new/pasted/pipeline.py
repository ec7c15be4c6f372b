"""The pipeline."""

from vton.systems.pasted.system import SYSTEM

from vton.tryon.pipeline import TryOnPipeline


class PastedPipeline(TryOnPipeline):
    """Dresses the person of a photo."""

    record = SYSTEM
