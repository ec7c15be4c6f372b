"""vton.studio.dataset.shards, members, summary: what the reader reads, bytes that repeat, shards that go on."""

import dataclasses
import json
import tarfile

import cv2
import numpy as np
import pytest
from drawn.cloth import sheet

from vton.data.cloth import NOT_SHOWN
from vton.data.formats.studio_shards import StudioShards, index_shard, read_cloth, read_places
from vton.data.held_out import is_held_out
from vton.studio.accessories.kinds import HATS
from vton.studio.dataset.members import key_of, members_of
from vton.studio.dataset.shards import ShardWriter, read_metas
from vton.studio.dataset.summary import write_summary
from vton.studio.photos.records import Packshot, Photo, RenderedLook
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.labels import ARMS, ARTICLE_ID, LABEL, LABELS
from vton.studio.specs.look import LookSpec
from vton.studio.specs.outfit import WearSpec
from vton.studio.specs.photo import HeldSpec, LensSpec, SceneSpec

LOOKS = 2
SETTINGS = {"outfits": 2, "poses": 2, "looks": LOOKS, "size": 256, "seed": 7, "size_hw": [64, 48]}
CLASS = {"top": "top", "outer": "outer", "bottom": "pants", "dress": "dress", "shoes": "shoes", "accessory": "bag"}


def drawn_photo(spec, number):
    """A person of boxes: one box of every article, arms beside them."""
    parsing, articles = np.zeros((64, 48), np.uint8), np.zeros((64, 48), np.uint8)
    parsing[8:60, 10:38] = ARMS
    for i, article in enumerate(spec.outfit.articles):
        parsing[10 + 8 * i : 16 + 8 * i, 14:34] = LABEL[CLASS[article.slot]]
        articles[10 + 8 * i : 16 + 8 * i, 14:34] = ARTICLE_ID[article.slot]
    image = np.full((64, 48, 3), 230 - number, np.uint8)
    image[parsing > 0] = (np.array(spec.outfit.articles[0].fabric.colours[0]) * 255).astype(np.uint8)
    joints = np.column_stack([np.linspace(4, 44, 18), np.linspace(2, 62, 18), np.arange(18) % 3])
    silhouette = np.where(parsing > 0, 255, 0).astype(np.uint8)
    return Photo(image, parsing, articles, silhouette, joints, joints[:16], drawn_cloth(number), drawn_places(number))


def drawn_cloth(number):
    return sheet((64, 48), (10, 16, 14, 34), origin=(0.5 + number, 1.0))


def drawn_places(number):
    field = np.full((64, 48, 2), np.nan, np.float32)
    field[10:16, 14:34] = np.stack(np.meshgrid(np.arange(20) * 1.5, np.arange(6) * 2.25 + number), -1)
    field[10, 14] = NOT_SHOWN
    return {"body": field}


def drawn_look(spec):
    mask = np.zeros((256, 192), np.uint8)
    mask[40:200, 50:140] = 255
    image = np.full((256, 192, 3), 240, np.uint8)
    image[mask > 0] = (30, 60, 90)
    packshots = {a.slot: Packshot(image, mask, sheet((256, 192), (40, 200, 50, 140))) for a in spec.outfit.articles}
    return RenderedLook(spec, tuple(drawn_photo(spec, i) for i in range(len(spec.poses))), packshots)


def fill(writer, outfits, stop_after=None):
    """Writes drawn looks; stops without closing after so many looks."""
    written = 0
    for outfit in outfits:
        for number, spec in enumerate(sample_looks(7, outfit, 2, LOOKS)):
            writer.add(key_of(7, outfit, number), members_of(drawn_look(spec), 7, outfit, number, ["bare torso"]))
            written += 1
            if written == stop_after:
                writer.abandon()
                return
    writer.close()


@pytest.fixture
def shard(tmp_path):
    fill(ShardWriter(tmp_path / "studio-007-00000.tar", LOOKS), range(2))
    return tmp_path / "studio-007-00000.tar"


def test_the_reader_reads_every_look(shard):
    outfits = list(StudioShards(shard.parent))
    assert [o.key for o in outfits] == ["007000000-0", "007000000-1", "007000001-0", "007000001-1"]
    spec = sample_looks(7, 1, 2, LOOKS)[1]
    assert outfits[3].slots == {a.slot: a.type for a in spec.outfit.articles}
    assert outfits[3].gender == spec.person.body.gender and len(outfits[3].photos) == 2
    assert outfits[3].photos[0].pose_name == spec.poses[0].name
    assert outfits[3].photos[0].pose.confidence[:3].tolist() == pytest.approx([0, 0.6, 1.0])


def test_labels_articles_and_masks_are_exact(shard):
    with tarfile.open(shard) as tar:
        names = tar.getnames()

        def grey(name):
            return cv2.imdecode(np.frombuffer(tar.extractfile(name).read(), np.uint8), cv2.IMREAD_GRAYSCALE)

        photo = drawn_photo(sample_looks(7, 0, 2, LOOKS)[0], 0)
        assert np.array_equal(grey("007000000-0.p0.png"), photo.parsing)
        assert np.array_equal(grey("007000000-0.p0.article.png"), photo.article_ids)
        assert np.array_equal(grey("007000000-0.p0.silhouette.png"), photo.silhouette)
        assert set(np.unique(grey("007000000-0.shoes.mask.png"))) == {0, 255}
        assert all(member.mtime == 0 and member.uid == 0 for member in tar.getmembers())
    ends = [name for name in names if name.endswith(".json")]
    assert names.index(ends[0]) == len([n for n in names if n.startswith("007000000-0")]) - 1, "JSON comes last"


def test_every_look_finds_the_labels_of_its_geometry(shard):
    entries = {entry.key: entry for entry in index_shard(shard)}
    with tarfile.open(shard) as tar:
        holders = {name.partition(".")[0] for name in tar.getnames() if "places" in name or "cloth" in name}
    assert holders == {"007000000-0", "007000001-0"}, "once for all looks"
    for key in ("007000001-0", "007000001-1"):
        for number in (0, 1):
            cloth, expected = read_cloth(entries[key], f"p{number}"), drawn_cloth(number)
            assert np.array_equal(cloth.island, expected.island) and np.allclose(cloth.place, expected.place, atol=3e-4)
            np.testing.assert_allclose(read_places(entries[key], number), drawn_places(number)["body"], atol=1 / 32)
        assert read_cloth(entries[key], "shoes").article[100, 100] == 1
        assert read_places(entries[key], 0, "hanger") is None and read_cloth(entries[key], "p7") is None


def test_specs_come_back_from_the_json(shard):
    meta = list(read_metas(shard.parent))[3]
    assert (meta["seed"], meta["outfit"], meta["look"]) == (7, 1, 1)
    assert LookSpec.from_dict(meta["specs"]) == sample_looks(7, 1, 2, LOOKS)[1]
    assert meta["labels"] == {str(i): name for i, name in enumerate(LABELS)} and len(meta["photos"][0]["mpii16"]) == 16


def test_a_photo_says_how_it_is_framed_what_is_held_where_it_is_taken_and_which_joints_it_lacks():
    spec = sample_looks(7, 0, 2, 1)[0]
    poses = (dataclasses.replace(spec.poses[0], held=HeldSpec("cup", "L")), spec.poses[1])
    views = (dataclasses.replace(spec.views[0], framing="hip", lens=LensSpec(), scene=SceneSpec("room")), spec.views[1])
    look = drawn_look(dataclasses.replace(spec, poses=poses, views=views))
    photos = json.loads(members_of(look, 7, 0, 0, [])["json"])["photos"]
    assert (photos[0]["framing"], photos[0]["held"], photos[0]["place"]) == ("hip", "cup", "room")
    assert not {"framing", "held", "place"} & set(photos[1]), "photos of whole persons keep their form"
    scarf = dataclasses.replace(spec, outfit=dataclasses.replace(spec.outfit, wear=WearSpec(scarf=3)))
    assert json.loads(members_of(drawn_look(scarf), 7, 0, 0, [])["json"])["photos"][1]["over"] == "scarf"
    absent = [joint for joint in photos[0]["keypoints"] if not joint[2]]
    assert absent and all(joint == [0, 0, 0] for joint in absent), "as in COCO"


def test_looks_of_one_outfit_are_held_out_together():
    assert all(is_held_out(key_of(3, i, 0)) == is_held_out(key_of(3, i, 5)) for i in range(200))


@pytest.mark.parametrize(("looks_written", "outfits_done"), [(1, set()), (2, {0}), (3, {0})])
def test_an_unfinished_shard_goes_on_with_the_same_bytes(shard, tmp_path, looks_written, outfits_done):
    other = tmp_path / "other" / shard.name
    other.parent.mkdir()
    fill(ShardWriter(other, LOOKS), range(2), stop_after=looks_written)
    assert not other.exists() and other.with_name(f"{other.name}.partial").exists()
    writer = ShardWriter(other, LOOKS)
    assert writer.outfits_done == outfits_done
    fill(writer, range(max(outfits_done, default=-1) + 1, 2))
    assert other.read_bytes() == shard.read_bytes()


@pytest.mark.parametrize("lost", [1, 700, 5000])
def test_a_torn_file_goes_on_too(shard, tmp_path, lost):
    torn = tmp_path / "torn" / shard.name
    torn.parent.mkdir()
    end = len(shard.read_bytes().rstrip(b"\0"))
    torn.with_name(f"{torn.name}.partial").write_bytes(shard.read_bytes()[: end - lost])
    writer = ShardWriter(torn, LOOKS)
    assert writer.outfits_done == {0}
    fill(writer, range(1, 2))
    assert torn.read_bytes() == shard.read_bytes()


def test_summary_and_card(shard):
    summary = write_summary(shard.parent, SETTINGS)
    assert summary == json.loads((shard.parent / "dataset.json").read_text())
    assert summary["counts"] == {"outfits": 2, "looks": 4, "photos": 8, "packshots": summary["counts"]["packshots"]}
    assert summary["quality_gate"]["refused"] == 2 and summary["quality_gate"]["reasons"] == {"bare torso": 2}
    assert summary["quality_gate"]["share"] == 0.5 and sum(n for a, _, n in summary["coverage"] if a == "skin") == 2
    assert sum(n for a, _, n in summary["pose_coverage"] if a == "pose") == 8
    assert "wear_coverage" not in summary, "as before where nothing is worn otherwise"
    card = (shard.parent / "README.md").read_text()
    assert "| view | three-quarter |" in card
    assert card.startswith("---\nlicense:") and "--seed 7" in card and "| gender | female |" in card


def test_how_an_outfit_is_worn_is_told_and_counted(tmp_path):
    plain = sample_looks(7, 0, 1, 1)[0]
    worn = dataclasses.replace(plain, outfit=dataclasses.replace(plain.outfit, wear=WearSpec(turn_up=0.05)))
    writer = ShardWriter(tmp_path / "studio-007-00000.tar", 1)
    for number, spec in enumerate((plain, worn)):
        files = members_of(drawn_look(spec), 7, number, 0, [])
        told = json.loads(files["json"])
        accessory = told["wear"].pop("accessory", None)
        assert told["wear"] == spec.outfit.manners
        assert accessory == {True: "hat", False: "bag", None: None}[
            told["slots"]["accessory"] in HATS if "accessory" in told["slots"] else None]
        writer.add(key_of(7, number, 0), files)
    writer.close()
    summary = write_summary(tmp_path, SETTINGS | {"wear": 0.5})
    assert ["hems", "turned up", 1] in summary["wear_coverage"] and ["hems", "down", 1] in summary["wear_coverage"]
    card = (tmp_path / "README.md").read_text()
    assert "--wear 0.5" in card and "| hems | turned up | 1 |" in card
