"""The head that a second generator draws: where it goes, whose it is, and that a picture without one is left alone."""

import numpy as np
import pytest
import torch

from vton.conditioning.pose.head_window import head_window
from vton.conditioning.pose.presets import preset_poses
from vton.schema import COCO18, Outfit, Pose
from vton.systems.outfit_gan.pipeline import OutfitGANPipeline


@pytest.fixture
def outfit(make_article):
    return Outfit.of(make_article("top"), make_article("shoes", (20, 20, 20)))


@pytest.fixture
def pipeline(make_checkpoint, tmp_path):
    """A pipeline whose generator has a head that paints strongly."""
    head = {"size": 32, "z_dim": 8, "w_dim": 16, "channels": (4, 8)}
    folder = make_checkpoint(tmp_path / "tiny", "outfit-gan", head_config=head)
    return OutfitGANPipeline.from_pretrained(folder)


def without_head(pipeline, *args, **kwargs):
    head, pipeline.generator.head = pipeline.generator.head, None
    try:
        return pipeline(*args, **kwargs)[0]
    finally:
        pipeline.generator.head = head


def headless(name="stand"):
    pose = preset_poses()[name]
    confidence = pose.confidence.copy()
    confidence[COCO18.index("nose")] = 0
    return Pose(pose.keypoints_xy, confidence, pose.size_hw)


@pytest.mark.parametrize("scale", [1, 2])
def test_only_the_window_is_drawn_anew(pipeline, outfit, scale):
    made = pipeline(outfit, "stand", seed=1, scale=scale)[0].image_u8.astype(int)
    plain = without_head(pipeline, outfit, "stand", seed=1, scale=scale).image_u8
    changed = np.abs(made - plain).max(2) > 0
    height = made.shape[0]
    window = head_window(preset_poses()["stand"].fit(made.shape[:2]))
    y, x = np.mgrid[:height, :made.shape[1]] + 0.5
    far = np.maximum(abs(x / height - window.centre_xy[0]), abs(y / height - window.centre_xy[1]))
    assert changed[far < window.side * 0.3].any()
    assert not changed[far > window.side / 2 + 4 / height].any()


def test_a_pose_without_a_nose_is_drawn_as_before(pipeline, outfit):
    made, plain = pipeline(outfit, headless(), seed=1)[0], without_head(pipeline, outfit, headless(), seed=1)
    assert np.array_equal(made.image_u8, plain.image_u8)


def test_a_seed_is_one_person_in_every_outfit_and_pose(pipeline, outfit, make_article):
    other = Outfit.of(make_article("dress", (200, 40, 60)))
    looks = [pipeline.look(outfit, "stand"), pipeline.look(other, "wide")]
    first, second = (pipeline._seeded(7, 0.8, look, pipeline.condition(look)).head for look in looks)
    assert torch.equal(first, second)
    assert not torch.equal(first, pipeline._seeded(8, 0.8, looks[0], pipeline.condition(looks[0])).head)


def test_psi_moves_the_head_towards_the_average_one(pipeline, outfit):
    look = pipeline.look(outfit, "stand")
    heads = [pipeline._seeded(7, psi, look, pipeline.condition(look)).head for psi in (0, 0.5, 1)]
    assert torch.allclose(heads[0], pipeline.generator.head.z_mean[None])
    assert torch.allclose(heads[1] - heads[0], (heads[2] - heads[0]) / 2, atol=1e-6)


def test_all_layers_of_a_mix_bring_the_sources_head(pipeline, outfit):
    source, target = pipeline(outfit, "stand", seed=1)[0], pipeline(outfit, "stand", seed=2)[0]
    states = [pipeline._state(made.recipe, {}) for made in (source, target)]
    whole, none = (pipeline._mixed(*states, f"1-{pipeline.layers.count}", k).head for k in (1.0, 0.0))
    assert torch.allclose(whole, states[0].head) and torch.equal(none, states[1].head)
    some = pipeline._mixed(*states, "colour", 1.0).head
    assert 0 < (some - states[1].head).norm() < (states[0].head - states[1].head).norm()


def test_a_recipe_brings_the_head_back(pipeline, outfit):
    made = pipeline(outfit, "stand", seed=3)[0]
    assert np.array_equal(pipeline.generate_from(made.recipe).image_u8, made.image_u8)
