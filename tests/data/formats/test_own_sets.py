"""Users' own data sets as they really are: other names, formats and encodings; what lacks is named with its folder."""

import numpy as np
import pytest
from drawn.tryon_folders import SHIRT, garment, save, write_acgpn, write_dresscode, write_viton, write_viton_hd
from PIL import Image

from vton.data.pairs.pack import PairPack
from vton.data.pairs.writer import pack_pairs
from vton.data.source import find_source
from vton.schema import SIDED_LABELS, InputError
from vton.schema.label_sets import ACGPN14, ATR18, CIHP20, GP_VTON29, LIP20

UPPER = {"top": "upper", "arms": "right_arm"}
SKIN = UPPER | {"neck": "torso_skin"}


@pytest.fixture
def viton_hd(tmp_path):
    return write_viton_hd(tmp_path / "set", CIHP20, SKIN)


def rows_of(folder):
    return [row for job in find_source(folder).pairs() for row in job()]


def same(first, second):
    return len(first) == len(second) and all(
        a.key == b.key and np.array_equal(a.photo.parsing, b.photo.parsing)
        and np.abs(a.garment.rgba.astype(int) - b.garment.rgba).mean() < 2 for a, b in zip(first, second, strict=True)
    )  # fmt: skip


def change_format(folder, suffix):
    for path in list(folder.iterdir()):
        Image.open(path).save(path.with_suffix(suffix))
        path.unlink()


@pytest.mark.parametrize("change", ["masks as PNG", "photos as PNG", "no masks", "masks with an underscore", "BOM"])
def test_it_is_read_as_before(viton_hd, change):
    before = rows_of(viton_hd)
    for split in (viton_hd / "train", viton_hd / "test"):
        if change == "masks as PNG":
            change_format(split / "cloth-mask", ".png")
        elif change == "photos as PNG":
            change_format(split / "image", ".png")
            change_format(split / "cloth", ".PNG")
        elif change == "no masks":
            for path in (split / "cloth-mask").iterdir():
                path.unlink()
            (split / "cloth-mask").rmdir()
        elif change == "masks with an underscore":
            (split / "cloth-mask").rename(split / "cloth_mask")
    if change == "BOM":
        for path in viton_hd.glob("*.txt"):
            path.write_text(path.read_text(), "utf-8-sig")
    after = rows_of(viton_hd)
    assert same(before, after) and len(after) == 3


def test_masks_are_used_where_they_are(viton_hd):
    half = np.zeros(garment()[1].shape, np.uint8)
    half[: len(half) // 2] = 255
    save(viton_hd / "train" / "cloth-mask" / "00001_00.jpg", half)
    before = rows_of(viton_hd)
    change_format(viton_hd / "train" / "cloth-mask", ".png")
    assert same(before[:1], rows_of(viton_hd)[:1])
    change_format(viton_hd / "train" / "cloth-mask", ".webp")
    (viton_hd / "train" / "cloth-mask").rename(viton_hd / "train" / "nothing")
    assert not same(before[:1], rows_of(viton_hd)[:1]), "the whole garment without the mask"


def test_gp_vton(tmp_path):
    folder = write_viton_hd(tmp_path, GP_VTON29, UPPER | {"neck": "neck"})
    for split in ("train", "test"):
        (folder / split / "image-parse-v3").rename(folder / split / "parse-bytedance")
        change_format(folder / split / "cloth-mask", ".png")
        (folder / split / "cloth-mask").rename(folder / split / "cloth_mask-bytedance")
    (folder / "train_pairs.txt").rename(folder / "train_pairs_1018.txt")
    (folder / "test_pairs.txt").unlink()
    (folder / "test_pairs_unpaired_1018.txt").write_text("00002_00.jpg 00003_00.jpg upper\n")
    (folder / "test_pairs_paired_1018.txt").write_text("00002_00.jpg 00002_00.jpg upper\n")
    rows = rows_of(folder)
    assert [row.key for row in rows] == ["00001_00.top", "00002_00.top", "00002_00.top+00003_00"]
    labels = rows[0].photo.parsing
    middle = [SIDED_LABELS[n] for n in labels[[24, 44, 60, 100], 96]]
    assert middle == ["hair", "face", "face", "top"]
    assert [SIDED_LABELS[n] for n in labels[80, [56, 136]]] == ["right_arm", "left_arm"]
    # A sleeve of the person's own left: label 21, which CIHP does not have.
    parsing = np.array(Image.open(folder / "train" / "parse-bytedance" / "00001_00.png"))
    parsing[parsing == GP_VTON29.index("left_arm")] = 21
    save(folder / "train" / "parse-bytedance" / "00001_00.png", parsing, palette=True)
    assert SIDED_LABELS[rows_of(folder)[0].photo.parsing[80, 136]] == "top"


@pytest.mark.parametrize("part", ["image/00001_00.jpg", "cloth/00001_00.jpg", "cloth-mask/00001_00.jpg",
                                  "image-parse-v3/00001_00.png", "openpose_json/00001_00_keypoints.json"])  # fmt: skip
@pytest.mark.parametrize("damage", [lambda path: path.unlink(), lambda path: path.write_bytes(b"\x89PNG cut off")])
def test_the_folder_that_lacks_a_file_is_named(viton_hd, tmp_path, part, damage):
    damage(viton_hd / "train" / part)
    meta = pack_pairs([viton_hd], tmp_path / "pack", processes=1)
    assert meta["pairs"] == 2 and len(meta["skipped"]) == 1
    assert f"train/{part}" in meta["skipped"][0] and str(tmp_path) not in meta["skipped"][0]


def test_the_other_layouts_too(tmp_path):
    viton = write_viton(tmp_path / "viton", LIP20, UPPER)
    acgpn = write_acgpn(tmp_path / "acgpn", ACGPN14, UPPER | {"pants": "bottom", "neck": "neck"})
    dresscode = write_dresscode(tmp_path / "dresscode", ATR18, UPPER)
    before = [rows_of(folder) for folder in (viton, acgpn, dresscode)]
    for folder in (viton / "train" / "cloth-mask", acgpn / "train_edge", viton / "train" / "cloth",
                   acgpn / "test_color", dresscode / "dresses" / "images"):  # fmt: skip
        change_format(folder, ".png")
    for path in (acgpn / "test_edge").iterdir():
        path.unlink()
    (acgpn / "test_edge").rmdir()
    (dresscode / "dresses" / "train_pairs.txt").write_text("000005_0.jpg 000005_1.jpg\n", "utf-8-sig")
    for old, folder in zip(before, (viton, acgpn, dresscode), strict=True):
        assert same(old, rows_of(folder))


def test_equal_names_in_train_and_test_are_two_photos(tmp_path):
    folder = write_viton_hd(tmp_path / "set", CIHP20, SKIN)
    test = folder / "test"
    for path in list(test.rglob("00002_00*")):
        path.rename(path.with_name(path.name.replace("00002", "00001")))
    (folder / "test_pairs.txt").write_text("00001_00.jpg 00003_00.jpg\n")
    save(test / "image" / "00001_00.jpg", np.zeros((384, 288, 3), np.uint8))
    pack_pairs([folder], tmp_path / "pack", processes=1)
    pack = PairPack(tmp_path / "pack")
    assert pack.keys == ["00001_00.top", "test/00001_00.top", "test/00001_00.top+00003_00"]
    assert pack.arrays(0).image.mean() > 100 and pack.arrays(1).image.mean() < 1
    assert np.asarray(pack.held_out).tolist() == [0, 1]


def test_equal_names_in_two_folders_are_two_photos(tmp_path):
    folders = [write_viton_hd(tmp_path / parent / "set", CIHP20, SKIN) for parent in ("first", "second")]
    blue = np.where(garment((20, 40, 200))[1][..., None] > 0, (20, 40, 200), 235).astype(np.uint8)
    save(folders[1] / "train" / "cloth" / "00001_00.jpg", blue)
    pack_pairs(folders, tmp_path / "pack", processes=1)
    pack = PairPack(tmp_path / "pack")
    assert pack.keys[0] == "00001_00.top" and pack.keys[3] == "set-2/00001_00.top" and len(set(pack.keys)) == 6
    colours = [pack.sample(i).garment.image_u8[128, 96].astype(int) for i in (0, 3)]
    assert np.abs(colours[0] - SHIRT).max() < 12 and np.abs(colours[1] - (20, 40, 200)).max() < 12
    assert pack.meta["photos"] == 4


def test_tables_with_a_bom(tmp_path):
    (tmp_path / "labels.csv").write_text("image,label\none,T-Shirt\n", "utf-8-sig")
    (job,) = find_source(tmp_path).garments()
    with pytest.raises(InputError, match="photo|read"):
        job()
