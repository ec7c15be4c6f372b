import stat

import numpy as np
import pytest

from vton.cli import main
from vton.provenance import made_jpeg, made_png, write_made
from vton.provenance.content_credentials import read_credentials
from vton.provenance.verification import Verdict, verify
from vton.schema import DigitalSourceType, InputError

c2pa = pytest.importorskip("c2pa", exc_type=ImportError)


@pytest.fixture
def key(tmp_path, monkeypatch, capsys):
    """A development key, as the command makes it, in use."""
    folder = tmp_path / "key"
    assert main(["signing-key", "--out", str(folder)]) == 0
    assert "untrusted" in capsys.readouterr().out
    monkeypatch.setenv("VTON_C2PA", str(folder))
    return folder


def test_the_librarys_own_reader_accepts_what_is_signed(picture, recipe, tryon_recipe, key, tmp_path):
    import json

    path = write_made(tmp_path / "a.png", picture, recipe)
    with c2pa.Reader(str(path)) as reader:
        assert reader.get_validation_state() == "Valid"
        said = json.loads(reader.json())
    manifest = said["manifests"][said["active_manifest"]]
    (action,) = manifest["assertions"][0]["data"]["actions"]
    assert action["digitalSourceType"] == DigitalSourceType.GENERATED.value
    assert manifest["claim_generator_info"][0]["name"] == "vton"
    assert [status["code"] for status in said["validation_status"]] == ["signingCredential.untrusted"]
    assert DigitalSourceType.COMPOSITE.value.encode() in made_png(picture, tryon_recipe)


@pytest.mark.parametrize("make", [made_png, made_jpeg])
def test_signed_pictures_verify_and_keep_their_marks(make, picture, recipe, key):
    content = make(picture, recipe)
    found = verify(content)
    assert found.verdict is Verdict.MADE and found.credentials.valid and not found.credentials.trusted
    assert "nobody vouches for" in found.marks()["content credentials"]
    assert (found.recipe == recipe) == (make is made_png)


def test_a_change_after_signing_is_noticed(picture, recipe, key):
    content = bytearray(made_jpeg(picture, recipe))
    content[-1000] ^= 1
    assert not read_credentials(bytes(content), "image/jpeg").valid
    found = verify(bytes(content))
    assert found.verdict is Verdict.EDITED and "signed" in found.reason


def test_only_the_manifest_differs_between_two_signed_copies(picture, recipe, key):
    first, second = made_png(picture, recipe), made_png(picture, recipe)
    assert first != second and verify(first).recipe == verify(second).recipe == recipe


def test_keys_are_private_and_never_overwritten(key):
    assert stat.S_IMODE((key / "key.pem").stat().st_mode) == 0o600
    before = (key / "key.pem").read_bytes()
    assert main(["signing-key", "--out", str(key)]) == 2 and (key / "key.pem").read_bytes() == before


def test_keys_that_cannot_sign_are_refused_in_words(picture, recipe, key, tmp_path, monkeypatch):
    (key / "key.pem").write_text("no key")
    with pytest.raises(InputError, match="cannot sign"):
        made_png(picture, recipe)
    monkeypatch.setenv("VTON_C2PA", str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="must name a folder"):
        write_made(tmp_path / "a.png", picture, recipe)
    assert not (tmp_path / "a.png").exists()


def test_files_without_or_with_nonsense_have_no_credentials(picture):
    from vton.conditioning.photos.image_io import png_bytes

    plain = png_bytes(picture)
    assert read_credentials(plain, "image/png") is None
    nonsense = np.random.default_rng(0).bytes(500)
    assert read_credentials(plain[:8] + nonsense, "image/png") is None
