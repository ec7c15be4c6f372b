"""Training: the result against the photo."""

from typing import Any

from vton.systems.pasted.network import Pasted
from vton.systems.pasted.system import SYSTEM

from vton.tryon.training.losses import region_l1
from vton.tryon.training.recipe import StepLosses, TryOnRecipe


class PastedRecipe(TryOnRecipe):
    """See `TryOnRecipe`."""

    record = SYSTEM
    parts = ("blend",)

    def losses(self, net: Pasted, batch: dict[str, Any], images: int) -> StepLosses:
        """The losses of one batch."""
        inputs = batch["inputs"]
        return StepLosses({"l1": self.config.blend * region_l1(net(inputs).result, batch["photo"], inputs.erased)})
