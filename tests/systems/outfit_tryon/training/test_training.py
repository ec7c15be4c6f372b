"""Training: batches that hide what changes, runs that resume and learn from drawn and from real photos."""

import json
from dataclasses import fields, replace

import numpy as np
import pytest
import torch
from drawn.studio import write_studio
from drawn.tryon import drawn_person

from vton.cli import main
from vton.data.outfits.pack import OutfitPack
from vton.data.outfits.writer import pack_outfits
from vton.data.pairs.pack import PairPack
from vton.data.pairs.writer import pack_pairs
from vton.schema import REGIONS, SLOTS, InputError
from vton.systems.outfit_tryon.config import CONFIGS
from vton.systems.outfit_tryon.dressed_wearer import DressedWearer
from vton.systems.outfit_tryon.inputs import UNSEEN
from vton.systems.outfit_tryon.training.batches import OutfitBatches, OutfitPhotos
from vton.systems.outfit_tryon.training.erasure import changed_slots, erased_for_training, person_parsing
from vton.systems.outfit_tryon.training.recipe import OutfitTryOnRecipe
from vton.systems.outfit_tryon.training.trainer import OutfitTryOnTrainer
from vton.training.state import load_state

TINY = replace(CONFIGS["tiny"], batch_size=2)
PLAIN = replace(TINY, foreign=0.0, grown=0, mistaken=0.0, whole=1.0, streets=0.0)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A pack of outfits at 64x48, and one of pairs."""
    root = tmp_path_factory.mktemp("packs")
    write_studio(root / "studio", 3, 2, pictures=True)
    pack_outfits([root / "studio"], root / "outfits", (64, 48), processes=1)
    pack_pairs([root / "studio"], root / "pairs", processes=1)
    return root / "outfits", root / "pairs"


@pytest.fixture(scope="module")
def packs(folders):
    """The same, opened."""
    return OutfitPack(folders[0]), PairPack(folders[1])


def trainer_of(packs, out, config=TINY, pairs=True, initial=None):
    out.mkdir(exist_ok=True)
    outfits, of_pairs = packs
    return OutfitTryOnTrainer(OutfitTryOnRecipe(config), outfits, [of_pairs] if pairs else [], out, 3, initial)


def test_a_batch_is_a_function_of_seed_step_and_rank(packs, small_network):
    source = OutfitBatches(packs[0], [packs[1]], small_network, TINY)
    first, same, other = (source.draw(4, 0, step) for step in (0, 0, 1))
    for field in fields(first.inputs):
        assert torch.equal(getattr(first.inputs, field.name), getattr(same.inputs, field.name)), field.name
    assert torch.equal(first.image, same.image) and not torch.equal(first.image, other.image)


def test_nothing_of_what_changes_is_seen(packs, small_network):
    source = OutfitBatches(packs[0], [], small_network, replace(TINY, mistaken=0.0))
    seen = 0
    for step in range(6):
        batch = source.draw(4, 0, step)
        inputs, erased = batch.inputs, batch.inputs.erased[:, 0] > 0.5
        assert not inputs.kept[inputs.erased.expand_as(inputs.kept) > 0.5].any()
        assert (inputs.kept_regions[erased] == UNSEEN).all() and inputs.presence.any(1).all()
        for n, given in enumerate(inputs.presence):
            own = torch.isin(batch.regions[n], torch.nonzero(given)[:, 0] + REGIONS.index(SLOTS[0]))
            assert not (own & ~erased[n]).float().mean() > 0.002, "but for what lies in front"
            seen += int(((batch.regions[n] > 3) & ~own & ~erased[n]).any())
    assert seen  # garments that are not changed are seen in some photos


def test_what_a_garment_takes_off_changes_with_it():
    worn, told = np.array([1, 1, 1, 0, 1, 0], np.uint8), set()
    for seed in range(60):
        changed = changed_slots(np.random.default_rng(seed), worn, 0.2)
        assert changed.any() and (changed <= worn).all()
        assert not changed[0] or changed[1]  # a top does not go on below a coat that stays
        told.add(tuple(changed.tolist()))
    assert tuple(worn.tolist()) in told and len(told) > 4


def test_other_peoples_clothes_hide_the_outline_of_those_that_are_worn():
    slim, wide = drawn_person(wears=("top", "bottom")), drawn_person(wears=("dress",))
    wearer = DressedWearer.of(slim, ("dress",))
    regions = np.zeros((256, 192), np.uint8)
    regions[60:250, 20:180] = REGIONS.index("dress")
    always = replace(PLAIN, foreign=1.0)
    erased = erased_for_training(np.random.default_rng(0), wearer, always, lambda _: (regions, wide.pose))
    assert (erased & ~wearer.erased).sum() > 2000 and (erased >= wearer.erased).all()
    assert not (erased & wearer.in_front).any()
    unchanged = erased_for_training(np.random.default_rng(0), wearer, PLAIN, lambda _: (regions, wide.pose))
    assert np.array_equal(unchanged, wearer.erased)
    grown = [erased_for_training(np.random.default_rng(n), wearer, replace(PLAIN, grown=9), None) for n in range(8)]
    assert len({int(one.sum()) for one in grown}) > 3


def test_regions_are_told_apart_as_a_parser_does():
    person = drawn_person()
    wearer = DressedWearer.of(person, ("top",))
    regions = wearer.regions.copy()
    regions[8:14, 90:102] = REGIONS.index("accessory")  # on the head
    regions[150:165, 40:60] = REGIONS.index("accessory")
    parsing = person_parsing(regions, person.pose)
    assert parsing.mask("hat")[10, 95] and parsing.mask("bag")[155, 50]
    arms = person.parsing.mask("left_arm") & (regions == REGIONS.index("skin"))
    assert (parsing.mask("left_arm") & arms).sum() > 0.8 * arms.sum()
    assert np.array_equal(parsing.mask("top"), regions == REGIONS.index("top"))


def test_photos_as_they_are_change_in_everything(packs, small_network):
    source = OutfitPhotos(packs[0], small_network, held_out=True)
    sample = source.one(int(source.photos[0]), np.random.default_rng(0))
    assert sample.presence.any()
    assert sample.presence.tolist() == [int(slot in sample.wearer.slots) for slot in SLOTS]
    assert np.array_equal(sample.erased, sample.wearer.erased) and (sample.shown == 1).any()
    assert (sample.reach[sample.presence == 0] < 0).all() and (sample.reach >= 0).any()


def test_of_a_pair_one_garment_is_known_and_not_where_it_lies(packs, small_network):
    source = OutfitBatches(packs[0], [packs[1]], small_network, replace(TINY, real=1.0))
    batch = source.draw(3, 0, 0)
    assert (batch.inputs.presence.sum(1) == 1).all() and (batch.shown == -1).all()
    assert (batch.reach[batch.inputs.presence == 0] < 0).all()
    assert batch.image.shape == (3, 3, 64, 48) and batch.inputs.articles.shape[1:] == (6, 4, 64, 48)
    alone = OutfitBatches(None, [packs[1]], small_network, TINY).draw(2, 0, 0)
    assert (alone.shown == -1).all()
    with pytest.raises(InputError, match="no photo to train on"):
        OutfitBatches(None, [], small_network, TINY)


def test_stopping_and_resuming_gives_the_weights_of_one_run(packs, tmp_path):
    for folder, stops in (("whole", (4,)), ("halves", (2, 4))):
        for images in stops:
            trainer_of(packs, tmp_path / folder).run(10, images, report=lambda line: None)
    (whole, meta), (halves, again) = load_state(tmp_path / "whole"), load_state(tmp_path / "halves")
    assert meta == again and meta["images"] == 4 and whole.keys() == halves.keys()
    assert all(torch.equal(value, halves[name]) for name, value in whole.items())
    assert list((tmp_path / "whole" / "sheets").glob("*.png"))
    row = json.loads((tmp_path / "whole" / "log.jsonl").read_text().splitlines()[-1])["held_out"]
    assert 0 < row["l1"] < 2 and 0 <= row["region_accuracy"] <= 1


def test_every_loss_falls_on_a_repeated_batch(packs, tmp_path):
    trainer = trainer_of(packs, tmp_path, replace(PLAIN, lr=8e-3), pairs=False)
    batch = trainer.draw(0, 2)
    first = trainer.step(batch, 0)
    for step in range(1, 40):
        last = trainer.step(batch, step)
    assert set(first) == {"l1", "parsing", "correspondence", "coverage", "reach"}
    for name in first:
        assert last[name] < 0.9 * first[name], name


def test_from_the_command_line_to_a_published_checkpoint(folders, tmp_path, capsys):
    outfits, pairs = map(str, folders)
    command = ["train", "outfit-tryon", "--data", outfits, "--data", pairs, "--config", "tiny", "--out",
               str(tmp_path / "run"), "--set", "batch_size=2"]  # fmt: skip
    assert main([*command, "--dry-run"]) == 0 and "photos and" in capsys.readouterr().out
    assert main([*command, "--max-images", "2"]) == 0
    assert main(["publish", str(tmp_path / "run"), "--out", str(tmp_path / "out")]) == 0
    assert "2 images seen" in (tmp_path / "out" / "README.md").read_text()
    on = [*command[:-4], "--out", str(tmp_path / "on"), "--set", "batch_size=2", "--from", str(tmp_path / "out")]
    assert main([*on, "--max-images", "2"]) == 0
    capsys.readouterr()
    parts = ["--part-from", f"person={tmp_path}"]
    for options, told in ((["--data", outfits], "one pack of outfits"), (parts, "one network")):
        assert main([*command, *options]) == 2 and told in capsys.readouterr().err
