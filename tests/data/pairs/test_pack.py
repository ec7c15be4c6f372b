"""Packs of try-on pairs: from shards and from Clothing Co-Parsing, which pairs are taken, and what comes back."""

import json

import cv2
import numpy as np
import pytest
from drawn.people import write_ccp, write_looks
from drawn.studio import HW, JOINTS, LABELS, draw_person, keys, outfit_members, write_shard

from vton.cli import main
from vton.conditioning.person.wearer import Wearer
from vton.data.formats.ccp_pairs import cut_out_worn
from vton.data.held_out import is_held_out, is_held_out_photo
from vton.data.pairs.pack import PairPack
from vton.data.pairs.rows import shows_enough
from vton.data.pairs.writer import pack_pairs
from vton.data.source import find_source
from vton.schema import SIDED_LABELS, InputError
from vton.schema.slots import TRYON_SLOTS

RED, BLUE, GREEN = (200, 30, 30), (20, 40, 160), (30, 140, 60)


def members(colours, article=True, **extra):
    """An outfit's files; ``article``: with the channel that numbers the articles' slots."""
    files = outfit_members(colours, **extra)
    if article:
        for i, shift in enumerate((-3, 3)):
            labels = draw_person(colours, shift)[1]
            numbers = np.zeros(HW, np.uint8)
            for slot, label in (("top", "top"), ("bottom", "pants"), ("dress", "dress"), ("shoes", "shoes")):
                number = (*TRYON_SLOTS, "shoes").index(slot) + 1
                numbers[labels == LABELS.index(label)] = number
            files[f"p{i}.article.png"] = cv2.imencode(".png", numbers)[1].tobytes()
    return {name: files[name] for name in sorted(files, key=lambda name: name == "json")}


@pytest.fixture(scope="module")
def shards(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shards")
    training, held_out = keys(False, 3), keys(True, 1)
    write_shard(folder / "a.tar", {
        f"{training[0]}-0": members({"top": RED, "bottom": BLUE, "shoes": (9, 9, 9)}),
        f"{training[0]}-1": members({"top": GREEN, "bottom": BLUE}),
        f"{training[1]}-0": members({"dress": GREEN}, article=False),
        f"{held_out[0]}-0": members({"top": BLUE, "bottom": RED}),
    })  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def studio(shards, tmp_path_factory):
    out = tmp_path_factory.mktemp("packs") / "studio"
    pack_pairs([shards], out, processes=1)
    return PairPack(out)


@pytest.fixture(scope="module")
def ccp(tmp_path_factory):
    out = tmp_path_factory.mktemp("packs") / "ccp"
    pack_pairs([write_ccp(tmp_path_factory.mktemp("ccp"))], out, processes=1)
    return PairPack(out)


def test_a_pair_for_each_photo_and_garment(studio):
    assert studio.form == "studio" and len(studio) == 2 * (2 + 2 + 1 + 2)
    assert (studio.meta["photos"], studio.meta["garments"]) == (8, 7), "photos and garments are stored once"
    assert studio.meta["slots"] == {"top": 6, "bottom": 6, "dress": 2}
    for i, key in enumerate(studio.keys):
        assert bool(studio.held_out[studio.pairs[i, 0]]) == is_held_out(key)
    assert len(studio.indices(True)) == 4 and len(studio.indices(True, "top")) == 2
    assert len(studio.indices(False, "dress")) == 2 and not len(studio.indices(False, paired=False))


def test_a_sample_is_the_studio_photo(studio):
    sample = studio.sample(studio.keys.index(f"{keys(False, 1)[0]}-0.p1.bottom"))
    assert sample.slot == "bottom" and sample.paired
    labels = np.kron(draw_person({"top": RED, "bottom": BLUE}, 3)[1], np.ones((4, 4), np.uint8))
    assert np.array_equal(sample.worn_mask, labels == LABELS.index("pants"))
    person = sample.person
    assert np.array_equal(person.parsing.mask("top"), labels == LABELS.index("top"))
    right = person.parsing.mask("right_arm") | person.parsing.mask("left_arm")
    assert np.array_equal(right, labels == LABELS.index("arms"))
    assert person.parsing.mask("right_arm")[:, :96].sum() > 0 == person.parsing.mask("right_arm")[:, 120:].sum()
    assert np.abs(person.pose.keypoints_xy - (np.array(JOINTS) + (3, 0)) * 4)[:17].max() < 0.01
    assert not person.pose.present[17], "an absent joint stays absent"
    inside = sample.garment.mask_u8 > 0
    assert np.abs(sample.garment.image_u8[inside].mean(0) - BLUE).max() < 10
    assert np.abs(person.image_u8[sample.worn_mask].mean(0) - BLUE).max() < 10


def test_older_shards_without_the_article_channel(studio):
    sample = studio.sample(int(studio.indices(False, "dress")[0]))
    assert np.array_equal(sample.worn_mask, sample.person.parsing.mask("dress"))


def test_looks_and_turned_photos(shards, tmp_path):
    meta = pack_pairs([shards], tmp_path / "pack", looks=[1], processes=1)
    assert meta["pairs"] == 4 and {key.partition(".")[0][-1] for key in PairPack(tmp_path / "pack").keys} == {"1"}
    files = members({"top": RED})
    meta = json.loads(files["json"])
    meta["photos"][0]["yaw_deg"] = 170.0
    write_shard(tmp_path / "turned" / "a.tar", {"1": files | {"json": json.dumps(meta).encode()}})
    (job,) = find_source(tmp_path / "turned").pairs()
    assert [row.photo.key for row in job()] == ["1.p1"], "a packshot shows the front"


def test_hidden_and_tiny_garments_are_no_pairs():
    worn = np.zeros((100, 100), np.uint8)
    top, outer, bottom, dress = range(1, 5)
    worn[:20], worn[20:21] = top, bottom
    assert shows_enough(worn, "top", 0.015) and not shows_enough(worn, "bottom", 0.015)
    worn[10:20] = outer
    assert not shows_enough(worn, "top", 0.015) and shows_enough(worn, "outer", 0.015)
    worn[:20] = dress
    assert shows_enough(worn, "dress", 0.015)
    worn[:5] = top
    assert not shows_enough(worn, "dress", 0.015) and shows_enough(worn, "top", 0.015)


def test_real_photos(ccp):
    assert ccp.form == "ccp" and ccp.meta["photos"] == 3, "photos without a parsing are left out"
    assert ccp.meta["slots"] == {"top": 3, "bottom": 3}
    for i, key in enumerate(ccp.keys):
        assert bool(ccp.held_out[ccp.pairs[i, 0]]) == is_held_out_photo(key.partition(".")[0])
        sample = ccp.sample(i)
        labels, h = sample.person.parsing, sample.person.size_hw[0]
        rows = np.flatnonzero(labels.silhouette().any(1))
        assert abs(len(rows) - 0.9 * h) <= 3 and abs(rows.mean() - h / 2) <= 3, "the person fills the canvas"
        for name in ("left_arm", "right_arm", "face", "hair"):
            assert labels.mask(name).any(), name
        assert not labels.mask("torso_skin").any() or labels.mask("torso_skin").mean() < 0.01
        assert np.array_equal(sample.worn_mask, labels.mask(sample.slot))
        seen = sample.person.pose
        hip = seen.keypoints_xy[8]
        assert labels.mask("bottom")[int(hip[1]) + 3, int(hip[0]) + 2], "joints and labels move together"
        assert not seen.present[4], "a joint that is not trusted is left out"
        inside = sample.garment.mask_u8 > 0
        colour = np.median(sample.person.image_u8[sample.worn_mask], axis=0)
        assert np.abs(np.median(sample.garment.image_u8[inside], axis=0) - colour).max() < 12


def test_cutting_out():
    labels = np.zeros((200, 150), np.uint8)
    labels[40:160, 30:120] = SIDED_LABELS.index("top")
    image = np.full((200, 150, 3), 255, np.uint8)
    image[labels > 0] = RED
    whole = cut_out_worn(image, labels, "top")
    labels[80:100, 60:80], image[80:100, 60:80] = SIDED_LABELS.index("left_arm"), GREEN
    behind_arm = cut_out_worn(image, labels, "top")
    assert np.array_equal(behind_arm[..., 3], whole[..., 3]), "the hole of the arm is filled"
    assert np.abs(behind_arm[whole[..., 3] > 0][:, :3].astype(int) - RED).max() < 90, "and nothing of it is left"
    labels[80:100, 60:80] = SIDED_LABELS.index("outer")
    assert (cut_out_worn(image, labels, "top")[..., 3] > 0).sum() < (whole[..., 3] > 0).sum()
    for row in range(50, 160, 30):
        labels[row : row + 12] = 0
    assert cut_out_worn(image, labels, "top") is None, "torn into pieces"
    assert cut_out_worn(image, labels, "dress") is None


def test_two_tops_in_one_photo_are_no_garment(tmp_path):
    folder = write_ccp(tmp_path / "ccp", training=2, held_out=0)
    names = json.loads((folder / "labels.json").read_text()) + ["sweater"]
    (folder / "labels.json").write_text(json.dumps(names))
    parsing = next((folder / "parsing").iterdir())
    raw = cv2.imread(str(parsing), cv2.IMREAD_GRAYSCALE)
    top = np.argwhere(raw == names.index("t-shirt"))
    raw[tuple(top[: len(top) // 2].T)] = names.index("sweater")
    cv2.imwrite(str(parsing), raw)
    rows = [row for job in find_source(folder).pairs() for row in job()]
    assert [row.slot for row in rows if row.photo.key == parsing.stem] == ["bottom"]


def test_reading_gives_copies(studio):
    first, again = studio.arrays(0), studio.arrays(0)
    first.image[:], first.garment[:] = 0, 0
    assert again.image.any() and again.garment.any() and studio.arrays(0).worn_mask.any()


def test_two_processes_give_the_same_pack(shards, studio, tmp_path):
    pack_pairs([shards], tmp_path / "pack", processes=2)
    other = PairPack(tmp_path / "pack")
    assert other.keys == studio.keys
    for name in ("photos", "parsing", "worn", "keypoints", "garments", "pairs"):
        assert np.array_equal(getattr(other, name), getattr(studio, name)), name


def test_command_line_and_its_mistakes(shards, tmp_path, capsys):
    write_looks(tmp_path / "looks")
    command = ["pack", "--kind", "pairs", "--processes", "1", "--out", str(tmp_path / "out")]
    assert main([*command, "--data", str(shards), "--looks", "0"]) == 0
    assert "10 pairs (4 held out; 4 bottom, 2 dress, 4 top) of 6 photos and 5 garments" in capsys.readouterr().out
    ccp = str(write_ccp(tmp_path / "ccp"))
    assert main([*command, "--data", ccp, "--data", str(shards)]) == 2
    assert main([*command, "--data", str(shards), "--looks", "first"]) == 2
    assert main([*command, "--data", str(shards), "--size", "64x48"]) == 2
    assert main([*command, "--data", str(tmp_path / "nothing")]) == 2
    assert main(["pack", "--kind", "pairs", "--data", ccp, "--out", str(tmp_path / "looks")]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert [line.startswith("error: ") for line in errors].count(True) == 5
    assert len(PairPack(tmp_path / "out")) == 10, "the pack that was there is still whole"


def test_a_damaged_pack_is_refused(shards, tmp_path):
    pack_pairs([shards], tmp_path / "pack", looks=[1], processes=1)
    (tmp_path / "pack" / "pairs.json").write_text("[]")
    with pytest.raises(InputError, match="damaged"):
        PairPack(tmp_path / "pack")
    with pytest.raises(InputError, match="pack of pairs"):
        PairPack(shards)


def test_cropped_photos_are_taken_with_the_garments_that_they_really_show(tmp_path):
    """The trousers of the drawing are cut to a strip at the lower edge."""
    files = members({"top": RED, "bottom": BLUE}, shifts=(-3, 3))
    meta = json.loads(files["json"])
    for number, photo in enumerate(meta["photos"]):
        photo["framing"] = "hip"
        for kind in ("png", "article.png"):
            picture = cv2.imdecode(np.frombuffer(files[f"p{number}.{kind}"], np.uint8), cv2.IMREAD_GRAYSCALE)
            picture[38:] = 0
            files[f"p{number}.{kind}"] = cv2.imencode(".png", picture)[1].tobytes()
        photo["keypoints"] = [joint if joint[1] < 38 else [0, 0, 0] for joint in photo["keypoints"]]
    write_shard(tmp_path / "a.tar", {"1-0": files | {"json": json.dumps(meta).encode()}})
    meta = pack_pairs([tmp_path], tmp_path / "pack", processes=1)
    assert meta["slots"] == {"top": 2} and meta["photos"] == 2
    sample = PairPack(tmp_path / "pack").sample(0)
    assert not sample.person.pose.present[9] and Wearer.of(sample.person, "top").erased.any()
