"""The training of heads: supervised where the person was read from another photo, adversarial everywhere."""

import copy
from functools import reduce
from pathlib import Path

import numpy as np
import torch

from vton.conditioning.value_range import to_u8
from vton.data.heads.pack import HeadPack
from vton.generation.head_training.batches import NO_AUGMENTATION, HeadBatch, HeadSource
from vton.generation.head_training.config import InsetConfig
from vton.generation.training import losses
from vton.generation.training.adversarial_trainer import LOG_EVERY, AdversarialTrainer
from vton.hub.device import channels_last
from vton.networks.efficientnet_lite import EfficientNetLite0Features
from vton.networks.head_inset import HeadInset, coarse_colours
from vton.networks.stylegan2.appearance_encoder import AppearanceEncoder
from vton.networks.stylegan2.projected_discriminator import ProjectedDiscriminator
from vton.provenance import write_made
from vton.schema import REGIONS, DigitalSourceType, InputError
from vton.training.optimisation import start_from
from vton.training.timed_trainer import Report

_WEIGHT = {"background": 0.5, "hair": 1.5, "face": 3.0, "skin": 1.0, "accessory": 1.0}  # of articles: none
_SHOWN = 8  # heads on a sheet
_BRIGHTEST = 1.2  # beyond -1..1: LPIPS is shown no more
_COARSE = 0.5  # of the error of colours at the coarse size, beside that of pixels
# Weight of the parsing: of a drawn person, of whom the photo says less; and of articles, added to that of each region.
_GUESSED, _EVERYWHERE = 0.2, 0.3


class InsetTrainer(AdversarialTrainer):
    """Trains a `HeadInset` in one run folder.

    Args:
        features: frozen EfficientNet-Lite0, or its weights (where ``config.adversarial`` > 0).
        lpips: perceptual distance ``(image, image) -> [N]`` (where ``config.lpips`` > 0).
        initial: folder of a run or of a checkpoint whose weights of equal name start the run.

    Raises:
        InputError: weights that the configuration needs are not given, or the pack's windows have another size.
    """

    def __init__(self, config: InsetConfig, data: HeadPack, out: Path, seed: int = 0,
                 features: EfficientNetLite0Features | Path | None = None, lpips: torch.nn.Module | None = None,
                 initial: Path | None = None):
        super().__init__(config, out, seed, 1, LOG_EVERY)
        self.net = HeadInset(**config.network)
        if data.size != self.net.config["size"]:
            raise InputError(f"The pack has windows of {data.size} pixels, the network of {self.net.config['size']}.")
        if initial is not None:
            start_from(self.net, initial)
        self.ema = copy.deepcopy(self.net).requires_grad_(False).eval()
        self.reader = AppearanceEncoder(self.net.config["z_dim"], (data.size, data.size))
        self.judge, frozen = None, []
        if config.adversarial:
            if features is None:
                raise InputError("The projected discriminator needs --features FILE (EfficientNet-Lite0 safetensors).")
            if not isinstance(features, EfficientNetLite0Features):
                features = EfficientNetLite0Features.from_file(features)
            self.judge, frozen = ProjectedDiscriminator(None, seed=seed), [features]
        if config.lpips and lpips is None:
            raise InputError("This configuration needs LPIPS: give --lpips-weights FILE, or install the package lpips.")
        self.features = frozen
        self.lpips = lpips.requires_grad_(False) if lpips is not None and config.lpips else None
        for net in (*self.networks().values(), *frozen, *([self.lpips] if self.lpips is not None else [])):
            channels_last(net, self.device)
        self.source = HeadSource(data, config.augmentation)
        self.held_out = HeadSource(data, NO_AUGMENTATION, held_out=len(data.indices(True)) > 0)
        params = [*self.net.parameters(), *self.reader.parameters()]
        self.optimizers = {"optimizer": torch.optim.Adam(params, config.lr, (0.5, 0.99))}
        if self.judge is not None:
            rates = torch.optim.Adam(self.judge.parameters(), config.lr_discriminator, (0.0, 0.99))
            self.optimizers["judge_optimizer"] = rates
        self.weight = torch.tensor([_WEIGHT.get(name, 0.0) for name in REGIONS], device=self.device)

    def networks(self) -> dict[str, torch.nn.Module]:
        """Network, its average, the reader of persons and the discriminator."""
        nets = {"net": self.net, "ema": self.ema, "reader": self.reader, "judge": self.judge}
        return {name: net for name, net in nets.items() if net is not None}

    def draw(self, step: int, count: int) -> HeadBatch:
        """This process's batch of a step."""
        return self.source.draw(count, self.seed, step, self.rank)

    def step(self, batch: HeadBatch, step: int) -> dict[str, float]:
        """One update of the network and of the discriminator."""
        self.seed_step(step)
        c, n = self.config, len(batch.image)
        with self.autocast():
            mean, log_var = self.reader(batch.reference, batch.visible)
            self.reader.watch(mean.float(), log_var.float())
            if step % LOG_EVERY == 0:
                for own, fitted in zip((self.net.z_mean, self.net.z_factor), self.reader.fit_prior(), strict=True):
                    own.copy_(fitted)
            drawn = torch.rand(n, device=self.device) < c.prior_share
            read = mean.float() + torch.randn_like(mean.float()) * (0.5 * log_var.float()).exp()
            latent = torch.where(drawn[:, None], self.net.latent(torch.randn(n, self.net.config["z_dim"])), read)
            out = self.net(latent, batch.coarse, batch.coarse_logits, batch.joints)
            terms = self._supervised(out, batch, drawn)
            terms["kl"] = c.kl * losses.kl_to_prior(mean, log_var)
            shown = self._without_articles(out.image, batch)
        row = {}
        if self.judge is not None:
            row["judge"] = self._judge_step(self.judge, batch.image, shown.detach())
            self.judge.requires_grad_(False)
            with self.autocast():
                logits = self.judge(self.features[0](shown.contiguous(memory_format=torch.channels_last)), None)
                terms["adversarial"] = c.adversarial * losses.generator_loss(logits, "hinge")
        self.update("optimizer", reduce(torch.add, terms.values()))
        if self.judge is not None:
            self.judge.requires_grad_(True)
        self.average(self.net, self.ema, n)
        return {**row, **{name: float(value.detach()) for name, value in terms.items()}}

    def _without_articles(self, image: torch.Tensor, batch: HeadBatch) -> torch.Tensor:
        """Where cloth is, the photo itself: the body's picture keeps its own pixels there."""
        return torch.where(self.weight[batch.regions][:, None] > 0, image, batch.image)

    def _supervised(self, out, batch: HeadBatch, drawn: torch.Tensor) -> dict[str, torch.Tensor]:
        c = self.config
        weight = self.weight[batch.regions][:, None]
        # Of a drawn person only the colours at the coarse size are known.
        known = (~drawn).float()[:, None, None, None]
        error = (out.image - batch.image).abs().mean(1, keepdim=True) * weight * known
        size = self.net.config["coarse_size"] // 2
        coarse = (coarse_colours(out.image, size) - coarse_colours(batch.image, size)).abs().mean(1, keepdim=True)
        terms = {"l1": c.l1 * (error.sum() / (weight * known).sum().clamp(min=1)
                               + _COARSE * (coarse * weight).sum() / weight.sum().clamp(min=1))}
        if self.lpips is not None:
            shown = self._without_articles(out.image, batch)
            target = torch.where(known > 0, batch.image, shown.detach())
            terms["lpips"] = c.lpips * self.lpips(shown.clamp(-_BRIGHTEST, _BRIGHTEST), target).float().mean()
        everywhere = (_GUESSED + (1 - _GUESSED) * known) * (_EVERYWHERE + weight)
        terms["parsing"] = c.parsing * losses.parsing_loss(out.logits, batch.regions, everywhere)
        return terms

    def _judge_step(self, judge: ProjectedDiscriminator, real: torch.Tensor, fake: torch.Tensor) -> float:
        both = torch.cat([real, fake]).contiguous(memory_format=torch.channels_last)
        with self.autocast(), torch.no_grad():
            features = self.features[0](both)
        with self.autocast():
            logits = judge(features, None)
            loss = losses.discriminator_loss(logits[:len(real)], logits[len(real):], None, "hinge")
        self.update("judge_optimizer", loss)
        return loss.item()

    @torch.no_grad()
    def look(self, report: Report) -> None:
        """Writes ``sheets/<images>.png``: photo, coarse head, the person read from it, and four drawn persons."""
        rng = np.random.default_rng(1)
        heads = self.held_out.heads
        batch = self.held_out.make(heads[np.linspace(0, len(heads) - 1, _SHOWN).astype(int)], rng)
        z = torch.randn(4, self.net.config["z_dim"], generator=torch.Generator().manual_seed(1))
        mean, _ = self.reader(batch.reference, batch.visible)
        columns = [batch.image, coarse_colours(batch.coarse, self.net.config["coarse_size"])]
        for latent in (mean.float(), *(self.ema.latent(one[None]).expand(_SHOWN, -1) for one in z)):
            image = self.ema(latent, batch.coarse, batch.coarse_logits, batch.joints).image
            columns.append(self._without_articles(image, batch))
        rows = np.concatenate([np.concatenate(list(to_u8(column)), 0) for column in columns], 1)
        write_made(self.out / "sheets" / f"{self.images:08d}.png", rows, DigitalSourceType.COMPOSITE)
