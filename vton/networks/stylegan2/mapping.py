"""StyleGAN2's mapping network (Karras et al. 2020, arXiv 1912.04958), with a condition beside the latent."""

import torch
from torch import nn

from vton.networks.stylegan2.layers import EqualLinear, lrelu, second_moment_normalise


class MappingNetwork(nn.Module):
    """Latent (and the condition's embedding) -> w, at a fraction of the learning rate.

    A drawn z is first moved to where training found the latents of photos (`AppearanceEncoder.fit_prior`): the density
    is estimated afterwards instead of forced on the encoder (Ghosh et al. 2020, arXiv 1903.12436, section 4). Without
    an appearance encoder that is the identity.
    """

    w_avg: torch.Tensor
    z_mean: torch.Tensor
    z_factor: torch.Tensor

    def __init__(self, z_dim: int, embedding_dim: int, w_dim: int, layers: int, lr_mult: float):
        super().__init__()
        widths = [z_dim + embedding_dim] + [w_dim] * layers
        self.layers = nn.ModuleList(
            EqualLinear(a, b, lr_mult=lr_mult) for a, b in zip(widths[:-1], widths[1:], strict=True)
        )
        self.register_buffer("w_avg", torch.zeros(w_dim))
        self.register_buffer("z_mean", torch.zeros(z_dim))
        self.register_buffer("z_factor", torch.eye(z_dim))

    def forward(self, latent: torch.Tensor, embedding: torch.Tensor | None) -> torch.Tensor:
        """``latent: [N, z_dim]``, ``embedding: [N, embedding_dim]`` (None without a condition) -> ``w: [N, w_dim]``."""
        x = second_moment_normalise(latent)
        if embedding is not None:
            x = torch.cat([x, embedding.float()], 1)
        for layer in self.layers:
            x = lrelu(layer(x))
        return x
