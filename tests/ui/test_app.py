"""The endpoints as a script uses them, and the parts of the page that need no browser."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from gradio_client import handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from vton.conditioning.pose.presets import preset_poses
from vton.provenance import read_recipe
from vton.schema import SLOTS, Pose
from vton.ui.looks import load_looks
from vton.ui.mannequin import draw_mannequin
from vton.ui.panels.outfit import DRESS, TOP_AND_BOTTOM, worn
from vton.ui.tabs.mix import transfer_of


def test_generate_returns_pngs_with_their_recipe(client, photo):
    files = client.predict(
        top=handle_file(photo("red", "#b03030")), bottom=handle_file(photo("blue", "#3050a0")),
        pose="hips-both", seed=5, count=2, psi=0.7, api_name="/generate",
    )  # fmt: skip
    recipes = [read_recipe(file) for file in files]
    assert [recipe.seed for recipe in recipes] == [5, 6]
    assert all(Image.open(file).format == "PNG" and Image.open(file).size == (96, 128) for file in files)
    assert set(recipes[0].articles) == {"top", "bottom"} and recipes[0].psi == 0.7
    assert recipes[0].pose_name == "hips-both" and recipes[0].to_pose() == preset_poses()["hips-both"]
    top = recipes[0].outfit()["top"]
    assert np.abs(np.median(top.image_u8[top.mask_u8 > 0], axis=0) - (176, 48, 48)).max() < 12


def test_same_request_same_pixels_and_random_seed_by_default(client, photo):
    dress = handle_file(photo("green", "#207040"))
    first, second = (client.predict(dress=dress, seed=3, api_name="/generate")[0] for _ in range(2))
    assert Path(first).read_bytes() == Path(second).read_bytes()
    seeds = {read_recipe(client.predict(dress=dress, api_name="/generate")[0]).seed for _ in range(2)}
    assert len(seeds) == 2


def test_how_articles_are_worn_is_said_in_words(client, photo):
    given = {"top": handle_file(photo("red", "#b03030")), "seed": 5, "api_name": "/generate"}
    plain, tucked = client.predict(**given)[0], client.predict(**given, wear="top=in, outer=open")[0]
    usual = {"top": "over", "sleeves": "down"}
    assert read_recipe(plain).wear == usual
    assert read_recipe(tucked).wear == usual | {"top": "in"}, "there is no outerwear"
    assert not np.array_equal(np.asarray(Image.open(plain)), np.asarray(Image.open(tucked)))
    for said in ("top=sideways", "tucked"):
        with pytest.raises(AppError, match="top"):
            client.predict(**given, wear=said)


def test_lookbook_tries_each_article_in_each_pose(client, photo):
    tried = [handle_file(photo(name, colour)) for name, colour in (("grey", "#555a60"), ("rose", "#c07080"))]
    shoes = handle_file(photo("black", "#202020"))
    file = client.predict(shoes=shoes, tried=tried, poses="stand, wide", seed=6, api_name="/lookbook")
    with zipfile.ZipFile(file) as archive:
        recipes = [read_recipe(archive.read(name)) for name in archive.namelist() if name.startswith("look")]
    assert [(r.seed, r.pose_name) for r in recipes] == [(6, "stand"), (6, "wide")] * 2
    assert all("shoes" in r.articles and len(r.articles) >= 1 for r in recipes)
    assert recipes[0].articles != recipes[2].articles
    with pytest.raises(AppError, match="No pose preset 'handstand'"):
        client.predict(shoes=shoes, poses="handstand", api_name="/lookbook")
    with pytest.raises(AppError, match="No article yet"):
        client.predict(api_name="/lookbook")


def test_pose_json_is_accepted(client, photo):
    pose = json.dumps(preset_poses()["wide"].flip().to_openpose())
    file = client.predict(top=handle_file(photo("red", "#b03030")), pose=pose, seed=1, api_name="/generate")[0]
    assert read_recipe(file).to_pose() == preset_poses()["wide"].flip()


def test_mix_of_png_and_seed(client, photo):
    target = client.predict(top=handle_file(photo("red", "#b03030")), seed=1, api_name="/generate")[0]
    mixed = client.predict(target=handle_file(target), source_seed=9, transfer="colour", strength=0.5, api_name="/mix")
    mix = read_recipe(mixed).mix
    assert (mix["source"]["seed"], mix["target"]["seed"], mix["strength"]) == (9, 1, 0.5)
    assert (np.array(Image.open(mixed)) != np.array(Image.open(target))).any()


def _broken(tmp_path, kind):
    path = tmp_path / f"{kind}.png"
    if kind == "garbage":
        path.write_bytes(b"this is no picture" * 50)
    else:
        Image.new("1", (12000, 12000)).save(path)
    return handle_file(str(path))


@pytest.mark.parametrize(
    ("request_of", "says"),
    [
        (lambda good, tmp: {"dress": good, "top": good}, "dress replaces top"),
        (lambda good, tmp: {}, "No article yet"),
        (lambda good, tmp: {"top": _broken(tmp, "garbage")}, "not an image"),
        (lambda good, tmp: {"top": _broken(tmp, "huge")}, "too large"),
        (lambda good, tmp: {"top": good, "pose": "flying"}, "flying"),
        (lambda good, tmp: {"top": good, "pose": "/etc/hostname"}, "preset"),
        (lambda good, tmp: {"top": good, "pose": '{"people": []}'}, "pe"),
        (lambda good, tmp: {"top": good, "count": 5}, "from 1 to 4"),
        (lambda good, tmp: {"top": good, "seed": 1.5}, "whole number"),
    ],
)
def test_bad_input_gets_one_clear_sentence(client, photo, tmp_path, request_of, says):
    with pytest.raises(AppError) as error:
        client.predict(**request_of(handle_file(photo("red", "#b03030")), tmp_path), api_name="/generate")
    message = str(error.value)
    assert says in message and message.endswith(".")
    assert "Traceback" not in message and "/tmp" not in message and "gradio" not in message.lower()


@pytest.mark.parametrize("request_of", [{}, {"source_seed": 1}, {"source_seed": 1, "target_seed": 2}])
def test_mix_says_what_is_missing(client, request_of):
    with pytest.raises(AppError, match="Give a|No article"):
        client.predict(**request_of, api_name="/mix")


def test_only_the_named_endpoints_are_public_and_each_is_explained(client):
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    assert set(endpoints) == {"/generate", "/lookbook", "/mix", "/pose", "/cutout", "/tryon", "/compare", "/verify"}
    assert all(endpoint["description"] for endpoint in endpoints.values())


def test_what_is_set_aside_follows_the_choice():
    paths = {**dict.fromkeys(SLOTS), "dress": "d", "top": "t", "shoes": "s"}
    assert {slot for slot, path in worn(paths, DRESS).items() if path} == {"dress", "shoes"}
    assert {slot for slot, path in worn(paths, TOP_AND_BOTTOM).items() if path} == {"top", "shoes"}
    del paths["dress"]
    assert worn({**paths, "dress": None}, DRESS)["top"] == "t"


def test_every_example_is_complete():
    looks = load_looks()
    assert len(looks) >= 4
    for look in looks:
        assert look.articles and look.pose in preset_poses()
        assert not {"dress", "top"} <= set(look.articles)


def test_looks_work_without_a_result(tmp_path):
    (tmp_path / "1-plain-shirt").mkdir()
    (tmp_path / "1-plain-shirt" / "example.json").write_text('{"pose": "stand", "seed": 4}')
    (look,) = load_looks(tmp_path)
    assert (look.title, look.result, look.seed) == ("Plain shirt", None, 4)


def test_a_mannequin_leaves_missing_limbs_out():
    pose = preset_poses()["wide"]
    confidence = pose.confidence.copy()
    confidence[9:11] = 0  # the right knee and ankle
    partial = Pose(pose.keypoints_xy, confidence, pose.size_hw)
    whole, partial = (np.array(draw_mannequin(one), int) for one in (pose, partial))
    backdrop = whole[0, 0]
    assert (whole != backdrop).any(axis=2).sum() > 1.1 * (partial != backdrop).any(axis=2).sum()


def test_transfer_of_sliders_in_any_order():
    assert [transfer_of("Colour", 1, 2), transfer_of("Layers", 9, 4)] == ["colour", "4-9"]


def test_importing_the_entry_point_loads_no_weights():
    root = Path(__file__).parents[2]
    code = "import app, sys; assert 'torch' not in sys.modules and 'vton.networks' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], cwd=root, check=True, timeout=200)
    assert len((root / "app.py").read_text().splitlines()) <= 40
