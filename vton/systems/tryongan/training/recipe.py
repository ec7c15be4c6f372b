"""The losses of TryOnGAN: against the true photo where there is one, and the discriminators' everywhere."""

import torch
import torch.nn.functional as F

from vton.generation.training.losses import generator_loss, weighted_l1
from vton.metrics.pictures.lpips import LPIPS
from vton.schema import as_size
from vton.schema.label_sets import PARSER_LABELS
from vton.systems.tryongan.config import TryOnGANConfig
from vton.systems.tryongan.network import DressedPicture, TryOnGAN
from vton.systems.tryongan.system import SYSTEM
from vton.systems.tryongan.training.batches import PersonBatch
from vton.systems.tryongan.training.discriminators import Discriminators, hard_labels

# How much a pixel of a label counts: small regions that people look at first count more than the backdrop.
LABEL_WEIGHT = {"background": 0.3, "hair": 1.5, "face": 4.0, "torso_skin": 1.5, "arms": 1.5, "legs": 1.5, "shoes": 2.0,
                "hat": 2.0, "bag": 2.0, "accessory": 2.0}  # fmt: skip
UNKNOWN_WEIGHT = 1.0


class TryOnGANRecipe:
    """What is learnt.

    Attributes:
        record: of the system; config: of the run.
        lpips: frozen; None where it has no weight.
    """

    record = SYSTEM

    def __init__(self, config: TryOnGANConfig, lpips: LPIPS | None = None) -> None:
        self.config, self.lpips = config, lpips

    def network(self) -> TryOnGAN:
        """A fresh generator with its encoder."""
        return TryOnGAN(**self.config.network)

    def discriminators(self, network: TryOnGAN) -> Discriminators | None:
        """Fresh ones; None where nothing is adversarial."""
        if not self.config.adversarial:
            return None
        return Discriminators(self.config, as_size(network.config["size_hw"]), network.pose_hw)

    def supervised(self, drawn: DressedPicture, ws: torch.Tensor, batch: PersonBatch) -> dict[str, torch.Tensor]:
        """Weighted losses of pictures whose styles were read from a photo, by name.

        Args:
            drawn: N pictures; ws: ``[N, num_ws, w_dim]``, their styles; batch: their true photos.
        """
        c, terms = self.config, {}
        table = [LABEL_WEIGHT.get(name, 1.0) for name in PARSER_LABELS]
        table = torch.tensor(table + [UNKNOWN_WEIGHT] * (256 - len(table)), device=batch.labels.device)
        weight = table[batch.labels][:, None]
        if c.l1:
            terms["l1"] = c.l1 * weighted_l1(drawn.image, batch.image, weight)
        if c.lpips:
            assert self.lpips is not None, "its weight needs LPIPS"
            terms["lpips"] = c.lpips * self.lpips(drawn.image.clamp(-1.2, 1.2), batch.image).float().mean()
        if c.parsing:
            known = batch.labels < len(PARSER_LABELS)
            error = F.cross_entropy(drawn.logits.float(), batch.labels * known, reduction="none")
            weight = weight[:, 0].clamp(min=1) * known  # the backdrop's border is the person's outline
            terms["parsing"] = c.parsing * (error * weight).sum() / weight.sum().clamp(min=1)
        if c.spread:
            terms["spread"] = c.spread * (ws - ws.mean(1, keepdim=True)).square().mean()
        return terms

    def adversarial(self, judges: Discriminators, drawn: DressedPicture, batch: PersonBatch) -> torch.Tensor:
        """The weighted loss of pictures that are taken for drawn ones."""
        logits = judges(drawn.image, batch.pose_map, hard_labels(drawn.logits))
        return self.config.adversarial * generator_loss(logits, "logistic")
