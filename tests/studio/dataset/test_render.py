"""vton.studio.dataset.render: shards do not depend on workers, runs go on, refused outfits are drawn again."""

import hashlib
import json
from types import SimpleNamespace

import cv2
import numpy as np
import pytest
from drawn.cloth import no_cloth

from vton.cli import main
from vton.data.formats.studio_shards import StudioShards
from vton.schema import InputError
from vton.studio.dataset import render as rendering
from vton.studio.dataset.render import render, render_outfit
from vton.studio.dataset.settings import Settings
from vton.studio.measuring.checking import check
from vton.studio.photos.quality import MAX_ATTEMPTS
from vton.studio.photos.records import Photo, RejectedOutfit, RenderedLook


class DrawnStudio:
    """Stands in for the studio: a flat picture whose grey comes from the spec; counts what it was asked."""

    shot: list = []

    def __init__(self, assets=None):
        self.assets = assets

    def shoot(self, looks, size_hw):
        type(self).shot.append(looks[0].person.skin.seed)
        pictures = []
        for look in looks:
            grey = int(look.outfit.articles[0].fabric.colours[0][0] * 255)
            image = np.full((*size_hw, 3), grey, np.uint8)
            flat, joints = np.zeros(size_hw, np.uint8), np.ones((18, 3))
            photo = Photo(image, flat, flat, flat, joints, joints[:16], no_cloth(size_hw), {})
            pictures.append(RenderedLook(look, (photo,) * len(look.poses), {}))
        return pictures


@pytest.fixture
def drawn(monkeypatch):
    DrawnStudio.shot = []
    monkeypatch.setattr(rendering, "Photographer", DrawnStudio)
    return DrawnStudio


def hashes(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.glob("*.tar"))}


def settings(outfits=5, **changes):
    return Settings(**{"outfits": outfits, "poses": 1, "looks": 2, "per_shard": 2} | changes)


WHOLE = settings(2, per_shard=1, looks=1, seed=23, framings="thigh=0.4,near=0.4", occlusions=1.0)
"""What the whole studio renders here: two dresses, boots and a handbag, which are quick."""


def test_shards_hold_fixed_ranges(drawn, tmp_path):
    summary = render(tmp_path / "a", settings(), workers=1)
    assert summary["complete"] and summary["counts"]["photos"] == 10
    assert [o.key for o in StudioShards(tmp_path / "a")][-1] == "000000004-1"
    assert list(hashes(tmp_path / "a")) == [f"studio-000-0000{i}.tar" for i in range(3)]


def test_a_stopped_run_goes_on_and_gives_the_same_bytes(drawn, tmp_path, monkeypatch):
    render(tmp_path / "whole", settings(), workers=1)
    times = iter([0.0] * 4 + [1e9] * 20)
    monkeypatch.setattr(rendering.time, "time", lambda: next(times))
    first = render(tmp_path / "parts", settings(), workers=1, max_minutes=1)
    assert not first["complete"] and 0 < first["counts"]["outfits"] < 5
    monkeypatch.undo()
    monkeypatch.setattr(rendering, "Photographer", DrawnStudio)
    done = len(DrawnStudio.shot)
    assert render(tmp_path / "parts", settings(), workers=1)["complete"]
    assert hashes(tmp_path / "parts") == hashes(tmp_path / "whole")
    assert len(DrawnStudio.shot) - done < 5, "what was done is not done again"
    again = len(DrawnStudio.shot)
    render(tmp_path / "parts", settings(), workers=1)
    assert len(DrawnStudio.shot) == again


def test_more_outfits_later_are_the_same_dataset(drawn, tmp_path):
    render(tmp_path / "whole", settings(6), workers=1)
    render(tmp_path / "grown", settings(3), workers=1)
    render(tmp_path / "grown", settings(6), workers=1)
    assert hashes(tmp_path / "grown") == hashes(tmp_path / "whole")
    with pytest.raises(InputError, match="at least as many"):
        render(tmp_path / "grown", settings(3), workers=1)


def test_refused_outfits_are_drawn_again_and_counted(drawn, tmp_path, monkeypatch):
    shoot = DrawnStudio.shoot

    def picky(self, looks, size_hw):
        if len(self.shot) in (0, 1):
            self.shot.append(0)
            raise RejectedOutfit("bare torso")
        return shoot(self, looks, size_hw)

    monkeypatch.setattr(DrawnStudio, "shoot", picky)
    gate = render(tmp_path, settings(2), workers=1)["quality_gate"]
    assert gate["refused"] == 2 and gate["reasons"] == {"bare torso": 2}


def test_an_outfit_that_is_always_refused_is_left_out():
    def refuse(*_):
        raise RejectedOutfit("inside out")

    looks, reasons = render_outfit(SimpleNamespace(shoot=refuse, assets=None), settings(), 0)
    assert looks == [] and reasons == ["inside out"] * MAX_ATTEMPTS


def test_progress_tells_rate_refusals_and_time_left(drawn, tmp_path):
    lines = []
    render(tmp_path, settings(), workers=1, show=lines.append)
    assert len(lines) == 5 and "5/5 outfits" in lines[-1] and "photos/s" in lines[-1] and "left" in lines[-1]


@pytest.mark.parametrize(
    ("changes", "word"),
    [({"size": 300}, "--size"), ({"outfits": 0}, "--outfits"), ({"half": 2.0}, "--half"), ({"seed": 1000}, "--seed"),
     ({"occlusions": -0.1}, "--occlusions"), ({"wear": 1.5}, "--wear"), ({"worn": 2}, "--worn"),
     ({"sets": -1}, "--sets"), ({"framings": "knee=1"}, "--framings"),
     ({"framings": "hip=0.5", "half": 0.5}, "--half is a part of --framings")],
)
def test_impossible_settings_say_so(changes, word):
    with pytest.raises(InputError, match=word):
        settings(**changes)


def test_an_earlier_run_goes_on_and_only_with_its_own_framings(drawn, tmp_path):
    render(tmp_path, settings(1), workers=1)
    before = json.loads((tmp_path / "settings.json").read_text())
    assert not {"framings", "occlusions", "wear", "worn", "sets"} & set(before), "as earlier versions wrote it"
    assert render(tmp_path, settings(1), workers=1)["complete"]
    with pytest.raises(InputError, match="rendered with --framings"):
        render(tmp_path, settings(1, framings="hip=1"), workers=1)
    with pytest.raises(InputError, match="rendered with --wear 0.0"):
        render(tmp_path, settings(1, wear=0.5), workers=1)


def test_folders_of_something_else_are_refused(drawn, tmp_path):
    (tmp_path / "thesis.doc").write_text("mine")
    with pytest.raises(InputError, match="other files"):
        render(tmp_path, settings(), workers=1)
    render(tmp_path / "set", settings(1), workers=1)
    with pytest.raises(InputError, match="--looks 2"):
        render(tmp_path / "set", settings(1, looks=3), workers=1)


def test_the_command_line_renders_with_its_settings(drawn, tmp_path, capsys):
    words = ["--outfits", "2", "--poses", "3", "--looks", "1", "--workers", "1", "--seed", "4", "--half", "0.5"]
    assert main(["studio", "render", str(tmp_path / "set"), *words]) == 0
    assert "2 outfits, 2 looks, 6 photos" in capsys.readouterr().out
    render(tmp_path / "set", Settings(2, 3, 1, seed=4, half=0.5))  # other settings would be refused


@pytest.fixture(scope="module")
def rendered(model, tmp_path_factory):
    """A folder into which one process rendered two outfits with the whole studio, and the summary."""
    folder = tmp_path_factory.mktemp("rendered")
    return folder, render(folder, WHOLE, workers=1)


def test_two_workers_write_what_one_writes(rendered, tmp_path):
    """Bytes must not depend on which process rendered what before."""
    folder, one = rendered
    two = render(tmp_path, WHOLE, workers=2)
    assert hashes(folder) == hashes(tmp_path) and len(hashes(folder)) == 2
    assert json.dumps(one) == json.dumps(two) and one["complete"]
    assert len(StudioShards(tmp_path)) == 2
    found = check(folder)
    assert found["joints"] >= 20 and found["share"] >= 0.99, found


def test_a_look_made_again_from_its_json_is_the_look_of_the_shard(rendered, tmp_path):
    shards = StudioShards(rendered[0])
    spec = tmp_path / "look.json"
    spec.write_bytes(shards.entries[0].read("json"))
    assert main(["studio", "render-one", "--spec", str(spec), "--out", str(tmp_path / "one")]) == 0
    again = cv2.imread(str(tmp_path / "one" / "p0.png"))[..., ::-1]
    assert np.abs(again.astype(int) - shards[0].photos[0].image_u8).mean() < 2.5, "but for the photo's compression"
