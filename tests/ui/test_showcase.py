"""The pictures of the example looks, the banner and the preview: drawn by the weights given, with recipe and marks."""

import shutil

from PIL import Image

from vton.provenance import read_recipe
from vton.systems.outfit_gan.pipeline import OutfitGANPipeline
from vton.ui.looks import FOLDER, load_looks
from vton.ui.showcase import RESULT, draw_showcase


def test_every_look_is_drawn_in_its_pose_and_by_its_seed(tmp_path, make_checkpoint):
    folder = tmp_path / "examples"
    for name in ("3-orange-dress", "4-leather-jacket"):
        shutil.copytree(FOLDER / name, folder / name, ignore=shutil.ignore_patterns(RESULT))
    pipeline = OutfitGANPipeline.from_pretrained(make_checkpoint(tmp_path / "tiny", "outfit-gan"))
    files = draw_showcase(pipeline, tmp_path / "images" / "banner.webp", folder, tmp_path / "preview.jpg")
    looks = load_looks(folder)
    assert len(files) == len(looks) + 2 and all(file.is_file() for file in files)
    for look in looks:
        recipe = read_recipe(look.result)
        assert (recipe.pose_name, recipe.seed, recipe.checkpoint) == (look.pose, look.seed, pipeline.checkpoint)
        assert {slot for slot, article in recipe.outfit().items() if article} == set(look.articles)
    assert Image.open(tmp_path / "preview.jpg").size == (1200, 630)
    assert Image.open(tmp_path / "images" / "banner.webp").width == 3 * 600 + 2 * 12
