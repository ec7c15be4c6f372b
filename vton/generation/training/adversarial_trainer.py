"""What the trainers of networks that draw whole pictures do alike: steps of Adam whose rate falls linearly."""

import torch

from vton.training.timed_trainer import TimedTrainer

LOG_EVERY = 20  # steps
CLIP = 10.0  # norm of the gradient, at most
DECAY = 0.95  # of the learning rate, which the end of the decay has lost


class AdversarialTrainer(TimedTrainer):
    """A `TimedTrainer` whose configuration has ``decay_from`` and ``decay_to``, in images."""

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

    def _decay(self) -> float:
        c = self.config
        if c.decay_to <= c.decay_from:
            return 1.0
        done = (self.images - c.decay_from) / (c.decay_to - c.decay_from)
        return 1 - DECAY * min(max(done, 0.0), 1.0)
