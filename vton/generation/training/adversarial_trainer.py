"""What the trainers of StyleGAN2 networks do alike: steps of Adam whose rate falls linearly, and mixed styles."""

import torch

from vton.networks.stylegan2.mapping import MappingNetwork
from vton.training.timed_trainer import TimedTrainer

LOG_EVERY = 20  # steps
CLIP = 10.0  # norm of the gradient, at most
DECAY = 0.95  # of the learning rate, which the end of the decay has lost
W_AVERAGE = 0.005  # share of the average w that a step renews


class AdversarialTrainer(TimedTrainer):
    """A `TimedTrainer` configured with ``decay_from`` and ``decay_to``, in images, and ``style_mixing``, a share."""

    def update(self, name: str, loss: torch.Tensor) -> None:
        """One step of an optimiser down a loss, on the mean gradient of all processes."""
        optimizer = self.optimizers[name]
        for group in optimizer.param_groups:
            group["lr"] = group.setdefault("initial_lr", group["lr"]) * self._decay()
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        params = [p for group in optimizer.param_groups for p in group["params"] if p.grad is not None]
        self.share_gradients(params)
        torch.nn.utils.clip_grad_norm_(params, CLIP)
        optimizer.step()

    def mixed_styles(self, ws: torch.Tensor, other: torch.Tensor, drawn: torch.Tensor | None = None) -> torch.Tensor:
        """Style mixing (Karras et al. 2019, arXiv 1812.04948, section 3.1): other styles from a random layer on.

        Args:
            ws, other: ``[N, num_ws, w_dim]``.
            drawn: ``[N]``, bool: the samples that may be mixed; None: all. Of these the share ``style_mixing`` is.
        """
        count, layers = ws.shape[:2]
        cut = torch.randint(1, layers, (count, 1), device=self.device)
        mixed = torch.rand(count, 1, device=self.device) < self.config.style_mixing
        if drawn is not None:
            mixed = mixed & drawn[:, None]
        layer = torch.arange(layers, device=self.device)[None]
        return torch.where((mixed & (layer >= cut))[..., None], other, ws)

    @staticmethod
    def renew_average_w(mapping_network: MappingNetwork, ws: torch.Tensor) -> None:
        """Moves the average w, towards which truncation pulls, to the mean of ``ws: [N, num_ws, w_dim]``."""
        mapping_network.w_avg.lerp_(ws[:, 0].detach().float().mean(0), W_AVERAGE)

    def _decay(self) -> float:
        c = self.config
        if c.decay_to <= c.decay_from:
            return 1.0
        done = (self.images - c.decay_from) / (c.decay_to - c.decay_from)
        return 1 - DECAY * min(max(done, 0.0), 1.0)
