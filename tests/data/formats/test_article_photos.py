"""vton.data.formats.studio_shards: photos of articles as people take them, beside the packshots."""

import cv2
import numpy as np
from drawn.studio import draw_packshot, outfit_members, write_shard

from vton.data.formats.studio_shards import article_kinds, index_shard, read_article_photo, read_outfit


def test_photos_of_articles_are_found_by_slot_and_kind(tmp_path):
    files = outfit_members({"top": (200, 30, 40), "bottom": (20, 30, 90)})
    mask = np.zeros((256, 192), np.uint8)
    mask[48:208, 48:144] = 255
    image = cv2.imencode(".webp", draw_packshot((200, 30, 40))[..., ::-1], (cv2.IMWRITE_WEBP_QUALITY, 101))[1].tobytes()
    extra = {"top.flat.webp": image, "top.flat.mask.png": cv2.imencode(".png", mask)[1].tobytes()}
    (entry,) = index_shard(write_shard(tmp_path / "studio-000-00000.tar", {"000000001-0": extra | files}))
    assert article_kinds(entry, "top") == ["flat"] and article_kinds(entry, "bottom") == []
    photo = read_article_photo(entry, "top", "flat")
    assert photo.shape == (256, 192, 4) and np.array_equal(photo[..., 3], mask)
    assert np.array_equal(photo[..., :3], draw_packshot((200, 30, 40)))
    assert set(read_outfit(entry).articles) == {"top", "bottom"}
