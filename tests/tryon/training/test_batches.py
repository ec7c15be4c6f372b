"""Batches of try-on pairs: the truth stays true under every augmentation, and the inputs are those of inference."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import cv2
import numpy as np
import pytest
import torch
from drawn.people import write_ccp
from drawn.studio import write_studio
from drawn.tryon import drawn_person

from vton.conditioning.person.agnostic import ERASED, represent
from vton.data.pairs.pack import PairPack, sample_of
from vton.data.pairs.writer import pack_pairs
from vton.schema import SIDED_LABELS, InputError
from vton.schema.slots import TRYON_SLOTS
from vton.tryon.training.augmentation import (
    beside_person,
    irregular_holes,
    longer_garment,
    mirror,
    see,
    shake_joints,
    shake_parsing,
    widen_garment,
)
from vton.tryon.training.batches import NO_AUGMENTATION, PairAugmentation, PairMix, TryOnBatches, shows_bare_legs

HW = (256, 192)
_LEFT_LEG = SIDED_LABELS.index("left_leg")


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs")
    studio = write_studio(tmp_path_factory.mktemp("studio"), training=5, held_out=1)
    ccp = write_ccp(tmp_path_factory.mktemp("ccp"), training=3)
    for data in (studio, ccp):
        pack_pairs([data], folder / ("ccp" if data is ccp else "studio"), processes=1)
    return [PairPack(folder / "studio"), PairPack(folder / "ccp")]


def same(batch, other):
    return all(torch.equal(batch[name], other[name]) for name in ("photo", "worn_mask", "labels")) and all(
        torch.equal(value, getattr(other["inputs"], name)) for name, value in vars(batch["inputs"]).items()
    )


def colours_of(batch):
    """Median colour of the garment's picture and of the pixels that show it: two [N,3], -1..1."""
    for photo, worn, garment, mask in zip(batch["photo"], batch["worn_mask"], batch["inputs"].garment,
                                          batch["inputs"].garment_mask, strict=True):  # fmt: skip
        yield garment[:, mask[0] > 0].median(1).values, photo[:, worn[0] > 0].median(1).values


def test_shapes_and_ranges(packs):
    batch = TryOnBatches(packs).batch(np.random.default_rng(0), 6)
    assert batch["photo"].shape == (6, 3, *HW) and batch["photo"].dtype == torch.float32
    assert -1 <= batch["photo"].min() < -0.1 and 0.1 < batch["photo"].max() <= 1
    assert batch["worn_mask"].shape == (6, 1, *HW) and set(batch["worn_mask"].unique().tolist()) == {0, 1}
    assert batch["labels"].shape == (6, *HW) and batch["labels"].dtype == torch.int64
    assert batch["labels"].max() < len(SIDED_LABELS)
    assert batch["inputs"].person().shape == (6, 23, *HW)
    assert (batch["worn_mask"].mean((1, 2, 3)) >= 0.012).all(), "every photo shows its garment"


def test_the_photo_is_kept_where_nothing_is_erased(packs):
    batch = TryOnBatches(packs).batch(np.random.default_rng(1), 8)
    inputs, erased = batch["inputs"], batch["inputs"].erased > 0
    assert torch.equal(inputs.kept, batch["photo"].masked_fill(erased, 0.0))
    assert torch.equal(inputs.kept_labels == ERASED, erased[:, 0])
    share = (erased & (batch["worn_mask"] > 0)).sum((1, 2, 3)) / batch["worn_mask"].sum((1, 2, 3))
    assert (share > 0.9).all(), "of the old garment next to nothing is left"


def test_without_augmentation_it_is_the_pack(packs):
    pack = packs[0]
    batch = TryOnBatches([pack], augmentation=NO_AUGMENTATION).batch(np.random.default_rng(2), 2)
    places = [i for i in pack.indices(False) for n in range(2)
              if torch.equal(batch["labels"][n], torch.from_numpy(pack.arrays(int(i)).labels).long())]  # fmt: skip
    assert places
    samples = [pack.sample(int(i)) for i in pack.indices(False)]
    expected = represent([s.person for s in samples], [s.garment for s in samples])
    for n in range(2):
        assert any(
            all(torch.equal(value[n], getattr(expected, name)[m]) for name, value in vars(batch["inputs"]).items())
            for m in range(len(samples))
        )


def test_same_numbers_same_batch_in_any_thread(packs):
    batches = TryOnBatches(packs)
    first = [batches.batch(np.random.default_rng(seed), 3) for seed in range(4)]
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda seed: batches.batch(np.random.default_rng(seed), 3), range(4)))
    assert all(map(same, first, again)) and not same(first[0], first[1])


def test_garment_and_worn_pixels_get_one_colour(packs):
    dyed = replace(NO_AUGMENTATION, recolour=1.0, recolour_others=1.0, light=1.0, with_garment=1.0)
    batch = TryOnBatches(packs[:1], augmentation=dyed).batch(np.random.default_rng(3), 12)
    plain = TryOnBatches(packs[:1], augmentation=NO_AUGMENTATION).batch(np.random.default_rng(3), 12)
    found = list(colours_of(batch))
    assert max(float((garment - worn).abs().max()) for garment, worn in found) < 0.12
    changed = [float((a[1] - b[1]).abs().max()) for a, b in zip(found, colours_of(plain), strict=True)]
    assert np.median(changed) > 0.1


def test_views_move_everything_together(packs):
    aug = PairAugmentation(recolour=0, recolour_others=0, light=0, deform=0, parsing=0, jitter=0, drop_joint=0, holes=0)
    pack, rng, moved = packs[0], np.random.default_rng(4), 0
    for index in np.tile(pack.indices(False), 4):
        pair, before = pack.arrays(int(index)), pack.arrays(int(index))
        see(rng, pair, aug.half_body, aug.least_worn)
        if rng.random() < 0.5:
            mirror(pair)
        moved += not np.array_equal(pair.labels, before.labels)
        assert np.array_equal(pair.worn_mask, pair.labels == SIDED_LABELS.index(pair.slot))
        colour = np.median(before.image[before.worn_mask], axis=0)
        assert np.abs(np.median(pair.image[pair.worn_mask], axis=0) - colour).max() < 6
        seen = pair.joints[:, 2] > 0
        wrists = {joint: name for joint, name in ((4, "right_arm"), (7, "left_arm")) if seen[joint]}
        for joint, name in wrists.items():
            x, y = pair.joints[joint, :2].astype(int)
            assert SIDED_LABELS[pair.labels[y, min(x, 191)]] == name
    assert moved > 30


def test_a_mirror_is_the_samples_own_mirror(packs):
    pack, index = packs[0], int(packs[0].indices(False)[0])
    pair = pack.arrays(index)
    mirror(pair)
    ours, theirs = sample_of(pair, ""), pack.sample(index).flip()
    assert np.array_equal(ours.person.image_u8, theirs.person.image_u8)
    assert np.array_equal(ours.person.parsing.labels, theirs.person.parsing.labels)
    present = theirs.person.pose.present
    assert np.array_equal(ours.person.pose.present, present)
    assert np.allclose(ours.person.pose.keypoints_xy[present], theirs.person.pose.keypoints_xy[present])
    assert ours.garment == theirs.garment and np.array_equal(ours.worn_mask, theirs.worn_mask)


def test_studio_people_before_other_backgrounds(packs):
    rng, aug = np.random.default_rng(9), replace(NO_AUGMENTATION, backdrop=1.0)
    batches, pack = TryOnBatches(packs, augmentation=aug), packs[0]
    for index in pack.indices(False):
        before, after = pack.arrays(int(index)), batches.sample(rng, pack, int(index)).sample.person.image_u8
        person = cv2.erode((before.labels > 0).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
        assert np.array_equal(after[person], before.image[person]), "the person is the same"
        assert (after[before.labels == 0] != before.image[before.labels == 0]).any(-1).mean() > 0.9
    real = batches.sample(rng, packs[1], int(packs[1].indices(False)[0])).sample.person.image_u8
    assert np.array_equal(real, packs[1].arrays(int(packs[1].indices(False)[0])).image)


def test_what_stands_beside_a_person():
    image = np.random.default_rng(10).integers(0, 255, (64, 96, 3), np.uint8)
    image[:, :10] = image[:, -30:] = 90
    labels = np.zeros((64, 96), np.uint8)
    labels[20:, 45:50] = 9
    strip = beside_person(np.random.default_rng(0), image, labels)
    assert np.array_equal(strip, image[:, 10:40]), "neither the padding nor the person"
    labels[20:, 20:25] = 9
    assert beside_person(np.random.default_rng(0), image, labels) is None


def test_holes_lie_in_exposed_arms(packs):
    aug = replace(NO_AUGMENTATION, holes=1.0)
    pack = packs[0]
    for index in pack.indices(False, "top"):
        rng = np.random.default_rng(5)
        plain = TryOnBatches([pack], augmentation=NO_AUGMENTATION).sample(rng, pack, int(index))
        holed = TryOnBatches([pack], augmentation=aug).sample(rng, pack, int(index))
        added = holed.erased & ~plain.erased
        assert not (plain.erased & ~holed.erased).any()
        arms = [SIDED_LABELS.index(name) for name in ("left_arm", "right_arm")]
        assert np.isin(holed.sample.person.parsing.labels[added], arms).all()
    region = np.zeros((64, 48), bool)
    region[10:50, 10:40] = True
    shares = [irregular_holes(np.random.default_rng(seed), region)[region].mean() for seed in range(30)]
    assert 0.02 < np.mean(shares) < 0.6 and min(shares) > 0
    assert not irregular_holes(np.random.default_rng(0), np.zeros((8, 8), bool)).any()


def test_a_longer_garment_hides_what_is_below_the_hem_but_no_hand():
    labels = np.zeros(HW, np.uint8)
    worn = np.zeros(HW, bool)
    worn[60:120, 70:120] = True
    labels[worn] = SIDED_LABELS.index("top")
    labels[120:240, 75:115] = SIDED_LABELS.index("bottom")
    labels[60:140, 60:70] = SIDED_LABELS.index("right_arm")
    for seed in range(20):
        hidden = longer_garment(np.random.default_rng(seed), labels, worn)
        assert hidden[121:123, 75:115].all() and not hidden[180:].any() and not hidden[:105].any()
        assert not hidden[labels == SIDED_LABELS.index("right_arm")].any()
    assert not longer_garment(np.random.default_rng(0), labels, worn & False).any()


def test_only_tops_and_outerwear_are_taken_to_have_been_longer(packs):
    always = TryOnBatches(packs, augmentation=replace(NO_AUGMENTATION, longer=1.0))
    never = TryOnBatches(packs, augmentation=NO_AUGMENTATION)
    for pack in packs:
        for index in pack.indices(held_out=False):
            more, as_is = (b.sample(np.random.default_rng(1), pack, int(index)).erased for b in (always, never))
            assert (more >= as_is).all()
            changed = bool((more & ~as_is).any())
            assert changed == (TRYON_SLOTS[pack.pairs[index, 2]] in ("top", "outer"))


def test_a_wider_garment_grows_into_the_background_alone():
    labels = np.zeros(HW, np.uint8)
    labels[120:160, 80:112], labels[160:230, 80:92] = SIDED_LABELS.index("bottom"), SIDED_LABELS.index("left_leg")
    labels[100:150, 112:118] = SIDED_LABELS.index("left_arm")
    skirts = 0
    for seed in range(40):
        wider = widen_garment(np.random.default_rng(seed), labels, "bottom")
        changed = wider != labels
        assert changed.any() and (labels[changed] == 0).all() and (wider[changed] == SIDED_LABELS.index("bottom")).all()
        assert not changed[:99].any() and not changed[:, :47].any()
        hidden = wider > 0
        if not hidden[230:].any():  # a skirt from the waist to the ankles: each row covers what the one above does
            skirts += 1
            assert hidden[229, 80:112].all() and (hidden[121:230, :112] >= hidden[120:229, :112]).all()
    assert 8 <= skirts <= 24


def test_a_wider_old_garment_changes_what_is_erased_but_not_the_truth(packs):
    pack = packs[0]
    index = int(pack.indices(False)[0])
    wide, as_is = (TryOnBatches(packs, augmentation=replace(NO_AUGMENTATION, wider=share)).sample(
        np.random.default_rng(2), pack, index) for share in (1.0, 0.0))  # fmt: skip
    assert (wide.erased >= as_is.erased).all() and wide.erased.sum() > as_is.erased.sum()
    assert np.array_equal(wide.labels, as_is.labels)
    assert np.array_equal(wide.sample.person.image_u8, as_is.sample.person.image_u8)


def test_what_estimators_get_wrong(packs):
    pair, rng = packs[0].arrays(0), np.random.default_rng(6)
    shaken = [shake_parsing(rng, pair.labels, 140.0) for _ in range(40)]
    wrong = np.array([(labels != pair.labels).mean() for labels in shaken])
    assert 0.001 < np.median(wrong) < 0.06 and wrong.max() < 0.4
    assert all(labels.dtype == np.uint8 and labels.max() < len(SIDED_LABELS) for labels in shaken)
    joints = [shake_joints(rng, pair.joints, 256, 0.006, 0.05) for _ in range(60)]
    kept = np.array([j[:, 2] > 0 for j in joints])
    present = pair.joints[:, 2] > 0
    assert not kept[:, ~present].any() and 0.9 < kept[:, present].mean() < 0.99
    error = np.concatenate([(j - pair.joints)[k][:, :2] for j, k in zip(joints, kept, strict=True)])
    assert 1.2 < error.std() < 1.9
    assert all((shake_joints(rng, pair.joints, 256, 0, 1.0)[:, 2] > 0).sum() >= 4 for _ in range(3))


def test_mix_of_packs_and_slots(packs):
    rng = np.random.default_rng(7)
    drawn = [TryOnBatches(packs, mix=PairMix(real=0.3)).draw(rng) for _ in range(400)]
    assert 0.2 < np.mean([pack.form == "ccp" for pack, _ in drawn]) < 0.4
    assert not any(pack.held_out[pack.pairs[i, 0]] for pack, i in drawn), "held-out photos are never trained on"
    mix = PairMix(slots={"top": 3.0, "bottom": 1.0, "dress": 0.0})
    slots = [TRYON_SLOTS[pack.pairs[i, 2]] for pack, i in (TryOnBatches(packs, mix=mix).draw(rng) for _ in range(400))]
    assert 0.65 < slots.count("top") / 400 < 0.85 and slots.count("dress") < 4
    only = TryOnBatches(packs, slots=("bottom",))
    assert set(only.batch(rng, 6)["inputs"].slot.tolist()) == {TRYON_SLOTS.index("bottom")}
    with pytest.raises(InputError, match="outer"):
        TryOnBatches(packs, slots=("outer",))


def test_bare_legs_are_told_from_tights_and_trousers():
    def shown(**person):
        person = drawn_person(**person)
        return shows_bare_legs(person.image_u8, person.parsing.labels)

    assert shown(wears=("top",)) and not shown(wears=("top", "bottom"))
    assert not shown(wears=("top",), colours={"left_leg": (25, 25, 30), "right_leg": (25, 25, 30)})


def test_bare_legs_are_drawn_more_often(tmp_path):
    pack_pairs([write_studio(tmp_path / "studio", training=5, held_out=1)], tmp_path / "pack", processes=1)
    pack = PairPack(tmp_path / "pack")
    bare = int(pack.pairs[pack.indices(held_out=False, slot="bottom")[0], 0])
    photos, parsings = (np.load(tmp_path / "pack" / f"{name}.npy", mmap_mode="r+") for name in ("photos", "parsing"))
    face = np.isin(parsings[bare], SIDED_LABELS.index("face"))
    photos[bare, 180:220, 70:120], parsings[bare, 180:220, 70:120] = photos[bare][face].mean(0), _LEFT_LEG
    photos.flush(), parsings.flush()

    def share(weight):
        source = TryOnBatches([PairPack(tmp_path / "pack")], ("bottom",), PairMix(bare_legs=weight))
        rng = np.random.default_rng(9)
        return np.mean([pack.pairs[source.draw(rng)[1], 0] == bare for _ in range(200)])

    assert share(0.0) < 0.5 and 0.35 < share(0.5) < 0.8 and share(1.0) == 1.0


def test_one_kind_of_pack_is_enough(packs):
    for pack in packs:
        assert TryOnBatches([pack]).draw(np.random.default_rng(8))[0] is pack
