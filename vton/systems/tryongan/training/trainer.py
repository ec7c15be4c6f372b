"""The training loop of TryOnGAN."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from vton.conditioning.value_range import to_u8
from vton.data.persons.pack import PersonPack
from vton.generation.training.adversarial_trainer import LOG_EVERY, AdversarialTrainer
from vton.generation.training.losses import discriminator_loss
from vton.hub.device import channels_last
from vton.provenance import write_made
from vton.schema import DigitalSourceType, InputError, as_size
from vton.systems.tryongan.canvas import label_planes
from vton.systems.tryongan.network import DressedPicture
from vton.systems.tryongan.training.batches import PersonBatch, PersonBatchSource, known_parsing
from vton.systems.tryongan.training.discriminators import Discriminators, hard_labels, r1_penalty
from vton.systems.tryongan.training.recipe import TryOnGANRecipe
from vton.training.optimisation import grow_from
from vton.training.timed_trainer import Report

SHEET_ROWS, SHEET_DRAWN = 6, 2


class TryOnGANTrainer(AdversarialTrainer):
    """Trains the generator, its encoder and both discriminators in one run folder.

    Args:
        recipe: the losses, with the configuration; packs: of persons; out: the run folder.
        initial: folder of a run or checkpoint whose matching weights start the run: growing, or fine-tuning.

    Raises:
        InputError: the packs have no photo to train on.
    """

    def __init__(self, recipe: TryOnGANRecipe, packs: Sequence[PersonPack], out: Path, seed: int = 0,
                 initial: Path | None = None):
        config = recipe.config
        super().__init__(config, out, seed, config.workers, LOG_EVERY)
        self.recipe = recipe
        self.generator, self.ema = recipe.network(), recipe.network()
        self.judges = recipe.discriminators(self.generator)
        if initial is not None:
            parts = {"ema": self.generator, "judges": self.judges}
            grow_from({name: part for name, part in parts.items() if part is not None}, initial)
        self.ema.load_state_dict(self.generator.state_dict())
        self.ema.requires_grad_(False).eval()
        frozen = [recipe.lpips.requires_grad_(False)] if recipe.lpips is not None else []
        for net in (*self.networks().values(), *frozen):
            channels_last(net, self.device)
        sizes = as_size(self.generator.config["size_hw"]), self.generator.pose_hw
        self.source = PersonBatchSource(packs, *sizes, config)
        self.held_out = PersonBatchSource(packs, *sizes, config, held_out=True)
        if not self.source.photos:
            raise InputError("The packs have no photo with a parsing to train on: pack more with --kind persons.")
        self.optimizers = self._make_optimizers()

    def networks(self) -> dict[str, torch.nn.Module]:
        """Generator with encoder, its average, and the discriminators."""
        nets = {"generator": self.generator, "ema": self.ema, "judges": self.judges}
        return {name: net for name, net in nets.items() if net is not None}

    def _make_optimizers(self) -> dict[str, torch.optim.Optimizer]:
        c = self.config
        generator = torch.optim.Adam(self.generator.parameters(), c.lr, c.betas, eps=1e-8)
        found: dict[str, torch.optim.Optimizer] = {"g_optimizer": generator}
        if self.judges is not None:
            # Lazy regularisation: rate and betas shrink by k / (k + 1) (StyleGAN2, appendix B).
            lazy = c.r1_every / (c.r1_every + 1) if c.r1_gamma else 1.0
            betas = 0.0, c.betas[1] ** lazy
            found["d_optimizer"] = torch.optim.Adam(self.judges.parameters(), c.lr_discriminator * lazy, betas, 1e-8)
        return found

    # ------------------------------------------------------------------ one step

    def draw(self, step: int, count: int) -> PersonBatch:
        """This process's batch of a step."""
        return self.source.draw(count, self.seed, step, self.rank)

    def step(self, batch: PersonBatch, step: int) -> dict[str, float]:
        """One update of the generator and, when they take part, of the discriminators."""
        self.seed_step(step)
        batch, row = batch.to(self.device), {}
        read = len(batch.image) - round(self.config.prior_share * len(batch.image))
        with self.autocast():
            ws = self._styles(batch, read)
            drawn = self.generator.draw(ws, batch.pose_map, noise=self.config.noise)
            first = slice(read)
            terms = self.recipe.supervised(_part(drawn, first), ws[first], batch[first]) if read else {}
        if self.judges is not None and self.images >= self.config.adversarial_from:
            judged = slice(-max(1, round(self.config.judged * len(batch.image))), None)
            seen, true = _part(drawn, judged), batch[judged]
            row["discriminator"] = self._discriminator_step(self.judges, seen, true, step)
            self.judges.requires_grad_(False)
            with self.autocast():
                terms["adversarial"] = self.recipe.adversarial(self.judges, seen, true)
        if terms:  # without: drawn styles alone, before the discriminators set in
            self.update("g_optimizer", torch.stack(list(terms.values())).sum())
        if self.judges is not None:
            self.judges.requires_grad_(True)
        self.average(self.generator, self.ema, len(batch.image))
        return {**row, **{name: float(value.detach()) for name, value in terms.items()}}

    def _styles(self, batch: PersonBatch, read: int) -> torch.Tensor:
        """Styles ``[N, num_ws, w_dim]``: of the first ``read`` samples from their reference, of the others drawn."""
        g, n = self.generator, len(batch.image) - read
        found = []
        if read:
            found.append(g.encode(batch.reference[:read], label_planes(batch.reference_labels[:read])))
        if n:
            latent = torch.randn(2, n, g.config["z_dim"], device=self.device)
            ws, other = g.mapping(latent[0]), g.mapping(latent[1])
            self.renew_average_w(g.mapping_network, ws)
            found.append(self.mixed_styles(ws, other))
        return torch.cat(found)

    def _discriminator_step(
        self, judges: Discriminators, drawn: DressedPicture, batch: PersonBatch, step: int
    ) -> float:
        c = self.config
        r1 = bool(c.r1_gamma) and step % c.r1_every == 0
        image = batch.image.detach().requires_grad_(r1)
        with self.autocast():
            fake = judges(drawn.image.detach(), batch.pose_map, hard_labels(drawn.logits).detach())
            real = judges(image, batch.pose_map, label_planes(batch.labels))
            loss = discriminator_loss(real, fake, None, "logistic")
        if r1:
            loss = loss + c.r1_every * r1_penalty(real, image, c.r1_gamma)
        self.update("d_optimizer", loss)
        return loss.item()

    # ------------------------------------------------------------------ the run

    @torch.no_grad()
    def look(self, report: Report) -> None:
        """Writes ``sheets/<images>.png``.

        A row per held-out photo: another of its outfit, itself, its labels; what is drawn of the other in its pose,
        with labels; and two drawn styles in its pose.
        """
        source = self.held_out if self.held_out.photos else self.source
        chosen = np.linspace(0, len(source.photos) - 1, SHEET_ROWS).astype(int).tolist()
        batch = source.make(chosen, np.random.default_rng(0), augment=False).to(self.device)
        z = torch.randn(SHEET_DRAWN, self.ema.config["z_dim"], generator=torch.Generator().manual_seed(1))
        read = self.ema.draw(self.ema.encode(batch.reference, label_planes(batch.reference_labels)), batch.pose_map)
        drawn = [self.ema(one[None].expand(len(chosen), -1).to(self.device), batch.pose_map) for one in z]
        columns = [*map(to_u8, (batch.reference, batch.image)), _colours(batch.labels), to_u8(read.image),
                   _colours(read.logits.argmax(1)), *(to_u8(one.image) for one in drawn)]  # fmt: skip
        rows = [np.concatenate(cells, 1) for cells in zip(*columns, strict=True)]
        (self.out / "sheets").mkdir(exist_ok=True)
        sheet = np.concatenate(rows, 0)
        write_made(self.out / "sheets" / f"{self.images:08d}.png", sheet, DigitalSourceType.COMPOSITE)


def _part(drawn: DressedPicture, part: slice) -> DressedPicture:
    """Some of the pictures."""
    return DressedPicture(drawn.image[part], drawn.logits[part])


def _colours(labels: torch.Tensor) -> np.ndarray:
    """Labels ``[N, H, W]`` as pictures."""
    return np.stack([known_parsing(one).colours() for one in labels.cpu().numpy()])
