"""Batches: augmentation keeps picture, parsing, pose and articles true to each other."""

from dataclasses import replace

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from drawn.studio import write_studio

from vton.data.outfits.pack import OutfitPack
from vton.data.outfits.writer import pack_outfits
from vton.generation.training.batches import NO_AUGMENTATION, SLOT_REGION, Augmentation, BatchSource, reduce_u8
from vton.generation.training.losses import determined_pixels
from vton.generation.training.random_pack import RandomPack
from vton.networks.stylegan2.generator import article_pixels
from vton.schema import REGIONS, SLOTS, TRAITS
from vton.training.recolour import ColourTransform, random_transform, recolour_region

SIZES = ((64, 48), (32, 24), (16, 12))


def source(data: OutfitPack, **augmentation) -> BatchSource:
    return BatchSource(data, *SIZES, Augmentation(**{**vars(NO_AUGMENTATION), **augmentation}))


def test_same_step_same_batch_and_ranks_differ(pack_folder):
    s = source(OutfitPack(pack_folder), flip=0.5, shift=0.05, recolour=0.5, drop_article=0.2, pose_jitter=0.01)
    a, b, other = s.draw(3, 5, 7), s.draw(3, 5, 7), s.draw(3, 5, 7, rank=1)
    assert all(torch.equal(x, y) for x, y in zip(vars(a).values(), vars(b).values(), strict=True))
    assert not torch.equal(a.image, other.image)


def test_shapes_and_ranges(pack_folder):
    batch = source(OutfitPack(pack_folder), flip=1.0).draw(2, 0, 0)
    assert batch.image.shape == (2, 3, 64, 48) and batch.image.abs().max() <= 1
    assert batch.articles.shape == (2, 6, 4, 32, 24) and batch.pose_map.shape == (2, 16, 16, 12)
    assert batch.regions.shape == (2, 64, 48) and batch.regions.max() < len(REGIONS)
    assert batch.visible.shape == (2, 1, 64, 48) and set(batch.visible.unique().tolist()) <= {0.0, 1.0}


def test_flip_mirrors_everything_and_swaps_sides(pack_folder):
    data = OutfitPack(pack_folder)
    plain, flipped = source(data), source(data, flip=1.0)
    a = plain.make(plain.photos[:2], np.random.default_rng(0))
    b = flipped.make(plain.photos[:2], np.random.default_rng(0))
    assert torch.equal(a.image.flip(3), b.image) and torch.equal(a.articles.flip(4), b.articles)
    assert torch.equal(a.regions.flip(2), b.regions)
    swap = [5, 4, 3, 2, 1, 0, 6, 7, 8, 9, 15, 14, 13, 12, 11, 10]  # MPII-16, left for right
    assert torch.allclose(a.pose_map.flip(3)[:, swap], b.pose_map, atol=1e-4)


def test_recolour_changes_article_and_its_region_alike_and_nothing_else(pack_folder):
    data = OutfitPack(pack_folder)
    plain, dyed = source(data), source(data, recolour=1.0)
    photo = plain.photos[:1]
    a, b = plain.make(photo, np.random.default_rng(3)), dyed.make(photo, np.random.default_rng(3))
    worn = determined_pixels(a.regions, a.presence)[0, 0]
    changed = (a.image != b.image).any(1)[0]
    assert changed[worn].float().mean() > 0.5 and not changed[~worn].any()
    for slot in torch.nonzero(a.presence[0]).flatten().tolist():
        region, cover = b.regions[0] == SLOT_REGION[slot], b.articles[0, slot, 3] > 0.99
        if region.sum() > 20:
            on_photo = b.image[0][:, region].median(1).values
            on_article = b.articles[0, slot, :3][:, cover].median(1).values
            assert (on_photo - on_article).abs().max() < 0.35, SLOTS[slot]


def colour_errors(batch):
    """Mean difference, for each article, of the photo's colours from the article's at the true places."""
    own = article_pixels(batch.regions, batch.presence, batch.shown.shape[1:]) * (batch.shown == 1)[:, None]
    grid = batch.places.permute(0, 2, 3, 1)
    photo = F.interpolate(batch.image, size=batch.shown.shape[1:], mode="nearest")
    errors = []
    for slot in range(len(SLOTS)):
        warped = F.grid_sample(batch.articles[:, slot], grid, align_corners=False)
        if own[:, slot].any():
            error = (warped[:, :3] - photo).abs().mean(1)
            errors.append(error[own[:, slot] > 0].mean().item())
    return errors


@pytest.mark.parametrize("kinds", [(1.0, 0.0, 0.0), (0.0, 1.0, 0.0)], ids=["packshots", "laid flat"])
def test_places_follow_every_change_of_photo_and_article(pack_folder, kinds):
    s = source(OutfitPack(pack_folder), flip=0.5, shift=0.1, recolour=0.5, article_jitter=1.0, pictures=kinds)
    batch = s.draw(16, 0, 0)
    assert (batch.shown == 1).float().mean() > 0.05
    assert all(error < 0.15 for error in colour_errors(batch)), colour_errors(batch)
    for turn in (torch.tensor([-1, 1]), torch.tensor([1, -1])):
        other = replace(batch, places=batch.places * turn[:, None, None])
        assert max(colour_errors(other)) > 0.2, "the articles look the same turned over: the test would see nothing"


def test_articles_come_by_the_kinds_of_picture_that_are_asked_for(pack_folder):
    data = OutfitPack(pack_folder)
    body, flat = (source(data, pictures=kinds) for kinds in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)))
    a, b = (s.make(body.photos[:4], np.random.default_rng(4)) for s in (body, flat))
    assert torch.equal(a.image, b.image) and torch.equal(a.presence, b.presence)
    hidden = (a.shown == 1) & (b.shown == 0)
    assert hidden.any() and (a.regions[:, ::2, ::2][hidden] == REGIONS.index("bottom")).all()


def test_kinds_of_picture_that_a_pack_or_a_configuration_has_not_are_not_drawn(pack_folder):
    """A pack of two kinds gives the same batch whatever is said of others; one of all kinds asks for their shares."""
    data = OutfitPack(pack_folder)
    assert data.picture_kinds == ("body", "flat")
    two, four = (source(data, pictures=kinds).draw(8, 0, 0) for kinds in ((0.3, 0.4), (0.3, 0.4, 0.3, 0.25)))
    packshots, missing = (source(data, pictures=kinds).draw(8, 0, 0) for kinds in ((), (0.0, 0.0, 0.5, 0.5)))
    assert torch.equal(two.places, four.places) and torch.equal(packshots.places, missing.places)
    assert not torch.equal(two.places, packshots.places)
    every = RandomPack((64, 48))
    every.article = lambda outfit, slot, kind=0: np.full((256, 192, 4), 50 * kind + 20, np.uint8)
    drawn = [BatchSource(every, *SIZES, replace(NO_AUGMENTATION, pictures=(0.3, 0.4, 0.3, share))) for share in (0, 1)]
    shades = [{round(127.5 * (v + 1)) for v in s.draw(16, 0, 0).articles[:, :, 0].unique().tolist()} for s in drawn]
    assert [170 in found for found in shades] == [False, True], shades


def test_batches_say_how_the_articles_that_are_given_are_worn(pack_folder):
    data = OutfitPack(pack_folder)
    plain, dropping = source(data), source(data, drop_trait=1.0)
    photos = plain.photos[:4]
    batch = plain.make(photos, np.random.default_rng(0))
    mirrored = source(data, flip=1.0).make(photos, np.random.default_rng(0))
    slots = {slot: batch.presence[:, i] for i, slot in enumerate(SLOTS)}
    said = {trait: batch.traits[:, i] for i, trait in enumerate(TRAITS)}
    assert torch.equal(said["top", "in"], slots["top"]) and torch.equal(said["accessory", "bag"], slots["accessory"])
    assert not said["top", "over"].any() and not said["accessory", "hat"].any()
    left, right = TRAITS.index(("side", "left")), TRAITS.index(("side", "right"))
    assert torch.equal(batch.traits[:, [left, right]], mirrored.traits[:, [right, left]])
    assert not dropping.make(photos, np.random.default_rng(0)).traits.any()


def test_dropped_articles_are_empty_and_one_always_stays(pack_folder):
    s = source(OutfitPack(pack_folder), drop_article=0.9)
    batch = s.draw(16, 0, 0)
    assert (batch.presence.sum(1) >= 1).all() and batch.presence.sum(1).min() == 1
    assert batch.articles[batch.presence == 0].abs().sum() == 0


def test_only_training_outfits_are_drawn(pack_folder):
    data = OutfitPack(pack_folder)
    held = BatchSource(data, *SIZES, held_out=True)
    assert not set(source(data).photos) & set(held.photos)


def test_area_reduction_is_the_mean():
    image = np.arange(4 * 4 * 3, dtype=np.uint8).reshape(4, 4, 3)
    assert np.array_equal(reduce_u8(image, (2, 2))[0, 0], [8, 9, 10])
    with pytest.raises(ValueError):
        reduce_u8(image, (3, 3))


def test_recolouring_stays_in_the_mask_and_the_identity_changes_nothing():
    rng = np.random.default_rng(0)
    image = rng.integers(0, 256, (8, 8, 3)).astype(np.uint8)
    mask = np.zeros((8, 8), bool)
    mask[2:5] = True
    same, other = image.copy(), image.copy()
    recolour_region(same, mask, ColourTransform(1.0, np.eye(3, dtype=np.float32)))
    recolour_region(other, mask, random_transform(rng))
    assert np.array_equal(same, image)
    assert np.array_equal(other[~mask], image[~mask]) and (other[mask] != image[mask]).mean() > 0.5


@pytest.fixture(scope="module")
def pack_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio")
    write_studio(folder, pictures=True)
    out = tmp_path_factory.mktemp("pack") / "pack"
    pack_outfits([folder], out, (64, 48), processes=1)
    return out
