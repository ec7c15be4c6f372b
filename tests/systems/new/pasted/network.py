"""The network: a rough placement that is not learnt, and a blend that is."""

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from torch import nn

from vton.conditioning.person.agnostic import TryOnInput
from vton.networks.garment_placement import place_by_joints
from vton.networks.thin_plate_spline import warp
from vton.networks.tryon_output import TryOnOutput, compose


class Pasted(ModelMixin, ConfigMixin):
    """Lays the garment on the joints; ``blend`` moves its colours, and draws what it does not cover."""

    @register_to_config
    def __init__(self, width: int = 8):
        super().__init__()
        self.blend = nn.Sequential(nn.Conv2d(7, width, 3, padding=1), nn.ReLU(), nn.Conv2d(width, 3, 3, padding=1))

    def forward(self, inputs: TryOnInput) -> TryOnOutput:
        """Everything, without a warp that is learnt."""
        grid = place_by_joints(inputs).grid(tuple(inputs.erased.shape[-2:]))
        warped, mask = warp(inputs.garment, inputs.garment_mask, grid)
        drawn = torch.tanh(self.blend(torch.cat([inputs.kept, warped, mask], 1)).float())
        shown = mask * inputs.erased
        return TryOnOutput(compose(inputs, warped, 0.8 * mask, drawn), warped, mask, 0.8 * shown, shown, grid)
