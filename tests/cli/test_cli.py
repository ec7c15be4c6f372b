"""The command line as others script it: files, recipes, exit codes, one line per user's mistake."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from vton.cli import VERBS, main
from vton.conditioning.pose.presets import preset_poses
from vton.provenance import read_recipe
from vton.systems import systems


@pytest.fixture
def photo(tmp_path):
    """A red box on white, as a packshot of a top."""
    image = Image.new("RGB", (120, 160), "white")
    image.paste((180, 30, 30), (30, 30, 90, 130))
    image.save(tmp_path / "top.png")
    return str(tmp_path / "top.png")


@pytest.fixture
def generate(tiny_outfit_checkpoint, photo, tmp_path):
    """``generate(*flags)``: one top, tiny checkpoint, into out.png unless told otherwise; the exit code."""

    def generate(*flags, top=photo):
        articles = ["--top", top] if top else []
        usual = ["--checkpoint", str(tiny_outfit_checkpoint), "--out", str(tmp_path / "out.png")]
        return main(["generate", *articles, *usual, *map(str, flags)])

    return generate


def test_generate_writes_a_png_with_its_recipe(generate, tmp_path, capsys):
    assert generate("--seed", 5, "--pose", "stand") == 0
    assert capsys.readouterr().out.strip() == str(tmp_path / "out.png")
    recipe = read_recipe(tmp_path / "out.png")
    assert (recipe.system, recipe.seed, recipe.pose_name, recipe.psi) == ("outfit-gan", 5, "stand", 0.8)
    assert list(recipe.articles) == ["top"]
    with Image.open(tmp_path / "out.png") as image:
        assert json.loads(image.info["vton"])["seed"] == 5 and image.size == (96, 128)
    assert generate("--seed", 5, "--scale", 1) == 0
    with Image.open(tmp_path / "out.png") as image:
        assert image.size == (48, 64)


@pytest.mark.parametrize("existing", [True, False])
def test_generate_into_a_folder(generate, tmp_path, existing):
    folder = tmp_path / "made"
    if existing:
        folder.mkdir()
    assert generate("--seed", 5, "--out", folder if existing else f"{folder}/") == 0
    assert [file.name for file in folder.iterdir()] == ["outfit-gan-5.png"]


def test_several_images_are_those_of_their_seeds(generate, tmp_path):
    assert generate("--seed", 5, "--count", 3, "--out", tmp_path / "made") == 0
    assert sorted(file.name for file in (tmp_path / "made").iterdir()) == [
        f"outfit-gan-{n}.png" for n in (5, 6, 7)
    ]
    assert generate("--seed", 6) == 0
    assert (tmp_path / "made/outfit-gan-6.png").read_bytes() == (tmp_path / "out.png").read_bytes()


def test_a_pose_from_json(generate, tmp_path):
    pose = preset_poses()["walk-left"].flip()
    (tmp_path / "pose.json").write_text(json.dumps(pose.to_openpose()))
    assert generate("--pose", tmp_path / "pose.json") == 0
    assert read_recipe(tmp_path / "out.png").to_pose() == pose


def test_fashion_gan_needs_a_seed_only(tiny_fashion_checkpoint, tmp_path):
    out = str(tmp_path / "out.png")
    usual = ["--system", "fashion-gan", "--checkpoint", str(tiny_fashion_checkpoint), "--out", out]
    assert main(["generate", "--seed", "4", *usual]) == 0
    assert read_recipe(out).system == "fashion-gan"


def test_mix_of_two_files(generate, tiny_outfit_checkpoint, tmp_path, capsys):
    generate("--seed", 1, "--out", tmp_path / "a.png")
    generate("--seed", 2, "--pose", "walk-left", "--out", tmp_path / "b.png")
    out = tmp_path / "mix.png"
    mix = ["mix", "--source", str(tmp_path / "a.png"), "--target", str(tmp_path / "b.png"), "--out", str(out),
           "--checkpoint", str(tiny_outfit_checkpoint)]  # fmt: skip
    for transfer in ("colour", "pose", "2-5"):
        assert main([*mix, "--transfer", transfer, "--strength", "0.5"]) == 0
        assert read_recipe(out).mix["transfer"] == transfer
    assert main([*mix, "--transfer", "colour", "--strength", "0"]) == 0
    with Image.open(out) as mixed, Image.open(tmp_path / "b.png") as target:
        difference = np.abs(np.array(mixed, int) - np.array(target))
        assert difference.max() <= 12  # of the watermarks, which name the recipes
        assert difference.mean() < 1.5
    assert "layers 5-10 of 10, 16x12 to 64x48" in capsys.readouterr().out


def test_mix_of_two_seeds_is_fashion_gans(tiny_fashion_checkpoint, tmp_path):
    out = tmp_path / "mix.png"
    mix = ["mix", "--source", "1", "--target", "2", "--transfer", "pose", "--out", str(out)]
    assert main([*mix, "--checkpoint", str(tiny_fashion_checkpoint)]) == 0
    assert read_recipe(out).system == "fashion-gan"


def test_mix_mistakes(generate, photo, tiny_outfit_checkpoint, tmp_path, refuse, capsys):
    generate("--out", tmp_path / "a.png")
    capsys.readouterr()
    mix = [
        "mix",
        "--source",
        "3",
        "--out",
        str(tmp_path / "mix.png"),
        "--checkpoint",
        str(tiny_outfit_checkpoint),
    ]
    good = ["--target", str(tmp_path / "a.png")]
    refuse(main([*mix, *good, "--transfer", "shape"]), "Transfer must be")
    refuse(main([*mix, *good, "--transfer", "4-99"]), "layers 1-10")
    refuse(main([*mix, *good, "--transfer", "pose", "--strength", "2"]), "strength")
    refuse(main([*mix, "--target", photo, "--transfer", "pose"]), "no recipe")
    refuse(main([*mix, "--target", "gone.png", "--transfer", "pose"]), "gone.png")
    refuse(main([*mix, *good, "--transfer", "pose", "--out", str(tmp_path)]), "name of a PNG file")
    refuse(main([*mix, *good, "--transfer", "pose", "--source", "-3"]), "seed")


def test_article_mistakes(generate, tmp_path, photo, refuse):
    (tmp_path / "text.png").write_text("no image")
    (tmp_path / "cut.png").write_bytes((tmp_path / "top.png").read_bytes()[:150])
    Image.new("1", (12000, 12000)).save(tmp_path / "huge.png")
    Image.new("RGB", (1, 1)).save(tmp_path / "dot.png")
    frames = [Image.new("L", (40, 40), shade) for shade in (0, 200)]
    frames[0].save(tmp_path / "moving.gif", save_all=True, append_images=frames[1:])
    for name in ("text.png", "cut.png", "huge.png", "dot.png", "moving.gif", "gone.png"):
        refuse(generate(top=str(tmp_path / name)), name)
    refuse(generate("--dress", photo), "dress replaces top")
    refuse(generate(top=None), "No article")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"people": []}',
        '{"people": [{}]}',
        '{"people": [{"pose_keypoints_2d": [NaN' + ", 1" * 53 + "]}]}",
    ],
)
def test_pose_mistakes(generate, tmp_path, refuse, content):
    (tmp_path / "pose.json").write_text(content)
    refuse(generate("--pose", tmp_path / "pose.json"))


def test_unknown_pose(generate, refuse):
    refuse(generate("--pose", "moonwalk"), "moonwalk", "walk-left")


def test_number_mistakes(generate, refuse):
    refuse(generate("--seed", -1), "seed")
    refuse(generate("--count", 0), "count")
    refuse(generate("--psi", "nan"), "Psi")
    refuse(generate("--scale", 3), "scale")


def test_output_mistakes(generate, tmp_path, refuse):
    refuse(generate("--out", tmp_path / "out.jpg"), "out.jpg")
    refuse(generate("--out", tmp_path / "new.png", "--count", 2), "folder")
    (tmp_path / "file").write_text("")
    refuse(generate("--out", tmp_path / "file" / "out.png"), "out.png")
    refuse(generate("--out", "/proc/nowhere/out.png"), "out.png")


def test_system_mistakes(generate, tiny_fashion_checkpoint, refuse):
    refuse(
        generate("--system", "fashion-gan", "--checkpoint", tiny_fashion_checkpoint), "leave the articles out"
    )
    refuse(generate("--checkpoint", tiny_fashion_checkpoint), "does not belong to outfit-gan")


def test_checkpoint_mistakes(generate, tiny_outfit_checkpoint, tmp_path, refuse):
    refuse(generate("--checkpoint", "no-such-one"), "no-such-one", "not found")
    copy = shutil.copytree(tiny_outfit_checkpoint, tmp_path / "copy")
    weights = copy / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1])
    refuse(generate("--checkpoint", copy), "corrupt")


@pytest.mark.parametrize(
    "argv",
    [
        [],
        ["fly"],
        ["generate"],
        ["generate", "--hat", "x", "--out", "o.png"],
        ["generate", "--system", "cp", "--out", "o.png"],
        ["systems", "--all"],
    ],
)
def test_flags_that_argparse_refuses(argv, capsys):
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2 and "usage:" in capsys.readouterr().err


def test_help_lists_verbs_and_presets(capsys):
    for argv, words in ((["--help"], VERBS), (["generate", "--help"], preset_poses())):
        with pytest.raises(SystemExit) as caught:
            main(argv)
        text = capsys.readouterr().out
        assert caught.value.code == 0 and all(word in text for word in words)


def test_help_needs_no_network_library():
    code = (
        "import sys, vton.cli\ntry: vton.cli.main(['generate', '--help'])\nexcept SystemExit: pass\n"
        "print({'torch', 'diffusers', 'gradio', 'cv2'} & set(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "set()"


def test_systems_lists_every_system(capsys):
    assert main(["systems"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + len(systems()) and lines[0].split()[0] == "system"
    for line, (name, system) in zip(lines[1:], systems().items(), strict=True):
        assert line.startswith(name) and system.cited in line and "Apache-2.0" in line
    assert "any photo" in lines[-1] or "weights not here" in lines[-1]


def test_bench_prints_its_figures(tiny_outfit_checkpoint, capsys):
    assert main(["bench", "--checkpoint", str(tiny_outfit_checkpoint), "--repeats", "1", "--no-app"]) == 0
    text = capsys.readouterr().out
    assert "1 x 128x96:" in text and "4 x 128x96:" in text and "s/image" in text and "MB" in text


def test_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "vton", "generate", "--out", "x.png"], capture_output=True, text=True
    )
    assert (
        done.returncode == 2 and done.stderr.startswith("error: No article") and done.stderr.count("\n") == 1
    )
