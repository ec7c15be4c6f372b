"""Outfit + pose -> a model wearing it: the conditional system of Yildirim et al. 2019 (arXiv 1908.08847)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch

from vton.conditioning.articles import article_stack
from vton.conditioning.pose.heatmaps import pose_heatmaps
from vton.conditioning.pose.presets import DEFAULT_PRESET, preset_poses
from vton.generation.look import Look
from vton.generation.pipeline import StylePipeline
from vton.networks.stylegan2.enlargement import enlarged
from vton.networks.stylegan2.generator import StyleGAN2Generator, SynthesisOutput
from vton.pipelines.colour_transfer import recolour_outfit
from vton.pipelines.one_accessory import SEEN_AT, second_accessory
from vton.readers.garment.article_reader import article_from_photo, worn_as_usual
from vton.readers.pose.resolve import resolve_pose
from vton.schema import ARTICLE_HW, REGIONS, SLOTS, UNSAID, Article, InputError, Outfit, Pose, Recipe, Wear, check_slots
from vton.systems.outfit_gan.system import SYSTEM

_ACCESSORY = SLOTS.index("accessory")
_SCALE = 2  # up to which articles of 256x192 add detail to a generator's picture of that size or less


class OutfitInputs(NamedTuple):
    """What the generator encodes.

    articles: ``[N, 6, 4, h, w]``, RGB -1..1 and mask 0..1; presence: ``[N, 6]``, 0 or 1;
    pose_map: ``[N, 16, h, w]``, 0..1; traits: ``[N, 15]``, 0 or 1, see `Wear`.
    """

    articles: torch.Tensor
    presence: torch.Tensor
    pose_map: torch.Tensor
    traits: torch.Tensor


class OutfitGANPipeline(StylePipeline):
    """Draws a person who wears the outfit in the pose.

    ``outfit`` is an ``Outfit``, or slot -> picture (path, PIL image, array [H,W,3] uint8, or ``Article``).
    ``pose`` is a ``Pose``, the name of a preset, the path of an OpenPose JSON or its parsed content, or a photo of
    somebody (path, PIL image or array); a preset when it is left out.
    """

    record = SYSTEM
    conditions = ("vector", "spatial")

    def __init__(self, generator: StyleGAN2Generator, *args, **kwargs):
        super().__init__(generator, *args, **kwargs)
        self.takes_wear = generator.config["wear"]
        if generator.spatial and generator.flow_start < self.size_hw[0] <= ARTICLE_HW[0]:
            self.scale = _SCALE

    def prepare_inputs(self, outfits: Sequence[Outfit], poses: Sequence[Pose], wears: Sequence[Wear]) -> OutfitInputs:
        """N outfits, poses and ways to wear them, as the tensors that the generator encodes, on its device."""
        articles, presence = article_stack(list(outfits), self.generator.article_hw)
        pose_map = pose_heatmaps(list(poses), self.generator.pose_hw)
        traits = torch.from_numpy(np.stack([wear.traits() for wear in wears]))
        return OutfitInputs(*(tensor.to(self.device) for tensor in (articles, presence, pose_map, traits)))

    def look(self, outfit: Any, pose: Any, wear: Wear = UNSAID) -> Look:
        """Load what is not loaded yet; the outfit is taken in the form in which a recipe stores it."""
        worn = as_outfit(outfit).require_any()
        worn = Outfit(tuple(article and article.canonical() for article in worn))
        pose, name = as_pose(pose)
        pose = Pose.from_openpose(pose.to_openpose())  # refuses here what could not be read back from the PNG
        if wear.told() and not self.takes_wear:
            raise InputError("These weights cannot be told how articles are worn: leave that out, or use others.")
        if self.takes_wear:
            wear = worn_as_usual(wear, worn)
        return Look(worn, pose, name, Recipe.pack_outfit(worn), wear)

    def look_of(self, recipe: Recipe) -> Look:
        """The look that a recipe stores; InputError when it has no outfit or no pose."""
        outfit, pose = recipe.outfit(), recipe.to_pose()
        if outfit is None or pose is None:
            raise InputError("The recipe has no outfit or no pose: use a PNG that outfit-gan wrote.")
        return Look(outfit, pose, recipe.pose_name, recipe.articles, Wear.of(recipe.wear))

    def condition(self, look: Look):
        """The generator's ``OutfitCondition`` of one look."""
        with self.autocast():
            outfit, pose = _of(look)
            return self.generator.encode(*self.prepare_inputs([outfit], [pose], [look.wear]))

    def barred(self, ws: torch.Tensor, condition) -> torch.Tensor | None:
        """Everywhere but around the larger one, where a first, coarse picture shows two accessories."""
        if not self.generator.spatial or SEEN_AT >= self.size_hw[0] or not condition.articles[:, _ACCESSORY, 3].any():
            return None
        coarse = self.generator.synthesis(ws, condition, until=SEEN_AT).parsing_logits
        assert coarse is not None, "the generator is spatial"
        second = second_accessory(coarse[0].argmax(0).byte().cpu().numpy())
        if second is None:
            return None
        barred = torch.zeros_like(coarse)
        barred[0, REGIONS.index("accessory")] = torch.from_numpy(second).to(barred)
        return barred

    def enlarged(self, output: SynthesisOutput, look: Look, scale: int) -> SynthesisOutput:
        """With the articles' own pixels at their full size."""
        articles, _ = article_stack([_of(look)[0]], ARTICLE_HW)
        return enlarged(output, articles.to(self.device), scale)

    def blend(self, source: Look, target: Look, layers: tuple[int, int], strength: float) -> Look:
        """In the spatial model pose and colours enter beside the styles, so they travel with their layers."""
        outfit, pose = _of(target)
        source_outfit, source_pose = _of(source)
        if self.generator.spatial:
            if self.layers.covers_pose(layers):
                pose = pose.lerp(source_pose, strength)
            if self.layers.covers_colour(layers):
                outfit = recolour_outfit(outfit, source_outfit, strength)
        return Look(outfit, pose, wear=target.wear)


def _of(look: Look) -> tuple[Outfit, Pose]:
    """Outfit and pose, which every look of this system has."""
    assert look.outfit is not None and look.pose is not None, look
    return look.outfit, look.pose


def as_outfit(outfit: Outfit | Mapping[str, Any] | None) -> Outfit:
    """An outfit from an outfit, or from slot -> picture or article; None is the empty one.

    Raises:
        InputError: a picture that cannot be used, an unknown slot, or articles that exclude each other.
    """
    if outfit is None:
        return Outfit.empty()
    if isinstance(outfit, Outfit):
        return outfit
    if not isinstance(outfit, Mapping):
        raise TypeError(f"outfit must be an Outfit or a mapping of slots, not {type(outfit).__name__}")
    given = {slot: picture for slot, picture in outfit.items() if picture is not None}
    check_slots(given)
    loaded = {slot: p if isinstance(p, Article) else article_from_photo(p, slot) for slot, p in given.items()}
    return Outfit.of(**loaded)


def as_pose(pose: Any) -> tuple[Pose, str | None]:
    """A pose and the name of the preset it equals, if it does; None is the default preset."""
    pose = resolve_pose(DEFAULT_PRESET if pose is None else pose)
    return pose, next((name for name, preset in preset_poses().items() if preset == pose), None)
