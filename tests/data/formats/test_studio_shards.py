"""The shard reader: labels, joints, unfinished shards, damaged outfits."""

import cv2
import numpy as np
import pytest
from drawn.studio import BACKDROP, draw_person, outfit_members, write_shard, write_studio

from vton.conditioning.photos.article_photo import load_article
from vton.data.formats.studio_shards import StudioShards
from vton.schema import InputError

RED, BLUE, BLACK = (200, 30, 30), (30, 40, 200), (20, 20, 20)


def test_reads_what_was_written(tmp_path):
    colours = {"top": RED, "bottom": BLUE, "shoes": BLACK}
    write_shard(tmp_path / "a.tar", {"000000001": outfit_members(colours, shifts=(-4, 0, 4))})
    (outfit,) = StudioShards(tmp_path)
    assert (outfit.key, outfit.gender, set(outfit.slots)) == ("000000001", "female", set(colours))
    assert set(outfit.articles) == set(colours) and len(outfit.photos) == 3
    assert np.abs(outfit.articles["top"][128, 96].astype(int) - RED).max() <= 3
    assert np.abs(outfit.articles["top"][2, 2].astype(int) - BACKDROP).max() <= 3
    photo, (image, labels) = outfit.photos[2], draw_person(colours, 4)
    assert np.array_equal(photo.image_u8, image)
    assert np.array_equal(photo.parsing.mask("bottom"), labels == 9)
    assert np.array_equal(photo.parsing.mask("skin"), np.isin(labels, [3, 5]))
    assert photo.pose.keypoints_xy[0].tolist() == [28, 11] and photo.pose.size_hw == (64, 48)
    assert photo.pose.confidence[[0, 4, 17]].tolist() == pytest.approx([1, 0.6, 0])


def test_hat_beside_a_bag_is_not_the_accessory(tmp_path):
    files = outfit_members({"top": RED, "accessory": BLUE})
    relabelled = files["json"].replace(b'"1": "hair"', b'"1": "hat"')
    write_shard(tmp_path / "plain.tar", {"1": files | {"json": relabelled}})
    (plain,) = StudioShards(tmp_path / "plain.tar")
    assert plain.photos[0].parsing.mask("accessory")[5, 21] and not plain.photos[0].parsing.mask("hair").any()
    without = relabelled.replace(b'"gender"', b'"hat_without_packshot": true, "gender"')
    write_shard(tmp_path / "without.tar", {"1": files | {"json": without}})
    (free,) = StudioShards(tmp_path / "without.tar")
    assert free.photos[0].parsing.mask("hair")[5, 21] and free.photos[0].parsing.mask("accessory").any()


def test_a_packshot_comes_with_its_mask_where_there_is_one(tmp_path):
    files = outfit_members({"top": RED, "bottom": BLUE})
    mask = np.zeros((256, 192), np.uint8)
    mask[48:208, 48:144] = 255
    masked = {"top.mask.png": cv2.imencode(".png", mask)[1].tobytes()} | files
    write_shard(tmp_path / "a.tar", {"1": masked})
    (outfit,) = StudioShards(tmp_path)
    assert np.array_equal(outfit.articles["top"][..., 3], mask) and outfit.articles["bottom"].shape == (256, 192, 3)
    article = load_article(outfit.articles["top"], "top")
    rows, columns = np.flatnonzero((article.mask_u8 > 0).any(1)), np.flatnonzero((article.mask_u8 > 0).any(0))
    assert np.ptp(rows) / np.ptp(columns) == pytest.approx(160 / 96, rel=0.03), "nothing but the mask, laid out"
    assert np.abs(article.image_u8[article.mask_u8 > 0].mean(0) - RED).max() < 6


@pytest.mark.parametrize("lost", [1, 600, 1500, 4000])
def test_an_unfinished_shard_gives_its_complete_outfits(tmp_path, lost):
    members = {key: outfit_members({"top": RED}) for key in ("000000001", "000000002", "000000003")}
    shard = write_shard(tmp_path / "a.tar", members)
    end = len(shard.read_bytes().rstrip(b"\0"))  # of the last JSON, without the tar's padding
    shard.write_bytes(shard.read_bytes()[: end - lost])
    assert [outfit.key for outfit in StudioShards(tmp_path)] == ["000000001", "000000002"]


def test_folders_join_sorted_and_without_doubles(tmp_path):
    write_shard(
        tmp_path / "b" / "x.tar", {"2": outfit_members({"top": RED}), "1": outfit_members({"top": RED})}
    )
    write_shard(
        tmp_path / "a" / "y.tar", {"2": outfit_members({"top": BLUE}), "3": outfit_members({"top": RED})}
    )
    shards = StudioShards([tmp_path / "b", tmp_path / "a"])
    assert [outfit.key for outfit in shards] == ["1", "2", "3"] and len(shards) == 3
    assert np.abs(shards[1].articles["top"][128, 96].astype(int) - RED).max() <= 3


def test_users_errors(tmp_path):
    with pytest.raises(InputError, match="nowhere"):
        StudioShards(tmp_path / "nowhere")
    with pytest.raises(InputError, match="tar"):
        StudioShards(tmp_path)
    files = outfit_members({"top": RED})
    write_shard(tmp_path / "a.tar", {"1": files | {"p0.png": b"no picture"}})
    with pytest.raises(InputError, match="Outfit 1 of a.tar"):
        list(StudioShards(tmp_path))
    write_shard(tmp_path / "a.tar", {"1": files | {"json": files["json"].replace(b'"top"', b'"cape"', 1)}})
    with pytest.raises(InputError, match="cape"):
        list(StudioShards(tmp_path))


def test_drawn_studio_is_whole(tmp_path):
    assert len(StudioShards(write_studio(tmp_path, training=2, held_out=1))) == 3
