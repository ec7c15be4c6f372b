"""Packs of persons: both forms land on the canvas with joints, boxes and labels where the picture shows them."""

import json

import numpy as np
import pytest
from drawn.people import write_ccp, write_looks
from drawn.studio import JOINTS, write_studio

from vton.cli import main
from vton.data.held_out import is_held_out, is_held_out_photo
from vton.data.persons.pack import PersonPack, pack_persons
from vton.data.persons.rows import NO_LABEL
from vton.data.persons.skin_parts import UNKNOWN_SKIN
from vton.schema import InputError
from vton.schema.label_sets import PARSER_LABELS

SIZE = (128, 64)


@pytest.fixture(scope="module")
def ccp(tmp_path_factory):
    out = tmp_path_factory.mktemp("packs") / "ccp"
    pack_persons([write_ccp(tmp_path_factory.mktemp("ccp"))], out, SIZE)
    return PersonPack(out)


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    out = tmp_path_factory.mktemp("packs") / "studio"
    pack_persons([write_studio(tmp_path_factory.mktemp("studio"), 2, 1)], out, SIZE)
    return PersonPack(out)


def test_real_photos(ccp):
    assert (ccp.form, len(ccp), ccp.meta["held_out"], ccp.meta["with_parsing"]) == ("ccp", 5, 2, 3)
    assert [is_held_out_photo(key) for key in ccp.keys] == np.asarray(ccp.held_out).astype(bool).tolist()
    assert len(ccp.indices(False)) == 3 and len(ccp.indices(False, parsed=True)) == 2
    # 64x48 on 128x64: scaled by 4/3 and centred.
    photo = int(ccp.indices(False)[1])
    expected = np.array(JOINTS) * 64 / 48 + (0, (128 - 64 * 64 / 48) // 2)
    joints = np.array(ccp.keypoints[photo])
    middle = np.r_[0, 2:18]
    assert np.abs(joints[middle, :2] - expected[middle]).max() < 0.01
    assert np.allclose(joints[1, :2], (expected[2] + expected[5]) / 2), "the neck is the middle of the shoulders"
    assert joints[4, 2] == pytest.approx(0.3) and ccp.pose(photo).present.sum() == 18
    rows, columns = ccp.content_of(photo)
    assert (rows.stop - rows.start, columns.stop - columns.start) == (85, 64)


def test_labels_of_real_photos(ccp):
    parsed, bare = (int(i) for i in ccp.indices(False)[[1, 2]])
    labels = np.array(ccp.parsing[parsed])
    x, y = (int(v) for v in ccp.keypoints[parsed, 8, :2] + (6, -6))
    assert labels[y, x] == PARSER_LABELS.index("top") and labels[0, 0] == 0
    assert labels[tuple(int(v) for v in ccp.keypoints[parsed, 0, [1, 0]])] == PARSER_LABELS.index("face")
    arm = tuple(int(v) for v in ccp.keypoints[parsed, 6, [1, 0]])
    assert labels[arm] in (PARSER_LABELS.index("arms"), UNKNOWN_SKIN)
    assert (np.array(ccp.parsing[bare]) == NO_LABEL).all()


def test_tags_rule_labels_out(ccp, studio):
    _, parsed, tagged = (np.array(ccp.possible[i]).astype(bool) for i in ccp.indices(False))
    ruled_out = {"hat", "outer", "dress", "accessory"}
    assert parsed.all() and {PARSER_LABELS[i] for i in np.flatnonzero(~tagged)} == ruled_out
    assert np.array(studio.possible).all()


def test_a_tag_may_stand_for_two_labels(tmp_path):
    folder = write_ccp(tmp_path / "ccp")
    names = json.loads((folder / "labels.json").read_text())
    (folder / "labels.json").write_text(json.dumps([*names, "vest"]))
    stem = min(json.loads((folder / "keypoints.json").read_text()))
    (folder / "tags.json").write_text(json.dumps({stem: [0, len(names)]}))
    pack_persons([folder], tmp_path / "pack", SIZE)
    pack = PersonPack(tmp_path / "pack")
    possible = np.array(pack.possible[pack.keys.index(stem)])
    assert {PARSER_LABELS[i] for i in np.flatnonzero(possible)} >= {"top", "outer", "shoes", "hair", "legs"}
    assert not possible[PARSER_LABELS.index("bottom")] and not possible[PARSER_LABELS.index("dress")]


def test_studio_photos(studio):
    assert studio.form == "studio" and len(studio) == 6 and studio.meta["with_parsing"] == 6
    assert [is_held_out(key.split(".")[0]) for key in studio.keys] == np.asarray(studio.held_out).tolist()
    for photo in range(len(studio)):
        labels, cover = np.array(studio.parsing[photo]), np.array(studio.silhouettes[photo])
        assert ((cover > 127) == (labels > 0)).mean() > 0.98
        x0, y0, x1, y1 = studio.boxes[photo].astype(int)
        assert not labels[:y0].any() and not labels[:, :x0].any() and labels[y0:y1, x0:x1].any()
        confidence = np.array(studio.keypoints[photo, :, 2])
        assert confidence[4] == pytest.approx(0.6) and confidence[17] == 0 and confidence[0] == 1


def test_only_the_looks_asked_for(tmp_path):
    write_looks(tmp_path / "shards", outfits=2, looks=3)
    meta = pack_persons([tmp_path / "shards"], tmp_path / "out", (64, 48), looks=[0, 2])
    assert meta["photos"] == 2 * 2 * 2
    assert {key.split("-")[1][0] for key in PersonPack(tmp_path / "out").keys} == {"0", "2"}
    with pytest.raises(InputError, match="look"):
        pack_persons([tmp_path / "shards"], tmp_path / "other", looks=[7])


def test_everything_from_seed_900_on_is_held_out():
    assert all(is_held_out(f"{seed}000{i:03d}-0") for seed in (900, 999) for i in range(50))
    assert not all(is_held_out(f"899000{i:03d}-0") for i in range(50))


def test_command_line_and_its_mistakes(tmp_path, capsys):
    write_ccp(tmp_path / "ccp")
    write_looks(tmp_path / "shards")
    command = ["pack", "--kind", "persons", "--processes", "1", "--out", str(tmp_path / "out")]
    assert main([*command, "--data", str(tmp_path / "ccp")]) == 0
    assert "5 persons (2 held out, 3 with a parsing) of 384x288" in capsys.readouterr().out
    assert main([*command, "--data", str(tmp_path / "ccp"), "--data", str(tmp_path / "shards")]) == 2
    assert main([*command, "--data", str(tmp_path / "shards"), "--looks", "first"]) == 2
    assert main([*command, "--data", str(tmp_path / "nothing")]) == 2
    assert main(["pack", "--data", str(tmp_path / "shards"), "--looks", "0", "--out", str(tmp_path / "x")]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert len(errors) == 4 and all(line.startswith("error: ") for line in errors)
    assert len(PersonPack(tmp_path / "out")) == 5, "the pack that was there is still whole"


def test_a_damaged_photo_is_skipped_and_a_damaged_pack_refused(tmp_path):
    folder = write_ccp(tmp_path / "ccp")
    broken = sorted((folder / "photos").iterdir())[0]
    broken.write_bytes(b"no picture")
    meta = pack_persons([folder], tmp_path / "out", (64, 48))
    assert meta["photos"] == 4 and broken.stem in meta["skipped"][0]
    (tmp_path / "out" / "people.json").write_text("[]")
    with pytest.raises(InputError, match="damaged"):
        PersonPack(tmp_path / "out")
    with pytest.raises(InputError, match="pack of persons"):
        PersonPack(folder)
