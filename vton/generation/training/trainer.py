"""The training of the generators: supervised where the conditions determine the picture, adversarial everywhere."""

from functools import reduce
from pathlib import Path

import numpy as np
import torch

from vton.data.outfits.pack import OutfitPack
from vton.generation.training import losses
from vton.generation.training.adversarial_trainer import LOG_EVERY, AdversarialTrainer
from vton.generation.training.adversary import Adversary, Views, detached
from vton.generation.training.batches import NO_AUGMENTATION, Batch, BatchSource, first_of
from vton.generation.training.random_pack import RandomPack
from vton.generation.training.recipe import GeneratorRecipe
from vton.generation.training.sheets import sample_sheet
from vton.hub.device import channels_last
from vton.networks.efficientnet_lite import EfficientNetLite0Features
from vton.networks.stylegan2.appearance_encoder import AppearanceEncoder
from vton.networks.stylegan2.generator import SynthesisOutput
from vton.provenance import write_made
from vton.schema import REGIONS, DigitalSourceType, InputError, as_size
from vton.training.optimisation import grow_from
from vton.training.timed_trainer import Report

BRIGHTEST = 1.2  # beyond -1..1: LPIPS is shown no more
GUESSED = 0.2  # weight of the parsing where the conditions do not determine it, but for skin


class GeneratorTrainer(AdversarialTrainer):
    """Trains one generator in one run folder.

    Args:
        recipe: what is the system's own, with the configuration; data: a pack; out: the run folder.
        features: the frozen EfficientNet-Lite0, or its weights (needed by the projected discriminator).
        lpips: perceptual distance ``(image, image) -> [N]`` (needed when ``config.lpips`` > 0).
        initial: folder of a checkpoint whose matching weights start the run: growing, or fine-tuning.

    Raises:
        InputError: weights that the configuration needs are not given.
    """

    def __init__(self, recipe: GeneratorRecipe, data: OutfitPack | RandomPack, out: Path, seed: int = 0,
                 features: EfficientNetLite0Features | Path | None = None, lpips: torch.nn.Module | None = None,
                 initial: Path | None = None):
        config = recipe.config
        super().__init__(config, out, seed, 1, LOG_EVERY)
        self.recipe = recipe
        network = recipe.record.load("network")
        self.generator, self.ema = network(**config.generator), network(**config.generator)
        self.appearance = AppearanceEncoder(config.generator["z_dim"]) if config.supervised else None
        g = self.generator
        self.discriminator = Adversary(config, g.article_hw, g.pose_hw, seed) if config.adversarial else None
        if initial is not None:
            parts = {"ema": self.generator, "appearance": self.appearance, "discriminator": self.discriminator}
            grow_from({name: part for name, part in parts.items() if part is not None}, initial)
        if config.noise == "none":
            # Otherwise a picture made with the fixed noise would show a strength that an earlier run has learned.
            for name, strength in self.generator.named_parameters():
                if name.endswith("noise_strength"):
                    torch.nn.init.zeros_(strength)
        self.ema.load_state_dict(self.generator.state_dict())
        self.ema.requires_grad_(False).eval()
        frozen = []
        if self.discriminator is not None and config.discriminator == "projected":
            if features is None:
                raise InputError("The projected discriminator needs --features FILE (EfficientNet-Lite0 safetensors).")
            if not isinstance(features, EfficientNetLite0Features):
                features = EfficientNetLite0Features.from_file(features)
            frozen = self.discriminator.features = [features]
        if config.lpips and lpips is None:
            raise InputError("This configuration needs LPIPS: give --lpips-weights FILE, or install the package lpips.")
        self.lpips = lpips.requires_grad_(False) if lpips is not None and config.lpips else None
        for net in self.networks().values():
            channels_last(net, self.device)
        for net in (*frozen, *([self.lpips] if self.lpips is not None else [])):
            channels_last(net, self.device)
        sizes = (as_size(g.config["size_hw"]), g.article_hw, g.pose_hw)
        self.source = BatchSource(data, *sizes, config.augmentation)
        self.held_out = BatchSource(data, *sizes, NO_AUGMENTATION, held_out=True)
        self.optimizers = self._make_optimizers()

    def networks(self) -> dict[str, torch.nn.Module]:
        """Generator, its average, and what helps to train it."""
        nets = {"generator": self.generator, "ema": self.ema, "appearance": self.appearance,
                "discriminator": self.discriminator}
        return {name: net for name, net in nets.items() if net is not None}

    def _make_optimizers(self) -> dict[str, torch.optim.Optimizer]:
        c = self.config
        # Lazy regularisation: lr and betas shrink by k / (k + 1) (StyleGAN2, appendix B).
        lazy = c.r1_every / (c.r1_every + 1) if c.r1_gamma else 1.0
        params = [*self.generator.parameters(), *(self.appearance.parameters() if self.appearance else ())]
        result: dict[str, torch.optim.Optimizer] = {"g_optimizer": torch.optim.Adam(params, c.lr, c.betas, eps=1e-8)}
        if self.discriminator is not None:
            encoder = list(self.discriminator.encoder.parameters()) if self.discriminator.encoder is not None else []
            known = {id(p) for p in encoder}
            rest = [p for p in self.discriminator.parameters() if id(p) not in known]
            groups = [{"params": rest, "lr": c.lr_discriminator * lazy}, {"params": encoder, "lr": c.lr * lazy}]
            betas = (0.0**lazy if c.r1_gamma else 0.0, 0.99**lazy)
            result["d_optimizer"] = torch.optim.Adam([g for g in groups if g["params"]], betas=betas, eps=1e-8)
        return result

    # ------------------------------------------------------------------ one step

    def _latents(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Latents ``[N, z_dim]``, which of them are drawn and not read ``[N]``, and the KL term."""
        n = len(batch.image)
        z = self.generator.latent(torch.randn(n, self.config.generator["z_dim"], device=self.device))
        if self.appearance is None:
            return z, torch.ones(n, dtype=torch.bool, device=self.device), z.new_zeros(())
        mean, log_var = self.appearance(*self.recipe.appearance(batch))
        prior = torch.rand(n, device=self.device) < self.config.prior_share
        self.appearance.watch(mean.float(), log_var.float())
        posterior = mean.float() + torch.randn_like(z) * (0.5 * log_var.float()).exp()
        return torch.where(prior[:, None], z, posterior), prior, losses.kl_to_prior(mean, log_var)

    def _prior_buffers(self) -> tuple[torch.Tensor, torch.Tensor]:
        return self.generator.mapping_network.z_mean, self.generator.mapping_network.z_factor

    def _generate(self, batch: Batch, latent: torch.Tensor, prior: torch.Tensor) -> SynthesisOutput:
        g = self.generator
        cond = self.recipe.condition(g, batch)
        ws = g.map_latent(latent, cond)
        if cond is None:
            self.renew_average_w(g.mapping_network, ws)
        if self.config.style_mixing:
            ws = self.mixed_styles(ws, g.mapping(torch.randn_like(latent), cond), drawn=prior)
        return g.synthesis(ws, cond, noise=self.config.noise)

    def _supervised_losses(self, out: SynthesisOutput, batch: Batch, prior: torch.Tensor) -> dict[str, torch.Tensor]:
        """Losses against the true photo: all pixels for read latents, the determined ones for drawn latents."""
        c, terms = self.config, {}
        known = self.recipe.determined(batch) | (~prior)[:, None, None, None]
        weight = losses.region_weights(self.device)[batch.regions][:, None]
        if c.l1:
            terms["l1"] = c.l1 * losses.weighted_l1(out.image, batch.image, weight * known)
        if self.lpips is not None:
            # Where the photo says nothing about a drawn latent, the picture is compared with itself.
            image, regions = first_of((out.image, batch.regions), c.lpips_share)
            target = torch.where(known, batch.image, out.image.detach())[:len(image)]
            terms["lpips"] = c.lpips * self.lpips(image.clamp(-BRIGHTEST, BRIGHTEST), target).float().mean()
            if c.head:
                (drawn, seen), (true, _) = (losses.head_crops(x, regions) for x in (image, target))
                distance = self.lpips(drawn.clamp(-BRIGHTEST, BRIGHTEST), true).float()
                terms["head"] = c.head * c.lpips * (distance * seen).sum() / seen.sum().clamp(min=1)
        if out.parsing_logits is not None and c.parsing:
            free = torch.where(known | (batch.regions[:, None] == REGIONS.index("skin")), 1.0, GUESSED)
            terms["parsing"] = c.parsing * losses.parsing_loss(out.parsing_logits, batch.regions, weight * free)
        return terms | self.recipe.terms(out, batch)

    def _discriminator_step(self, d: Adversary, batch: Batch, fake: Views, step: int) -> float:
        c = self.config
        r1 = bool(c.r1_gamma) and step % c.r1_every == 0
        with self.autocast():
            image = batch.image.requires_grad_(r1)
            real = d.views(image, batch.regions)
            loss, logits = d.loss(real if r1 else detached(real), detached(fake), batch)
        if r1:
            gradient, = torch.autograd.grad(logits.sum(), image, create_graph=True)
            loss = loss + gradient.float().square().sum((1, 2, 3)).mean() * (c.r1_gamma / 2 * c.r1_every)
            batch.image = batch.image.detach()
        self.update("d_optimizer", loss)
        return loss.item()

    def draw(self, step: int, count: int) -> Batch:
        """This process's batch of a step."""
        return self.source.draw(count, self.seed, step, self.rank)

    def step(self, batch: Batch, step: int) -> dict[str, float]:
        """One update of the generator and, when it takes part, of the discriminator."""
        self.seed_step(step)
        c = self.config
        batch = batch.to(self.device)
        if self.appearance is not None and step % LOG_EVERY == 0:
            for own, fitted in zip(self._prior_buffers(), self.appearance.fit_prior(), strict=True):
                own.copy_(fitted)
        adversary = self.discriminator if self.images >= c.adversarial_from else None
        row: dict[str, float] = {}
        with self.autocast():
            latent, prior, kl = self._latents(batch)
            out = self._generate(batch, latent, prior)
            terms = self._supervised_losses(out, batch, prior) if c.supervised else {}
            if adversary is not None:
                (image,), judged = first_of((out.image,), c.adversarial_share), batch.first(c.adversarial_share)
                views = adversary.views(image, judged.regions)
        if c.supervised:
            terms["kl"] = c.kl * kl
        if adversary is not None:
            row["discriminator"] = self._discriminator_step(adversary, judged, views, step)
            adversary.requires_grad_(False)
            with self.autocast():
                terms["adversarial"] = c.adversarial * adversary.generator_loss(views, judged)
        self.update("g_optimizer", reduce(torch.add, terms.values()))
        if adversary is not None:
            adversary.requires_grad_(True)
        self.average(self.generator, self.ema, len(batch.image))
        return {**row, **{name: float(value.detach()) for name, value in terms.items()}}

    # ------------------------------------------------------------------ the run

    def look(self, report: Report) -> None:
        """Writes ``sheets/<images>.png`` from fixed latents and held-out conditions."""
        g = torch.Generator().manual_seed(1)
        shape = (6, 3 if self.recipe.conditional else 8, self.config.generator["z_dim"])
        latents = torch.randn(shape, generator=g).to(self.device)
        batch = None
        if self.recipe.conditional:
            photos = self.held_out.photos if len(self.held_out.photos) else self.source.photos
            chosen = photos[np.linspace(0, len(photos) - 1, 6).astype(int)]
            batch = self.held_out.make(chosen, np.random.default_rng(0)).to(self.device)
        sheet = sample_sheet(self.ema, batch, latents)
        write_made(self.out / "sheets" / f"{self.images:08d}.png", sheet, DigitalSourceType.COMPOSITE)
