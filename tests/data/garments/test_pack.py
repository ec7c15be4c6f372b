"""Garment packs: pseudo-masks, what of which source becomes a row, composites whose masks lie on their garments."""

import cv2
import numpy as np
import pytest
from drawn.garments import RED, draw_garment, stems, write_clothing, write_co_parsing, write_packshots
from drawn.studio import outfit_members, write_shard

from vton.cli import main
from vton.data.formats.clothing import CATEGORY_SLOT
from vton.data.garments.composites import NO_GARMENT, GarmentComposer
from vton.data.garments.items import KINDS
from vton.data.garments.masks import pseudo_mask, without_garment
from vton.data.garments.pack import GarmentPack, pack_garments
from vton.schema import SLOTS, InputError


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    folder = tmp_path_factory.mktemp("garments")
    sources = [write_clothing(folder / "clothing"), write_co_parsing(folder / "streets")]
    write_packshots(folder / "studio")
    pack_garments([*sources, folder / "studio"], folder / "pack", processes=1)
    return GarmentPack(folder / "pack")


def iou(a, b):
    return (a & b).sum() / (a | b).sum()


def colourful(image_u8):
    """Where a picture of grey things shows a garment."""
    spread = image_u8.astype(int).max(2) - image_u8.astype(int).min(2)
    return cv2.blur((spread > 35).astype(np.float32), (5, 5)) > 0.5


@pytest.mark.parametrize(("boards", "origins"), [(False, ("plain",)), (True, ("grabcut", "rough"))])
def test_a_garment_on_a_floor_is_found(boards, origins):
    image, true = draw_garment(np.random.default_rng(1), boards=boards, size_hw=(300, 224))
    mask, origin = pseudo_mask(image)
    assert origin in origins and iou(mask > 0, true) > 0.93


def test_a_floor_alone_has_no_mask():
    noise = np.random.default_rng(0).normal(128, 40, (200, 150, 3))
    assert pseudo_mask(np.clip(noise, 0, 255).astype(np.uint8)) == (None, "")


def test_without_its_garment_a_photo_shows_the_floor_only():
    image, true = draw_garment(np.random.default_rng(1), boards=True)
    floor = without_garment(image, np.where(true, 255, 0).astype(np.uint8))
    assert not colourful(floor).any() and colourful(image).any()
    assert (floor[:10] == image[:10]).all()


def test_the_sources_become_rows(pack):
    kinds = {kind: len(pack.rows(kind, False)) + len(pack.rows(kind, True)) for kind in KINDS}
    # 6 photos (not the left-out category) with a floor each; 3 people with 2 squares; 3 outfits, first looks only.
    assert kinds == {"photo": 6, "packshot": 3, "person": 3 + 3, "scene": 6, "floor": 6}
    by_key = {item["key"]: item for item in pack.items if item["kind"] == "photo"}
    assert set(by_key) == {*stems(False, 4), *stems(True, 2)}
    assert all(by_key[stem]["held_out"] for stem in stems(True, 2))
    assert not any(by_key[stem]["held_out"] for stem in stems(False, 4))
    assert {item["slot"] for item in by_key.values()} == {"top", "bottom"}


def test_the_photo_of_a_row_has_no_canvas_around_it(pack):
    row = pack.rows("photo", False)[0]
    assert pack.photo(row).shape[:2] == pack.mask(row).shape == (256, 191)
    assert iou(pack.mask(row) > 127, colourful(pack.photo(row))) > 0.95


def test_streets_show_no_person_and_people_have_no_mask(pack):
    for row in pack.rows("scene", False):
        assert not colourful(pack.photo(row)).any()
    for row in pack.rows("person", False):
        assert not pack.mask(row).any() and pack.items[row]["slot"] == ""


def test_a_packshots_colours_go_on_beyond_its_exact_mask(pack):
    row = pack.rows("packshot", False)[0]
    image, mask = pack.photo(row).astype(int), pack.mask(row)
    assert pack.items[row]["mask"] == "exact"
    around = cv2.dilate(mask, np.ones((5, 5), np.uint8)) > 0
    assert np.abs(image[around] - RED).max() < 30


def test_every_category_has_a_slot():
    assert set(CATEGORY_SLOT.values()) == set(SLOTS)


def test_every_picture_of_an_article_is_there_and_accessories_say_what_they_are(tmp_path):
    members = outfit_members({"accessory": RED, "top": RED}, pictures=True)
    mask = cv2.imencode(".png", np.full((256, 192), 255, np.uint8))[1].tobytes()
    write_shard(tmp_path / "studio" / "studio-000-00000.tar",
                {"000000-0": {"accessory.mask.png": mask, "top.mask.png": mask} | members})  # fmt: skip
    pack_garments([tmp_path / "studio"], tmp_path / "pack", processes=1)
    items = [item for item in GarmentPack(tmp_path / "pack").items if item["kind"] == "packshot"]
    assert [item["key"] for item in items if item["slot"] == "top"] == ["000000-0-top", "000000-0-top-flat"]
    assert all(item["accessory"] == ("bag" if item["slot"] == "accessory" else "") for item in items)


@pytest.mark.parametrize("kind", ["packshots", "cut_outs"])
def test_the_mask_of_a_composite_lies_on_its_garment(pack, kind):
    composer, rng = GarmentComposer(pack, 96), np.random.default_rng(0)
    rows = getattr(composer, kind)
    ious = []
    for i in range(12):
        sample = composer.composite(int(rows[i % len(rows)]), rng)
        assert sample.image_u8.shape == (96, 96, 3) and sample.mask.shape == (96, 96)
        assert 0 <= sample.mask.min() and 0.9 < sample.mask.max() <= 1
        assert SLOTS[sample.slot] == pack.items[rows[i % len(rows)]]["slot"]
        ious.append(iou(sample.mask > 0.5, colourful(sample.image_u8)))
    assert np.median(ious) > 0.8


def test_a_pasted_garment_stays_as_it_is(pack):
    composer, row = GarmentComposer(pack, 256), int(pack.rows("packshot", False)[0])
    sample = composer.pasted(row, np.random.default_rng(0))
    inside = pack.masks[row] == 255
    assert np.abs(sample.image_u8[inside].astype(int) - pack.photos[row][inside]).max() <= 1
    assert (sample.mask == pack.masks[row] / np.float32(255)).all() and (sample.image_u8[~inside] != 255).any()


def test_the_mask_moves_with_a_real_photo(pack):
    composer, rng = GarmentComposer(pack, 128), np.random.default_rng(0)
    samples = [composer.real(int(row), rng) for row in composer.photos]
    assert np.median([iou(s.mask > 0.5, colourful(s.image_u8)) for s in samples]) > 0.85


def test_negatives_are_empty_and_the_generator_decides_everything(pack):
    composer = GarmentComposer(pack, 64)
    for seed in range(20):
        sample = composer.negative(np.random.default_rng(seed))
        assert sample.slot == NO_GARMENT and not sample.mask.any()
    row = int(composer.cut_outs[0])
    one, same, other = (composer.composite(row, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert (one.image_u8 == same.image_u8).all() and (one.image_u8 != other.image_u8).any()


def test_training_and_held_out_rows_share_nothing(pack):
    training, held_out = GarmentComposer(pack), GarmentComposer(pack, held_out=True)
    for name in ("packshots", "photos", "people", "scenes", "floors"):
        both = set(getattr(training, name)) & set(getattr(held_out, name))
        assert not both and len(getattr(held_out, name))


def test_the_command_packs_and_names_what_is_wrong(tmp_path, capsys):
    clothing = write_clothing(tmp_path / "clothing", 2, 1)
    broken = stems(False, 1)[0]
    (clothing / "photos" / f"{broken}.jpg").write_bytes(b"no picture")
    out = tmp_path / "pack"
    command = ["pack", "--kind", "garments", "--processes", "1", "--out", str(out), "--data"]
    assert main([*command, str(clothing)]) == 0
    assert f"{broken}.jpg" in capsys.readouterr().err
    assert len(GarmentPack(out)) == 4
    assert main([*command, str(tmp_path)]) == 2
    assert "no format that is known" in capsys.readouterr().err
    with pytest.raises(InputError, match="not a pack of garments"):
        GarmentPack(tmp_path)
