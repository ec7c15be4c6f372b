"""One registry of data sets: what each gives and what is true of it, which packs carry on."""

import json

import pytest
from drawn.garments import write_clothing
from drawn.people import write_ccp
from drawn.studio import write_studio

from vton.data.garments.pack import GarmentPack, pack_garments
from vton.data.heads.writer import pack_heads
from vton.data.outfits.pack import OutfitPack
from vton.data.outfits.writer import pack_outfits
from vton.data.pack import FACTS, kind_of
from vton.data.pairs.pack import PairPack
from vton.data.pairs.writer import pack_pairs
from vton.data.persons.pack import PersonPack, pack_persons
from vton.data.source import SOURCES, Traits, find_source, source_class
from vton.schema import InputError


def test_every_format_says_what_its_photos_are():
    classes = {form: source_class(form) for form in SOURCES}
    assert all(source.form == form and isinstance(source.traits, Traits) for form, source in classes.items())
    assert [form for form, source in classes.items() if not source.traits.real] == ["studio"]
    assert [form for form, source in classes.items() if source.traits.cut_out] == ["ccp"]


def test_a_data_set_that_gives_nothing_for_a_kind_says_so(tmp_path):
    clothing = find_source(write_clothing(tmp_path / "clothing"))
    assert clothing.form == "clothing" and clothing.garments() and clothing.only_looks([1]) is clothing
    for ask in (clothing.outfits, clothing.pairs, lambda: clothing.persons((64, 48))):
        with pytest.raises(InputError, match="gives no pack of"):
            ask()
    with pytest.raises(InputError, match="'ccp' is ccp data"):
        pack_outfits([write_ccp(tmp_path / "ccp")], tmp_path / "pack", processes=1)
    assert not (tmp_path / "pack").exists()


@pytest.fixture(scope="module")
def packs(tmp_path_factory):
    """A pack of each kind: outfits, heads and persons of the studio, pairs of photos, garments of two data sets."""
    root = tmp_path_factory.mktemp("packs")
    studio, ccp = write_studio(root / "studio", 1, 1), write_ccp(root / "ccp")
    pack_outfits([studio], root / "outfits", (64, 48), processes=1)
    pack_heads([studio], root / "heads", 32)
    pack_persons([studio], root / "persons", (64, 48))
    pack_pairs([ccp], root / "pairs", processes=1)
    pack_garments([ccp, write_clothing(root / "clothing")], root / "garments", processes=1)
    return root


def test_all_kinds_of_packs_say_where_they_are_from(packs):
    forms = {kind: json.loads((packs / kind / "meta.json").read_text())["forms"] for kind in FACTS}
    assert forms == {"outfits": ["studio"], "heads": ["studio"], "persons": ["studio"], "pairs": ["ccp"],
                     "garments": ["ccp", "clothing"]}  # fmt: skip
    assert {kind_of(packs / kind) for kind in FACTS} == set(FACTS) and kind_of(packs / "studio") is None
    assert OutfitPack(packs / "outfits").traits == PersonPack(packs / "persons").traits == Traits(False, True)
    assert PairPack(packs / "pairs").traits == Traits(real=True, exact=False, cut_out=True, surroundings=True)
    assert GarmentPack(packs / "garments").meta["traits"]["clothing"]["real"]


def test_a_pack_says_itself_what_its_photos_are(packs):
    meta = packs / "pairs" / "meta.json"
    before = meta.read_text()
    unknown = {"forms": ["street"], "traits": {"street": {"real": True, "exact": False}}}
    try:
        meta.write_text(json.dumps(json.loads(before) | unknown))
        assert PairPack(packs / "pairs").traits == Traits(real=True, exact=False), "of a data set without a class too"
    finally:
        meta.write_text(before)


@pytest.mark.parametrize(("kind", "opened"), [("outfits", OutfitPack), ("persons", PersonPack), ("pairs", PairPack)])
def test_packs_of_earlier_versions_are_read(packs, kind, opened):
    """They name at most their form."""
    meta = packs / kind / "meta.json"
    before, traits = json.loads(meta.read_text()), opened(packs / kind).traits
    earlier = {key: value for key, value in before.items() if key not in ("kind", "forms", "traits", "sources")}
    try:
        meta.write_text(json.dumps(earlier if kind == "outfits" else earlier | {"form": before["forms"][0]}))
        assert opened(packs / kind).traits == traits
        meta.write_text(json.dumps(earlier | {"form": "unheard-of"}))
        with pytest.raises(InputError, match="unknown"):
            opened(packs / kind).traits  # noqa: B018
    finally:
        meta.write_text(json.dumps(before))
