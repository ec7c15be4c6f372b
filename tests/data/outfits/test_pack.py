"""Shards -> pack -> OutfitPack, and what evaluation reads from either."""

import json

import numpy as np
import pytest
from drawn.studio import keys, outfit_members, write_shard, write_studio

from vton.conditioning.articles import article_stack
from vton.conditioning.canvas import extent
from vton.conditioning.photos.article_photo import load_article
from vton.data.formats.studio_shards import StudioShards
from vton.data.held_out import is_held_out
from vton.data.outfits.article_pictures import PICTURE_KINDS, pack_picture
from vton.data.outfits.evaluation_data import EvaluationData
from vton.data.outfits.pack import OutfitPack, unpack_article
from vton.data.outfits.writer import pack_outfits
from vton.schema import SLOTS, InputError

HW = (64, 48)


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    return write_studio(tmp_path_factory.mktemp("studio"), training=4, held_out=2)


@pytest.fixture(scope="module")
def packed(studio, tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs") / "pack"
    pack_outfits([studio], folder, HW, processes=1)
    return OutfitPack(folder)


def test_round_trip(studio, packed):
    shards = StudioShards(studio)
    assert len(packed) == 12 and packed.meta["outfits"] == 6 and packed.size_hw == HW
    for k, outfit in enumerate(shards):
        facts = {"key": outfit.key, "gender": outfit.gender, "slots": outfit.slots, "wear": outfit.wear}
        assert packed.outfits[k] == facts
        assert [len(packed.kinds(k, s)) > 0 for s in range(len(SLOTS))] == [slot in outfit.slots for slot in SLOTS]
        for m, photo in zip(packed.outfit_photos(k), outfit.photos, strict=True):
            assert np.array_equal(packed.photos[m], photo.image_u8)
            assert np.array_equal(packed.photo_parsing(m).labels, photo.parsing.labels)
            assert packed.pose(m) == photo.pose


def test_articles_are_made_as_uploads_are(studio, packed):
    outfit = StudioShards(studio)[0]
    upload = load_article(outfit.articles["top"], "top")
    top = packed.article(0, SLOTS.index("top"))
    assert np.array_equal(top, np.dstack([upload.image_u8, upload.mask_u8])) and top.shape == (256, 192, 4)
    assert packed.article(0, SLOTS.index("accessory")) is None


def test_an_unpacked_article_gives_the_same_condition(studio):
    packshot = StudioShards(studio)[0].articles["top"]
    soft = pack_picture(packshot, "top", (128, 96))
    again = unpack_article("top", soft)
    assert ((soft[..., 3] > 0) & (soft[..., 3] < 255)).any(), "no soft edge: the case is not tested"
    repacked = pack_picture(np.dstack([again.image_u8, again.mask_u8]), "top", (128, 96))
    assert np.abs(repacked.astype(int) - soft).mean() <= 1


def test_places_point_into_the_pictures_as_they_are_laid_out(tmp_path):
    """The corner of an article in the photo is the corner of its mask, in the packshot and laid flat alike."""
    pack_outfits([write_studio(tmp_path / "studio", 1, 0, pictures=True)], tmp_path / "pack", HW, processes=1)
    packed, shards = OutfitPack(tmp_path / "pack"), StudioShards(tmp_path / "studio")
    for slot in ("top", "bottom"):
        number = SLOTS.index(slot)
        assert [PICTURE_KINDS[kind] for kind in packed.kinds(0, number)] == ["body", "flat"]
        worn = shards[0].photos[0].parsing.mask(slot)
        top, bottom, left, right = extent(worn)
        for kind in (0, 1):
            xy, shown = packed.places_of(0, kind)
            first, last, start, end = extent(packed.article(0, number, kind)[..., 3])
            known = (shown >= 0) & worn[::2, ::2]
            assert known.sum() > 0.7 * worn[::2, ::2].sum(), "the rim of the article may be unknown"
            rows, columns = np.nonzero(known)
            y = first + (2 * rows + 1 - top) / (bottom - top) * (last - first)
            x = start + (2 * columns + 1 - left) / (right - left) * (end - start)
            seen = shown[known] == 1
            hidden_below = top + (bottom - top) / 2 if (slot, kind) == ("bottom", 1) else bottom
            assert (seen == (2 * rows + 1 <= hidden_below)).all()
            off = (xy[known] + 1) * (96, 128) - np.column_stack([x, y])
            assert np.abs(off[seen]).max() < 0.7, (slot, kind)
    assert (shown[0] == -1).all() and not xy[0].any()


def test_a_pack_has_the_kinds_of_pictures_that_its_data_set_has(tmp_path):
    """Copied from how it lies flat, an article that somebody else wears is found where the flat one is."""
    plain = outfit_members({"top": (200, 30, 30), "bottom": (30, 30, 200)}, pictures=True)
    copied = {name.replace("flat", "worn"): data for name, data in plain.items() if "flat" in name}
    sets = {"neither": {"1": outfit_members({"top": (200, 30, 30)})}, "flat": {"1": plain},
            "worn": {"1": plain, "2": plain | copied}}  # fmt: skip
    packs = {}
    for name, outfits in sets.items():
        write_shard(tmp_path / name / "a.tar", outfits)
        pack_outfits([tmp_path / name], tmp_path / f"{name}-pack", HW, processes=1)
        packs[name] = OutfitPack(tmp_path / f"{name}-pack")
    assert [pack.picture_kinds for pack in packs.values()] == [PICTURE_KINDS[:n] for n in (1, 2, 4)]
    worn, top = packs["worn"], SLOTS.index("top")
    assert worn.kinds(0, top).tolist() == [0, 1] and worn.kinds(1, top).tolist() == [0, 1, 3]
    assert np.array_equal(worn.article(1, top, 3), worn.article(1, top, 1))
    (photo, _), flat, other = worn.outfit_photos(1), PICTURE_KINDS.index("flat"), PICTURE_KINDS.index("worn")
    for a, b in zip(worn.places_of(photo, other), worn.places_of(photo, flat), strict=True):
        assert np.array_equal(a, b) and a.any()


def test_outfit_of_a_pack_feeds_the_generator(packed):
    articles, presence = article_stack([packed.outfit(0)], (128, 96))
    assert articles.shape == (1, 6, 4, 128, 96)
    assert presence[0].tolist() == [len(packed.kinds(0, s)) > 0 for s in range(len(SLOTS))]


def test_all_looks_of_one_geometry_lie_on_one_side():
    kept = [key for key in (f"001{i:06d}" for i in range(400)) if is_held_out(key)]
    assert 5 < len(kept) < 50
    assert all(is_held_out(f"{key}-{look}") for key in kept for look in range(12))
    assert not any(is_held_out(f"{key}-{look}") for key in keys(False, 40) for look in range(12))


def test_held_out_is_by_outfit_and_stays(studio, packed):
    expected = [key in keys(True, 2) for key in (o["key"] for o in packed.outfits)]
    assert packed.held_out.astype(bool).tolist() == expected and sum(expected) == 2
    inside, outside = packed.photo_indices(held_out=True), packed.photo_indices(held_out=False)
    assert len(inside) == 4 and len(outside) == 8
    assert not set(packed.outfit_index[inside]) & set(packed.outfit_index[outside])
    share = np.mean([is_held_out(f"001{i:06d}") for i in range(4000)])
    assert 0.03 < share < 0.07


def test_other_size(studio, tmp_path):
    pack_outfits([studio], tmp_path / "small", (32, 24), processes=1)
    small = OutfitPack(tmp_path / "small")
    assert small.photos.shape[1:] == (32, 24, 3)
    full = StudioShards(studio)[0].photos[0]
    assert small.pose(0).keypoints_xy[0].tolist() == (full.pose.keypoints_xy[0] / 2).tolist()
    assert set(np.unique(small.parsing[0])) <= set(np.unique(full.parsing.labels))


def test_repacking_replaces_and_damage_is_skipped(tmp_path):
    good = outfit_members({"top": (200, 30, 30)})
    shard = tmp_path / "data" / "a.tar"
    write_shard(shard, {"1": good})
    pack_outfits([shard.parent], tmp_path / "pack", HW, processes=1)
    open_before = OutfitPack(tmp_path / "pack")
    write_shard(shard, {"1": good, "2": good | {"p1.webp": b"broken"}, "3": good})
    meta = pack_outfits([shard.parent], tmp_path / "pack", HW, processes=1)
    after = OutfitPack(tmp_path / "pack")
    assert [outfit["key"] for outfit in after.outfits] == ["1", "3"] and len(after) == 4
    assert len(meta["skipped"]) == 1 and "Outfit 2" in meta["skipped"][0]
    assert after.outfit_index.tolist() == [0, 0, 1, 1]
    assert np.array_equal(open_before.photos[1], after.photos[1])
    assert [path.name for path in tmp_path.iterdir() if "partial" in path.name] == []


def test_only_photos_of_the_whole_person_with_free_hands_are_packed(tmp_path):
    files = outfit_members({"top": (200, 30, 30)}, shifts=(-3, 0, 3))

    def changed(*facts):
        meta = json.loads(files["json"])
        for photo, more in zip(meta["photos"], facts, strict=True):
            photo.update(more)
        return files | {"json": json.dumps(meta).encode()}

    crop, phone, street = {"framing": "hip"}, {"held": "phone"}, {"place": "street"}
    write_shard(tmp_path / "a.tar", {"1": changed(crop, {}, phone), "2": changed(crop, phone, street), "3": files})
    meta = pack_outfits([tmp_path], tmp_path / "pack", HW, processes=1)
    packed = OutfitPack(tmp_path / "pack")
    assert [outfit["key"] for outfit in packed.outfits] == ["1", "3"] and packed.outfit_index.tolist() == [0, 1, 1, 1]
    assert np.array_equal(packed.photos[0], StudioShards(tmp_path)[0].photos[1].image_u8)
    assert meta["photos_left_out"] == 5 and meta["skipped"] == []
    write_shard(tmp_path / "a.tar", {"2": changed(crop, phone, crop)})
    with pytest.raises(InputError, match="whole person"):
        pack_outfits([tmp_path], tmp_path / "none", HW, processes=1)


def test_two_processes_give_the_same_pack(studio, packed, tmp_path):
    pack_outfits([studio], tmp_path / "pack", HW, processes=2)
    other = OutfitPack(tmp_path / "pack")
    for name in ("photos", "parsing", "keypoints", "places", "pictures", "picture_rows", "held_out"):
        assert np.array_equal(getattr(other, name), getattr(packed, name)), name


def test_users_errors(studio, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("keep")
    with pytest.raises(InputError, match="not a pack of outfits"):
        pack_outfits([studio], tmp_path / "mine", HW, processes=1)
    assert (tmp_path / "mine" / "letter.txt").read_text() == "keep"
    with pytest.raises(InputError, match="vton pack"):
        OutfitPack(tmp_path / "mine")
    pack_outfits([studio], tmp_path / "pack", HW, processes=1)
    meta = json.loads((tmp_path / "pack" / "meta.json").read_text())
    (tmp_path / "pack" / "meta.json").write_text(json.dumps(meta | {"photos": 99}))
    with pytest.raises(InputError, match="again"):
        OutfitPack(tmp_path / "pack")
    (tmp_path / "pack" / "meta.json").write_text(json.dumps(meta | {"picture_kinds": ["body", "folded"]}))
    with pytest.raises(InputError, match="another version"):
        OutfitPack(tmp_path / "pack")


@pytest.mark.parametrize("form", ["shards", "pack"])
def test_evaluation_data_is_the_same_from_both_forms(form, studio, tmp_path):
    folder = studio
    if form == "pack":
        pack_outfits([studio], tmp_path / "pack", HW, processes=1)
        folder = tmp_path / "pack"
    data = EvaluationData(folder)
    photos = data.held_out_photos()
    assert [photo.key for photo in photos] == sorted(key for key in keys(True, 2) for _ in (0, 1))
    assert data.description["form"] == form and data.description["held_out_outfits"] == 2
    assert photos[0].parsing.silhouette().any() and len(photos[0].outfit) >= 2
    assert len(data.held_out_photos(3)) == 3
    assert len(data.training_photos(3)) == 3 and len(data.training_photos()) == 8
    assert len({image.tobytes() for image in data.training_photos(6)}) == 6
    half = photos[0].resized((32, 24))
    assert half.image_u8.shape == (32, 24, 3) and half.pose.size_hw == (32, 24)
