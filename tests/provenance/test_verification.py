import io
import json

import numpy as np
import pytest
from drawn.figure import drawn_picture
from PIL import Image, PngImagePlugin

from vton.cli import main
from vton.conditioning.photos.image_io import png_bytes
from vton.provenance import made_jpeg, made_png, read_recipe, watermarked, write_made
from vton.provenance.verification import Verdict, verify
from vton.schema import DigitalSourceType, InputError, Recipe

GENERATED, COMPOSITE = DigitalSourceType


def opened(content):
    return Image.open(io.BytesIO(content))


def saved_anew(content, kind="PNG", change=lambda image: image, **options):
    """As another program saves it: pixels alone."""
    out = io.BytesIO()
    Image.fromarray(np.asarray(change(opened(content).convert("RGB")))).save(out, kind, **options)
    return out.getvalue()


def with_texts(content, **texts):
    """Another picture's text chunks on these pixels."""
    info, out = PngImagePlugin.PngInfo(), io.BytesIO()
    for key, value in texts.items():
        info.add_text(key, value)
    opened(content).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def test_a_generated_picture_says_so_in_every_way(picture, recipe, tmp_path):
    path = write_made(tmp_path / "a.png", picture, recipe)
    with Image.open(path) as image:
        assert image.info["DigitalSourceType"] == GENERATED.value
        assert f'DigitalSourceType="{GENERATED.value}"'.encode() in image.info["xmp"]
        assert np.array_equal(np.asarray(image), watermarked(picture, recipe))
    found = verify(path)
    assert found.verdict is Verdict.MADE and found.recipe == recipe == read_recipe(path)
    assert found.source_type == GENERATED.value and "Every pixel" in found.reason and not found.watermark.moved


def test_a_tryon_says_that_it_is_a_composite(picture, tryon_recipe):
    found = verify(made_png(picture, tryon_recipe))
    assert (found.verdict, found.source_type, found.recipe) == (Verdict.MADE, COMPOSITE.value, tryon_recipe)


def test_sheets_and_jpegs_have_no_recipe_but_all_other_marks(picture):
    png, jpeg = made_png(picture, COMPOSITE), made_jpeg(picture, COMPOSITE)
    assert COMPOSITE.value.encode() in opened(jpeg).info["xmp"]
    for content in (png, jpeg):
        found = verify(content)
        assert (found.verdict, found.source_type, found.recipe) == (Verdict.MADE, COMPOSITE.value, None)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "opaque"])
def test_same_picture_same_bytes_and_every_pixel_counts(picture, recipe, mode):
    if mode != "RGB":
        alpha = np.full(picture.shape[:2], 255, np.uint8)
        alpha[:40] = 255 if mode == "opaque" else 0
        picture = np.dstack([picture, alpha])
    content = made_png(picture, recipe)
    assert content == made_png(picture, recipe) and verify(content).verdict is Verdict.MADE
    changed = np.array(opened(content))
    changed[300, 200, 1] ^= 1
    info = opened(content).info
    edited = png_bytes(changed, {key: info[key] for key in ("vton", "XML:com.adobe.xmp")})
    assert verify(edited).verdict is Verdict.EDITED and verify(edited).recipe == recipe


CHANGES = {
    "text stripped": ({}, Verdict.MADE),
    "JPEG": ({"kind": "JPEG", "quality": 80}, Verdict.MADE),
    "WebP": ({"kind": "WEBP", "quality": 80}, Verdict.MADE),
    "halved": ({"change": lambda image: image.resize((192, 256))}, Verdict.MADE),
    "cropped": ({"change": lambda image: image.crop((0, 51, 384, 512))}, Verdict.EDITED),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_other_programs_save_is_found_by_its_watermark(change, picture, recipe):
    options, verdict = CHANGES[change]
    found = verify(saved_anew(made_png(picture, recipe), **options))
    assert (found.verdict, found.source_type, found.recipe) == (verdict, GENERATED.value, None)
    assert found.reason.startswith("The watermark")


def test_text_of_one_picture_on_another_is_noticed(picture, recipe):
    other = Recipe(**{**recipe.to_dict(), "size_hw": recipe.size_hw, "seed": 8})
    swapped = verify(with_texts(made_png(picture, recipe), vton=other.to_json()))
    assert swapped.verdict is Verdict.EDITED and swapped.recipe is None and "another picture" in swapped.reason
    photo = verify(with_texts(png_bytes(picture), vton=recipe.to_json()))
    assert photo.verdict is Verdict.UNPROVEN and photo.watermark is None and photo.recipe == recipe


def test_other_pictures_are_not_ours(picture):
    plain = verify(png_bytes(picture))
    assert plain.verdict is Verdict.OTHER and plain.source_type is None
    assert "not show that it is a photo" in plain.reason
    said = verify(with_texts(png_bytes(picture), DigitalSourceType=GENERATED.value, vton="{}"))
    assert said.verdict is Verdict.OTHER and said.source_type == GENERATED.value and said.recipe is None


@pytest.mark.parametrize(
    "texts",
    [
        {"vton": "[" * 100_000},
        {"vton": "{" + '"a":' * 10_000},
        {"XML:com.adobe.xmp": '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><x>&b;</x>'},
        {"XML:com.adobe.xmp": 'vton:pixels="' + "0" * 64 + '"', "DigitalSourceType": "<b>" * 1000},
        {"XML:com.adobe.xmp": "DigitalSourceType=" * 100_000},
    ],
    ids=["nested", "broken", "entity", "false", "long"],
)
def test_hostile_text_is_only_text(picture, texts):
    found = verify(with_texts(png_bytes(picture), **texts))
    assert found.verdict is Verdict.OTHER and "passwd" not in str(found.to_dict())


@pytest.mark.parametrize("wrong", [{"size_hw": 5}, {"size_hw": ["a", "b"]}, {"slot": ["top"]}, {"checkpoint": {}}])
def test_a_tryon_recipe_with_wrong_values_is_none(picture, tryon_recipe, wrong):
    text = json.dumps(json.loads(tryon_recipe.to_json()) | wrong)
    assert verify(with_texts(png_bytes(picture), vton=text)).verdict is Verdict.OTHER


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n" + bytes(99)])
def test_what_is_no_picture_is_refused_in_words(content):
    with pytest.raises(InputError, match="not an image|damaged"):
        verify(content)


def test_a_damaged_picture_of_ours_is_refused(picture, recipe):
    content = made_png(picture, recipe)
    with pytest.raises(InputError, match="damaged or cut off"):
        verify(content[: len(content) // 2])


def test_the_verb(picture, recipe, tmp_path, capsys):
    made = write_made(tmp_path / "made.png", picture, recipe)
    assert main(["verify", str(made)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("made here: Every pixel") and "seed: 7" in printed
    assert "origin: AI-generated" in printed
    assert main(["verify", str(made), "--json"]) == 0
    assert '"verdict": "made here"' in capsys.readouterr().out
    other = tmp_path / "other.png"
    other.write_bytes(png_bytes(drawn_picture(seed=3)))
    assert main(["verify", str(other)]) == 1 and main(["verify", str(tmp_path / "none.png")]) == 2
