"""Readers of users' own data sets: every layout gives the same drawn person, pose, parsing and garment."""

import numpy as np
import pytest
from drawn.studio import JOINTS
from drawn.tryon_folders import SHIRT, save, save_json, write_acgpn, write_dresscode, write_viton, write_viton_hd

from vton.data.formats.tryon_folders import listed_pairs
from vton.data.pairs.pack import PairPack
from vton.data.pairs.writer import pack_pairs
from vton.data.source import find_source
from vton.schema import InputError
from vton.schema.label_sets import ACGPN14, ATR18, CIHP20, LIP20

UPPER = {"top": "upper", "arms": "right_arm"}
WRITERS = {
    "viton": lambda folder: write_viton(folder, LIP20, UPPER),
    "viton-hd": lambda folder: write_viton_hd(folder, CIHP20, UPPER | {"neck": "torso_skin"}),
    "dresscode": lambda folder: write_dresscode(folder, ATR18, UPPER),
    "acgpn": lambda folder: write_acgpn(folder, ACGPN14, UPPER | {"pants": "bottom", "neck": "neck"}),
}
KEYS = {
    "viton": ["000001_0.top", "000002_0.top", "000003_0.top", "000003_0.top+000004_1", "000004_0.top",
              "000004_0.top+000003_1"],
    "viton-hd": ["00001_00.top", "00002_00.top", "00002_00.top+00003_00"],
    "dresscode": ["upper_body/000001.top", "lower_body/000002.bottom", "lower_body/000003.bottom",
                  "lower_body/000003.bottom+lower_body/000004", "dresses/000005.dress"],
    "acgpn": ["000001_0.top", "000002_0.top"],
}  # fmt: skip


@pytest.fixture(scope="module", params=WRITERS)
def pack(request, tmp_path_factory):
    folder = WRITERS[request.param](tmp_path_factory.mktemp(request.param))
    out = tmp_path_factory.mktemp("packs") / request.param
    meta = pack_pairs([folder], out, processes=1)
    assert meta["skipped"] == [] and meta["forms"] == [request.param]
    return PairPack(out)


def test_lists_and_splits(pack):
    assert pack.keys == KEYS[pack.form]
    held_out, swapped = pack.indices(True), pack.indices(True, paired=False)
    assert [pack.keys[i] for i in swapped] == [key for key in pack.keys if "+" in key]
    assert len(pack.indices(False)) + len(held_out) + len(swapped) == len(pack)
    assert len(held_out) >= 1 and not len(pack.indices(False, paired=False))
    assert pack.meta["photos"] == len({key.partition(".")[0] for key in pack.keys}), "a photo is stored once"


def test_what_is_where(pack):
    for i in range(len(pack)):
        sample = pack.sample(i)
        person, worn = sample.person, sample.worn_mask
        assert person.size_hw == (256, 192) and sample.paired == ("+" not in sample.key)
        shift = int(sample.key[5]) - 2 if pack.form == "viton" else 0
        expected = (np.array(JOINTS) + (shift, 0)) * 4
        assert np.abs(person.pose.keypoints_xy - expected).max() < 0.01 and person.pose.present.all()
        # Boxes of `drawn.studio`, four times as large: the right arm is on the left of the picture.
        row, middle = 80, (24 + shift) * 4
        names = [person.parsing.names[n] for n in person.parsing.labels[row, [middle - 40, middle + 40]]]
        assert names == ["right_arm", "left_arm"]
        assert person.parsing.mask("hair")[24, middle] and person.parsing.mask("face")[44, middle]
        assert person.parsing.mask(sample.slot).any()
        if sample.paired:
            assert np.array_equal(worn, person.parsing.mask(sample.slot)) and worn.mean() > 0.05


def test_garments_are_cut_out(pack):
    sample = pack.sample(0)
    inside = sample.garment.mask_u8 > 0
    assert 0.4 < inside.mean() < 0.8
    assert np.abs(sample.garment.image_u8[inside].mean(0) - SHIRT).max() < 12


def test_every_format_is_told_from_the_others(tmp_path):
    for form, write in WRITERS.items():
        assert find_source(write(tmp_path / form)).form == form
    (tmp_path / "letters").mkdir()
    with pytest.raises(InputError, match="no format"):
        find_source(tmp_path / "letters")
    with pytest.raises(InputError, match="does not exist"):
        find_source(tmp_path / "nothing")


def test_sides_of_the_data_set_count_more_than_the_pose(tmp_path):
    folder = write_acgpn(tmp_path, ACGPN14, {"top": "upper", "arms": "left_arm"})
    (row,) = find_source(folder).pairs()[0]()
    arms = row.photo.parsing[80, [96 - 40, 96 + 40]]
    assert len(set(arms.tolist())) == 1, "the labels say that both arms are the left one"


def test_the_neck_of_cp_vton_plus(tmp_path):
    folder = write_viton(tmp_path, (*LIP20, "neck"), UPPER | {"neck": "neck"})
    for split in ("train", "test"):
        (folder / split / "image-parse").rename(folder / split / "image-parse-new")
    source = find_source(folder)
    assert source.form == "viton"
    photo = source.pairs()[1]()[0].photo
    assert photo.parsing[60, 96] == photo.parsing[44, 96], "the neck belongs to the face"


def test_what_is_missing_is_said(tmp_path):
    folder = write_viton(tmp_path / "viton", LIP20, UPPER)
    (folder / "train" / "image" / "000001_0.jpg").unlink()
    (folder / "train" / "image-parse" / "000002_0.png").unlink()
    save_json(folder / "test" / "pose" / "000003_0_keypoints.json", {"people": []})
    save(folder / "test" / "image-parse" / "000004_0.png", np.zeros((256, 192, 3), np.uint8))
    with pytest.raises(InputError, match="No pair was found: .*000001_0.jpg"):
        pack_pairs([folder], tmp_path / "out", processes=1)
    jobs = find_source(folder).pairs()
    for job, match in zip((1, 2, 4), ("000002_0.png", "No person", "palette"), strict=True):
        with pytest.raises(InputError, match=match):
            jobs[job]()
    for name in ("train_pairs.txt", "test_pairs.txt"):
        (folder / name).unlink()
    with pytest.raises(InputError, match="train_pairs.txt"):
        find_source(folder)


def test_other_labels_and_broken_lists(tmp_path):
    folder = write_viton(tmp_path, LIP20, UPPER)
    save(folder / "train" / "image-parse" / "000001_0.png", np.full((256, 192), 77, np.uint8), palette=True)
    with pytest.raises(InputError, match="lip-20"):
        find_source(folder).pairs()[0]()
    (tmp_path / "train_pairs.txt").write_text("000001_0.jpg\n")
    with pytest.raises(InputError, match="each line"):
        listed_pairs(tmp_path / "train_pairs.txt")
