"""What the style-based systems share: loading, seeds to images, recipes, and style mixing by layers.

A system adds its own look (outfit and pose, or nothing) in a subclass.
"""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import torch

from vton.conditioning.value_range import to_u8
from vton.generation.head import with_head
from vton.generation.look import Generated, Look, StyleState
from vton.generation.ranges import check_count, check_psi, check_scale, check_seed, check_strength
from vton.generation.style_layers import StyleLayers, Transfer
from vton.hub.loading import open_checkpoint
from vton.networks.stylegan2.generator import StyleGAN2Generator, SynthesisOutput
from vton.pipelines.outline import with_clean_outline
from vton.schema import UNSAID, InputError, Parsing, Recipe, SizeHW, System, Wear, as_size, quoted
from vton.schema.recipe import digest

_log = logging.getLogger(__name__)
_SHARPNESS = 2.0  # training leaves hems soft where it cannot know their height


class StylePipeline(ABC):
    """A style-based generator with its checkpoint's name; subclasses say what a look is.

    Attributes:
        record: of the system.
        size_hw: of the generator's pictures; scale: how many times as large a picture can be drawn.
        layers: the numbered style layers, for ``mix`` and for texts in the app.
        checkpoint, revision: what recipes keep to name the weights.
    """

    record: ClassVar[System]
    takes_wear = False  # whether it can be told how articles are worn
    conditions: tuple[str, ...]  # values of the generator's ``condition`` that this system can run

    def __init__(
        self, generator: StyleGAN2Generator, checkpoint: str, revision: str, dtype: torch.dtype = torch.float32
    ):
        if generator.config["condition"] not in self.conditions:
            raise InputError(f"Checkpoint '{checkpoint}' does not belong to {self.system}: give another one.")
        self.generator = generator.eval().requires_grad_(False)
        self.checkpoint, self.revision, self.dtype = checkpoint, revision, dtype
        self.size_hw: SizeHW = as_size(generator.config["size_hw"])
        self.scale = 1
        self.layers = StyleLayers(self.size_hw, tuple(generator.layer_heights))

    @classmethod
    def from_pretrained(cls, checkpoint: str | Path | None = None, device=None, dtype: torch.dtype | None = None):
        """Load a bundled checkpoint by name, a folder, or a Hub id; the system's bundled one by default.

        Args:
            checkpoint: see above.
            device: Accelerate's choice by default.
            dtype: of the convolutions, e.g. ``torch.bfloat16``; weights, styles and pixels stay float32.

        Raises:
            InputError: it is missing, corrupt, lacks or adds keys, or belongs to another system.
        """
        generator, name, revision = open_checkpoint(cls.record, checkpoint, device)
        assert isinstance(generator, StyleGAN2Generator), cls.record
        return cls(generator, name, revision, dtype or torch.float32)

    @property
    def system(self) -> str:
        """The system's name."""
        return self.record.name

    @property
    def device(self) -> torch.device:
        """Where the generator is."""
        return next(self.generator.parameters()).device

    def autocast(self):
        """The context in which the convolutions run in ``dtype``."""
        return torch.autocast(self.device.type, self.dtype, enabled=self.dtype != torch.float32)

    # -- what a system adds --

    @abstractmethod
    def look(self, outfit: Any, pose: Any, wear: Wear = UNSAID) -> Look:
        """Check and complete what the caller gave.

        Raises:
            InputError: the system cannot use it.
        """

    @abstractmethod
    def look_of(self, recipe: Recipe) -> Look:
        """The exact look that a recipe stores."""

    @abstractmethod
    def condition(self, look: Look):
        """Encode a look for the generator; None when there is nothing to encode."""

    @abstractmethod
    def blend(self, source: Look, target: Look, layers: tuple[int, int], strength: float) -> Look:
        """The look of a mix: the target's, with what travels with the swapped layers from the source."""

    # -- drawing --

    @torch.inference_mode()
    def __call__(
        self,
        outfit: Any = None,
        pose: Any = None,
        seed: int = 0,
        count: int = 1,
        psi: float = 0.8,
        callback: Callable[[int, int], None] | None = None,
        scale: int | None = None,
        wear: Wear | Mapping[str, str] | None = None,
    ) -> list[Generated]:
        """Draw ``count`` images with the seeds ``seed``, ``seed + 1``, ...

        Images are drawn one by one, so the bytes of a seed do not depend on how many are asked for.

        Args:
            outfit: see the system.
            pose: see the system.
            seed: 0 .. 2**53 - 1.
            count: at least 1.
            psi: truncation, 0 (the average person) .. 2; 1 is untruncated.
            callback: called with (images done, count) after each image.
            scale: size of the images over ``size_hw``, 1 .. ``self.scale``; None is the largest.
            wear: how the articles are worn, topic -> option of `WEAR_OPTIONS`; what is not said is left to the system.

        Raises:
            InputError: a value out of range, or an outfit or pose that cannot be used.
        """
        seed, count, psi = check_seed(seed), check_count(count, seed), check_psi(psi)
        scale = check_scale(scale, self.scale)
        look = self.look(outfit, pose, wear if isinstance(wear, Wear) else Wear.of(wear or {}))
        condition = self.condition(look)
        results = []
        for number in range(count):
            recipe = self._recipe(look, seed + number, psi, scale)
            results.append(self._draw(self._seeded(recipe.seed, psi, look, condition), condition, recipe))
            if callback is not None:
                callback(number + 1, count)
        return results

    @torch.inference_mode()
    def generate_from(self, recipe: Recipe) -> Generated:
        """Draw the image of a recipe again, a mix included.

        Raises:
            InputError: the recipe belongs to another system or cannot be used.
        """
        recipe = self._own(Recipe.from_json(recipe.to_dict()))  # checks what is nested in a mix
        state = self._state(recipe, {})
        size_hw = self._sized(self._scale_of(recipe))
        recipe = replace(recipe, checkpoint=self.checkpoint, revision=self.revision, size_hw=size_hw)
        return self._draw(state, self.condition(state.look), recipe)

    @torch.inference_mode()
    def mix(
        self,
        source: Generated | Recipe | int,
        target: Generated | Recipe | int,
        transfer: Transfer = "colour",
        strength: float = 1.0,
    ) -> Generated:
        """Put styles of the source on some layers of the target.

        Args:
            source: an image, its recipe, or a seed (then with the target's look).
            target: the same; the image that keeps everything else.
            transfer: "colour", "pose", "5-9" or (5, 9); layers as ``self.layers`` numbers them.
            strength: 0 (the target unchanged) .. 1.

        Raises:
            InputError: recipes of another system, no look to use, or values out of range.
        """
        strength = check_strength(strength)
        source, target = self._pair(source, target)
        recipe = replace(
            target,
            checkpoint=self.checkpoint,
            revision=self.revision,
            mix={
                "source": source.to_dict(),
                "target": target.to_dict(),
                "transfer": self.layers.name(transfer),
                "strength": strength,
            },
        )
        return self.generate_from(recipe)

    def barred(self, ws: torch.Tensor, condition) -> torch.Tensor | None:
        """Where regions may not show, ``[N, 10, h, w]``, 0..1, for the generator's ``synthesis``; None: nowhere."""
        return None

    def enlarged(self, output: SynthesisOutput, look: Look, scale: int) -> SynthesisOutput:
        """The picture ``scale`` times as large, for systems whose ``scale`` is more than 1."""
        raise NotImplementedError

    def _draw(self, state: StyleState, condition, recipe: Recipe) -> Generated:
        with self.autocast():
            barred = self.barred(state.ws, condition)
            output = self.generator.synthesis(state.ws, condition, "const", barred, _SHARPNESS)
        scale = self._scale_of(recipe)
        if scale > 1:
            output = self.enlarged(output, state.look, scale)
        inset = self.generator.head
        if inset is not None and state.head is not None and state.look.pose is not None:
            with self.autocast():
                output = with_head(output, inset, state.head, state.look.pose)
        image_u8 = np.ascontiguousarray(to_u8(output.image[:1])[0])
        parsing = None
        if output.parsing_logits is not None:
            logits = output.parsing_logits[0].float()
            parsing = Parsing(logits.argmax(0).to(torch.uint8).cpu().numpy())
            person = torch.sigmoid(logits[1:].logsumexp(0) - logits[0]).cpu().numpy()
            image_u8 = with_clean_outline(image_u8, person, scale)
        return Generated(image_u8, parsing, recipe)

    def _seeded(self, seed: int, psi: float, look: Look, condition) -> StyleState:
        """The state of a seed; z is drawn on the CPU so that a seed means the same on every device."""
        source = torch.Generator("cpu").manual_seed(seed)
        z = torch.randn(1, self.generator.config["z_dim"], generator=source).to(self.device)
        ws, inset = self.generator.mapping(z, condition, truncation_psi=psi), self.generator.head
        if inset is None:
            return StyleState(ws, look)
        head = inset.latent(psi * torch.randn(1, inset.config["z_dim"], generator=source).to(self.device))
        return StyleState(ws, look, head)

    # -- recipes --

    def _sized(self, scale: int) -> SizeHW:
        return self.size_hw[0] * scale, self.size_hw[1] * scale

    def _scale_of(self, recipe: Recipe) -> int:
        """That of the recipe's size; of a size that cannot be drawn here, the largest."""
        scales = range(1, self.scale + 1)
        return next((scale for scale in scales if self._sized(scale) == recipe.size_hw), self.scale)

    def _recipe(self, look: Look, seed: int, psi: float, scale: int) -> Recipe:
        return Recipe(
            system=self.system, checkpoint=self.checkpoint, revision=self.revision, size_hw=self._sized(scale),
            seed=seed, psi=psi, pose=None if look.pose is None else look.pose.to_openpose(),
            pose_name=look.pose_name, articles=look.articles, wear=look.wear.told(), mix=None,
        )  # fmt: skip

    def _own(self, recipe: Recipe) -> Recipe:
        if recipe.system != self.system:
            raise InputError(
                f"This recipe belongs to {quoted(recipe.system)}, not to {self.system}: choose that system."
            )
        if recipe.revision != self.revision:
            told = "the recipe was made with other weights (%.40r, here %s): the image will differ"
            _log.warning(told, recipe.revision, self.revision)
        return recipe

    def _pair(self, source, target) -> tuple[Recipe, Recipe]:
        """Two recipes out of images, recipes or seeds; a seed borrows look and psi from the other one."""
        source, target = (item.recipe if isinstance(item, Generated) else item for item in (source, target))
        if isinstance(target, Recipe):
            return source if isinstance(source, Recipe) else self._with_seed(target, source), target
        if isinstance(source, Recipe):
            return source, self._with_seed(source, target)
        look = self.look(None, None)
        source, target = (self._recipe(look, check_seed(seed), 0.8, self.scale) for seed in (source, target))
        return source, target

    def _with_seed(self, recipe: Recipe, seed: int) -> Recipe:
        return self._recipe(self.look_of(recipe), check_seed(seed), recipe.psi, self._scale_of(recipe))

    def _state(self, recipe: Recipe, known: dict[str, StyleState]) -> StyleState:
        """The state of a recipe; of what is mixed in it, ``known`` keeps each by its digest: equal sides cost once."""
        if recipe.mix is None:
            look = self.look_of(recipe)
            return self._seeded(recipe.seed, recipe.psi, look, self.condition(look))
        sides = recipe.mix["source"], recipe.mix["target"]
        for side in sides:
            key = digest(side)
            if key not in known:
                known[key] = self._state(self._own(Recipe(**side)), known)
        source, target = (known[digest(side)] for side in sides)
        return self._mixed(source, target, recipe.mix["transfer"], check_strength(recipe.mix["strength"]))

    def _mixed(self, source: StyleState, target: StyleState, transfer: str, strength: float) -> StyleState:
        layers = self.layers.parse(transfer)
        if strength == 0:
            return target
        ws = target.ws.clone()
        indices = self.layers.ws_indices(layers)
        ws[:, indices] = torch.lerp(target.ws[:, indices], source.ws[:, indices], strength)
        head = target.head
        if source.head is not None and head is not None:  # who it is lies in all layers alike
            head = torch.lerp(head, source.head, strength * len(indices) / self.generator.num_ws)
        return StyleState(ws, self.blend(source.look, target.look, layers, strength), head)
