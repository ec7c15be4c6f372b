"""The training of the try-on systems: all parts in one run, each on inputs that are detached from the others.

Gradients do not cross parts, as in Yang et al. 2020 (arXiv 2003.05863); so each part's gradient is clipped by itself.
"""

import copy
import json
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from vton.conditioning.person.agnostic import TryOnInput, represent
from vton.conditioning.value_range import image_tensor
from vton.data.held_out import spread
from vton.data.pairs.pack import PairPack
from vton.hub.device import channels_last
from vton.metrics.pictures.ssim import ssim
from vton.metrics.tryon.evaluation import warp_columns
from vton.metrics.tryon.sheet import sheet_of_rows, training_rows
from vton.networks.tryon_output import TryOnOutput
from vton.provenance import made_jpeg
from vton.schema import DigitalSourceType, InputError
from vton.schema.person import TryOnSample
from vton.training.optimisation import rate, start_from, weight_groups
from vton.training.state import append_log
from vton.training.timed_trainer import Report, TimedTrainer
from vton.tryon.training.batches import PairAugmentation, TryOnBatches
from vton.tryon.training.losses import adversarial_loss, judge_loss, logits_of, region_l1
from vton.tryon.training.recipe import Judged, TryOnRecipe

LOG_EVERY = 25
MEASURED, SHOWN, AT_ONCE = 32, 12, 8
CLIP = 5.0
BETAS = (0.5, 0.99)


class TryOnTrainer(TimedTrainer):
    """Trains one try-on system in one run folder.

    Args:
        recipe: networks and losses, with the configuration; packs: of pairs; out: the run folder.
        initial: folder of a run or of a checkpoint whose weights of equal name start the run, see `start_from`.
        parts_from: folders of that kind for single parts, by name of the part.

    Raises:
        InputError: every part's weight is 0, or no weight of a folder fits.
    """

    def __init__(self, recipe: TryOnRecipe, packs: Sequence[PairPack], out: Path, seed: int = 0,
                 initial: Path | None = None, parts_from: Mapping[str, Path] | None = None):
        config = recipe.config
        super().__init__(config, out, seed, config.workers, LOG_EVERY)
        cv2.setNumThreads(1)
        self.recipe, self.packs = recipe, packs
        augmentation = PairAugmentation(longer=config.longer, wider=config.wider)
        self.source = TryOnBatches(packs, recipe.record.slots, augmentation=augmentation)
        self.net = recipe.network()
        self.judges = recipe.discriminators()
        self.trained = [name for name in recipe.parts if getattr(config, name) > 0]
        if not self.trained:
            raise InputError(f"Nothing to train: set {' or '.join(recipe.parts)} above 0.")
        sources = {"": initial} if initial is not None else {}
        for part, folder in {**sources, **(parts_from or {})}.items():
            if not start_from(self.net, folder, part):
                raise InputError(f"{folder.name}: no weight of it fits {part or config.system} of this width.")
        self.ema = copy.deepcopy(self.net)
        self.ema.requires_grad_(False).eval()
        for name in recipe.parts:
            getattr(self.net, name).requires_grad_(name in self.trained)
        for net in self.networks().values():
            channels_last(net, self.device)
        groups = weight_groups(self.net, config.weight_decay)
        self.optimizers = {"optimizer": torch.optim.AdamW(groups, config.lr, BETAS)}
        if len(self.judges):
            groups = weight_groups(self.judges, 0.0)
            self.optimizers["judge_optimizer"] = torch.optim.AdamW(groups, config.lr_discriminator, BETAS)

    def networks(self) -> dict[str, torch.nn.Module]:
        """The system, its average and, if it has any, its discriminators."""
        nets = {"net": self.net, "ema": self.ema, "judges": self.judges}
        return {name: net for name, net in nets.items() if len(list(net.parameters()))}

    # ------------------------------------------------------------------ one step

    def draw(self, step: int, count: int) -> dict[str, Any]:
        """This process's batch of a step."""
        return self.source.batch(np.random.default_rng([self.seed, step, self.rank]), count)

    def step(self, batch: dict[str, Any], step: int) -> dict[str, float]:
        """One update of the parts that are trained and, when they take part, of the discriminators."""
        self.seed_step(step)
        batch = {name: value.to(self.device) for name, value in batch.items()}
        self.net.train()
        for name in self.recipe.parts:
            getattr(self.net, name).train(name in self.trained)
        with self.autocast():
            losses = self.recipe.losses(self.net, batch, self.images)
        row: dict[str, float] = {}
        terms = dict(losses.terms)
        if losses.judged:
            row["discriminator"] = self._judge(losses.judged)
            terms["adversarial"] = self.config.adversarial * self._adversarial(losses.judged)
        self._update("optimizer", reduce(torch.add, terms.values()), [getattr(self.net, name) for name in self.trained])
        self.judges.requires_grad_(True)
        self.average(self.net, self.ema, len(batch["photo"]))
        return {**row, **{name: float(value.detach()) for name, value in terms.items()}}

    def _judge(self, judged: dict[str, Judged]) -> float:
        """One update of the discriminators."""
        total = torch.zeros((), device=self.device)
        with self.autocast():
            for name, views in judged.items():
                real, fake = (self.judges[name](views.condition, x.detach()) for x in (views.real, views.fake))
                total = total + judge_loss(logits_of(real), logits_of(fake), self.recipe.adversarial_kind)
        self._update("judge_optimizer", total, [self.judges])
        return float(total.detach())

    def _adversarial(self, judged: dict[str, Judged]) -> torch.Tensor:
        self.judges.requires_grad_(False)
        total = torch.zeros((), device=self.device)
        with self.autocast():
            for name, views in judged.items():
                logits = logits_of(self.judges[name](views.condition, views.fake))
                total = total + adversarial_loss(logits, self.recipe.adversarial_kind)
        return total

    def _update(self, name: str, loss: torch.Tensor, parts: Sequence[torch.nn.Module]) -> None:
        """One optimiser step on the mean gradient of all processes."""
        optimizer = self.optimizers[name]
        top = self.config.lr if name == "optimizer" else self.config.lr_discriminator
        for group in optimizer.param_groups:
            group["lr"] = top * rate(self.config, self.images) / self.config.lr
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.share_gradients([p for part in parts for p in part.parameters()])
        for part in parts:
            torch.nn.utils.clip_grad_norm_(part.parameters(), CLIP)
        optimizer.step()

    # ------------------------------------------------------------------ the run

    def look(self, report: Report) -> None:
        """Writes ``sheets/<images>.jpg`` of fixed held-out samples and their figures into the log."""
        folder = self.out / "sheets"
        folder.mkdir(exist_ok=True)
        rows: list[np.ndarray] = []
        values: dict[str, list[float]] = {}
        for form, samples in self._held_out():
            photos_u8 = np.stack([sample.person.image_u8 for sample in samples])
            inputs = represent([s.person for s in samples], [s.garment for s in samples]).to(self.device)
            with torch.no_grad(), self.autocast():
                out = self.ema(inputs)
            for name, value in self._figures(out, inputs, samples, image_tensor(photos_u8).to(self.device)).items():
                values.setdefault(f"{form}_{name}", []).extend(value)
            rows += training_rows(photos_u8, inputs, out)
        shown = spread(np.arange(len(rows)), SHOWN)
        content = made_jpeg(sheet_of_rows([rows[i] for i in shown]), DigitalSourceType.COMPOSITE)
        (folder / f"{self.images:08d}.jpg").write_bytes(content)
        figures = {name: round(float(np.mean(value)), 4) for name, value in values.items()}
        append_log(self.out, {"images": self.images, "held_out": figures})
        report(json.dumps(figures))

    def _held_out(self) -> Iterator[tuple[str, list[TryOnSample]]]:
        """Held-out pairs in batches, with the form of their pack; always the same ones."""
        for pack in self.packs:
            chosen = spread(pack.indices(True), -(-MEASURED // len(self.packs)))
            for start in range(0, len(chosen), AT_ONCE):
                yield pack.form, [pack.sample(int(i)) for i in chosen[start : start + AT_ONCE]]

    @torch.no_grad()
    def _figures(self, out: TryOnOutput, inputs: TryOnInput, samples: Sequence[TryOnSample],
                 photo: torch.Tensor) -> dict[str, list[float]]:
        """Quick figures of a batch, per sample."""
        result = out.result.float().clamp(-1, 1)
        masks = (out.warped_mask[:, 0] > 0.5).cpu().numpy()
        pairs = zip(result.split(1), photo.split(1), inputs.erased.split(1), strict=True)
        found = {
            "ssim": ssim(result, photo).tolist(),
            "l1": [float(region_l1(*pair)) for pair in pairs],
            **warp_columns(masks, [(s.worn, s.person.parsing.labels) for s in samples]),
        }
        if self.recipe.perceptual is not None:
            with self.autocast():
                found["lpips"] = self.recipe.perceptual.distance(result, photo).tolist()
        return found
