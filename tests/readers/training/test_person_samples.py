"""Samples of persons: joints, labels and pixels stay together through every view, and nothing held out is used."""

import cv2
import numpy as np
import pytest
from drawn.garments import RED, write_clothing
from drawn.people import write_ccp
from drawn.studio import write_studio

from vton.data.garments.pack import pack_garments
from vton.data.persons.pack import PersonPack, pack_persons
from vton.data.persons.rows import NO_LABEL
from vton.readers.training.person_samples import PersonSampler, SampleMix, open_packs
from vton.schema import COCO18, InputError
from vton.schema.label_sets import PARSER_LABELS
from vton.training.backgrounds import PhotoBackgrounds, plain_background
from vton.training.photo_augmentation import SWAP, Camera, ViewRange, blend

SIZE = (128, 96)
CLEAN = Camera(0, 0, 0, 0, 0, 0, 0, 0)


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    root = tmp_path_factory.mktemp("people")
    pack_persons([write_ccp(root / "ccp")], root / "real", SIZE)
    pack_persons([write_studio(root / "studio", 3, 2)], root / "drawn", SIZE)
    return [PersonPack(root / "real"), PersonPack(root / "drawn")]


def sampler(packs, **mix):
    return PersonSampler(packs, SIZE, 2, SampleMix(**{"camera": CLEAN, "bystander": 0, "nobody": 0, **mix}))


def test_sides_are_swapped_in_a_mirror():
    assert [COCO18[i] for i in SWAP[[2, 7, 14]]] == ["left_shoulder", "right_wrist", "left_eye"]
    assert (SWAP[SWAP] == np.arange(18)).all()


@pytest.mark.parametrize("real", [0.0, 1.0])
@pytest.mark.parametrize("flip", [0.0, 1.0])
def test_joints_lie_on_the_labels_of_their_parts(packs, real, flip):
    views = ViewRange(half_body=0.3, flip=flip)
    draws = sampler(packs, real=real, views=views)
    rng, checked = np.random.default_rng(0), []
    for _ in range(60):
        sample = draws.draw(rng)
        assert sample.image_u8.shape == (*SIZE, 3) and sample.labels.shape == (64, 48) and sample.present
        right, left = sample.joints[[2, 5]]
        if min(right[2], left[2]) > 0:
            assert right[0] < left[0], "a person who faces us, mirrored or not, has the right side on our left"
        for joint, names in ((0, {"face"}), (9, {"bottom", "dress"}), (12, {"bottom", "dress"})):
            x, y, confidence = sample.joints[joint]
            found = sample.labels[int(y) // 2, int(x) // 2] if confidence > 0 else NO_LABEL
            if found < len(PARSER_LABELS):
                checked.append(PARSER_LABELS[found] in names)
    # Now and then a joint lies within a pixel of its part's edge.
    assert len(checked) > 60 and np.mean(checked) > 0.9


def test_joints_off_the_canvas_are_not_there(packs):
    draws = sampler(packs, views=ViewRange(half_body=1.0))
    rng = np.random.default_rng(1)
    cut = [draws.draw(rng).joints for _ in range(20)]
    assert any((joints[:, 2] == 0).sum() > 3 for joints in cut)
    for joints in cut:
        inside = ((joints[:, :2] >= 0) & (joints[:, :2] < (SIZE[1], SIZE[0]))).all(1)
        assert not joints[~inside, 2].any()


def test_nobody_means_no_labels_and_no_joints(packs):
    sample = sampler(packs, nobody=1.0).draw(np.random.default_rng(2))
    assert not sample.present and not sample.labels.any() and not sample.joints[:, 2].any()


def test_garments_are_nobody(packs, tmp_path):
    pack_garments([write_clothing(tmp_path / "clothing")], tmp_path / "garments", processes=1)
    with pytest.raises(InputError, match="persons"):
        open_packs([tmp_path / "garments"])
    pack_persons([write_ccp(tmp_path / "ccp")], tmp_path / "people", SIZE)
    persons, garments = open_packs([tmp_path / "garments", tmp_path / "people"])
    assert [len(p) for p in (persons, garments)] == [1, 1]
    draws = PersonSampler(persons, SIZE, mix=SampleMix(nobody=1.0, camera=CLEAN), garments=garments)
    assert all(not pack.items[row]["held_out"] for pack, row in draws.backgrounds.garments)
    rng = np.random.default_rng(6)
    samples = [draws.draw(rng) for _ in range(30)]
    red = [(np.abs(s.image_u8.astype(int) - RED).max(2) < 25).mean() > 0.02 for s in samples]
    assert any(red) and not all(red) and not any(s.present for s in samples)


def test_what_an_occluder_hides_is_neither_labelled_nor_claimed(packs):
    draws = sampler(packs, camera=Camera(0, 0, 0, 1.0, 0, 0, 0, 0), real=0.0)
    rng = np.random.default_rng(3)
    samples = [draws.draw(rng) for _ in range(20)]
    assert any((s.labels == NO_LABEL).any() for s in samples)
    hidden = [s.labels[int(y) // 2, int(x) // 2] for s in samples for x, y, c in s.joints if c == 0.5]
    assert hidden and np.mean(np.array(hidden) == NO_LABEL) > 0.8


def test_bystanders_change_pixels_but_no_labels(packs):
    crowd, alone = (sampler(packs, bystander=p, real=0.0, composited=1.0) for p in (1.0, 0.0))
    changed = 0
    for seed in range(6):
        rngs = [np.random.default_rng(seed) for _ in range(2)]
        a, b = crowd.draw(rngs[0]), alone.draw(rngs[1])
        assert (a.labels == b.labels).all() and np.allclose(a.joints, b.joints)
        changed += (a.image_u8 != b.image_u8).any()
    assert changed


def test_labels_end_where_the_cut_out_person_ends(packs):
    cut_out, whole = (sampler(packs, real=0.0, composited=p) for p in (1.0, 0.0))
    thinner = 0
    for seed in range(8):
        a, b = (draws.draw(np.random.default_rng(seed)).labels for draws in (cut_out, whole))
        assert ((a == b) | (a == 0)).all() and (a != b).mean() < 0.05
        thinner += (a != b).any()
    assert thinner


@pytest.mark.parametrize("real", [0.0, 1.0])
def test_dyed_articles_keep_their_labels_and_the_backdrop_its_colours(packs, real):
    pair = [PersonSampler(packs, SIZE, 2, SampleMix(real=real, nobody=0, composited=0, bystander=0, recolour=p,
                                                    views=ViewRange(turned=0), camera=CLEAN), parsed=True)
            for p in (1.0, 0.0)]  # fmt: skip
    source = pair[0].real if real else pair[0].studio
    pack, photo = source[0]
    for seed in range(20):
        image, labels = np.array(pack.photos[photo]), np.array(pack.parsing[photo])
        before = image.copy()
        pair[0]._recolour(np.random.default_rng(seed), image, labels)
        changed = (image != before).any(2)
        assert not changed[np.isin(labels, [0, *(PARSER_LABELS.index(n) for n in ("face", "hair", "arms"))])].any()
        if changed.any():
            break
    assert changed.sum() > 100
    pair[1]._recolour(np.random.default_rng(seed), before, labels)
    assert (before == np.array(pack.photos[photo])).all()


def test_a_two_coloured_article_is_dyed_on_one_side_only(packs):
    draws = sampler(packs, recolour=1.0, two_coloured=1.0)
    pack, photo = draws.studio[0]
    labels, dyed = np.array(pack.parsing[photo]), []
    for seed in range(12):
        image = np.array(pack.photos[photo])
        draws._recolour(np.random.default_rng(seed), image, labels)
        changed = (image != pack.photos[photo]).any(2)
        dyed += [changed[labels == number].mean() for number in np.unique(labels[changed])]
    assert len(dyed) > 8 and np.mean(np.array(dyed) > 0.98) < 0.2 and 0.25 < np.mean(dyed) < 0.75


def test_the_same_seed_gives_the_same_sample_and_only_training_photos_are_used(packs):
    draws = PersonSampler(packs, SIZE)
    first, again = (draws.draw(np.random.default_rng([5, 8])) for _ in range(2))
    assert (first.image_u8 == again.image_u8).all() and (first.joints == again.joints).all()
    for pack, photo in [*draws.real, *draws.studio]:
        assert not pack.held_out[photo]
    for pack, photo, *_ in draws.backgrounds.strips:
        assert pack.form == "ccp" and not pack.held_out[photo]


def test_persons_seen_from_behind_are_drawn_more_often(tmp_path):
    pack_persons([write_studio(tmp_path / "studio", 3, 2)], tmp_path / "turned", SIZE)
    keypoints = np.load(tmp_path / "turned" / "keypoints.npy")
    turned = next(i for i in PersonPack(tmp_path / "turned").indices(held_out=False))
    keypoints[turned] = keypoints[turned][SWAP]
    np.save(tmp_path / "turned" / "keypoints.npy", keypoints)
    pack = PersonPack(tmp_path / "turned")
    plain, more = (sampler([pack], real=0, behind=times).studio for times in (1, 5))
    often = [sum(photo == turned for _, photo in places) for places in (plain, more)]
    assert often == [1, 5] and len(more) == len(plain) + 4


def test_parsed_photos_only_and_none_at_all(packs):
    assert len(PersonSampler(packs, SIZE, parsed=True).real) == 2
    with pytest.raises(ValueError):
        PersonSampler([], SIZE)


def test_backgrounds_fill_the_canvas(packs):
    wide = PhotoBackgrounds(packs, plain=0.0)
    rng = np.random.default_rng(4)
    for source in (wide, PhotoBackgrounds([])):
        for _ in range(10):
            assert source.draw(rng, SIZE).shape == (*SIZE, 3)
    assert plain_background(rng, (7, 5)).dtype == np.uint8


def test_blend_is_a_weighted_mean():
    front, back = np.full((2, 2, 3), 200, np.uint8), np.full((2, 2, 3), 100, np.uint8)
    mixed = blend(front, back, np.array([[0, 255], [51, 102]], np.uint8))
    assert mixed[..., 0].tolist() == [[100, 200], [120, 140]]
    assert cv2.countNonZero(cv2.absdiff(blend(front, front, np.full((2, 2), 99, np.uint8)), front)[..., 0]) == 0
