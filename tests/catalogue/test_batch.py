"""The verb `batch`: a picture for each row, what is missing only, the same bytes from any number of processes."""

import json
from pathlib import Path

import pytest
import torch

from vton.catalogue.drawing import Settings
from vton.catalogue.run import draw_table
from vton.catalogue.table import read_table
from vton.cli import main
from vton.conditioning.pose.presets import preset_poses
from vton.provenance import read_recipe
from vton.provenance.verification import Verdict, verify

PERSON = sorted((Path(main.__code__.co_filename).parents[1] / "ui/examples/persons").glob("*.webp"))[0]


def files(folder):
    return {file.name: file.read_bytes() for file in sorted(folder.glob("*.png"))}


def test_a_picture_for_each_row(batch, table, photo, results, tmp_path, capsys):
    pose = preset_poses()["walk-left"].flip()
    (tmp_path / "pose.json").write_text(json.dumps(pose.to_openpose()))
    first = {"name": "first", "top": photo("top.png"), "bottom": photo("jeans.png", "navy"), "pose": "stand", "sku": 7}
    assert batch(table([first, {"dress": "top.png", "pose": "pose.json", "seed": "5"}]), "--psi", 0.5) == 0
    one, two = (read_recipe(tmp_path / "made" / name) for name in ("first.png", "row-00002.png"))
    assert (one.seed, one.pose_name, sorted(one.articles), one.psi) == (0, "stand", ["bottom", "top"], 0.5)
    assert (two.seed, two.to_pose(), list(two.articles)) == (5, pose, ["dress"])
    assert verify(tmp_path / "made/first.png").verdict is Verdict.MADE
    assert [(line["row"], line["name"], line["file"], line["error"]) for line in results()] == [
        ("1", "first", "first.png", ""), ("2", "row-00002", "row-00002.png", ""),
    ]  # fmt: skip
    assert all(float(line["seconds"]) > 0 for line in results())
    said = capsys.readouterr()
    assert "2 of 2 pictures" in said.out and "not looked at: sku" in said.err and "2/2" in said.err


def test_rows_that_fail_stop_no_other(batch, table, photo, results, tmp_path, capsys):
    top = photo("top.png")
    (tmp_path / "text.png").write_text("no picture")
    bad = [
        ({"top": "gone.png"}, "gone.png"),
        ({"top": "text.png"}, "text.png"),
        ({"top": "https://example.org/top.png"}, "none is fetched"),
        ({"top": top, "pose": "moonwalk"}, "moonwalk"),
        ({"top": top, "pose": "gone.json"}, "gone.json"),
        ({"top": top, "seed": "1.5"}, "no whole number"),
        ({"top": top, "seed": "-1"}, "no whole number"),
        ({"top": top, "seed": "9" * 17}, "seed"),
        ({"top": top, "dress": top}, "dress replaces top"),
        ({"top": top, "wear": "sleeves"}, "TOPIC=HOW"),
        ({"pose": "stand"}, "No article"),
        ({"top": top, "name": "../up"}, "cannot be that of a file"),
        ({"top": top, "name": "GOOD"}, "Row 1 has the name"),
        ({"top": top, "person": "gone.png", "pose": "stand"}, "leave pose empty"),
        ({"shoes": top, "person": "gone.png"}, "one garment"),
        ({"top": top, "person": "gone.png"}, "gone.png"),
    ]
    assert batch(table([{"top": top, "name": "good"}, *(row for row, _ in bad), {"top": top, "seed": 2}])) == 1
    said = capsys.readouterr()
    assert "2 of 18 pictures" in said.out and "16 failed" in said.out and "Traceback" not in said.err
    errors = [line["error"] for line in results()]
    assert not errors[0] and not errors[-1]
    for error, (_, words) in zip(errors[1:-1], bad, strict=True):
        assert words in error and str(tmp_path) not in error and f": {error}\n" in said.err
    assert sorted(files(tmp_path / "made")) == ["good.png", "row-00018.png"]


def test_what_was_interrupted_goes_on(table, photo, results, tiny_outfit_checkpoint, tmp_path):
    path = table([{"top": photo("top.png"), "seed": seed} for seed in range(4)])
    settings = Settings(str(tmp_path), str(tmp_path / "made"), "outfit-gan", "ma-vton", str(tiny_outfit_checkpoint))
    drawn = []

    def stop_after_two(result, done, total):
        drawn.append(result.row)
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        draw_table(read_table(path), settings, watch=stop_after_two)
    before = files(tmp_path / "made")
    assert [line["row"] for line in results()] == ["1", "2"] and len(before) == 2
    with (tmp_path / "made/results.csv").open("a") as file:
        file.write("3,row-000")  # a line that a killed run did not finish
    done = draw_table(read_table(path), settings, watch=lambda result, *_: drawn.append(result.row))
    assert drawn == [1, 2, 3, 4] and [result.row for result in done] == [1, 2, 3, 4]
    assert files(tmp_path / "made").items() >= before.items()
    assert [line["row"] for line in results()] == ["1", "2", "3", "4"]


def test_only_what_has_changed_is_drawn_again(batch, table, photo, tmp_path, capsys):
    rows = [{"top": photo(f"{n}.png"), "seed": n, "name": f"n{n}"} for n in range(4)]

    def drawn():
        """Names of the pictures that a run writes."""
        capsys.readouterr()
        before = {file.name: file.stat().st_ino for file in (tmp_path / "made").glob("*.png")}
        assert batch(table(rows)) == 0
        after = {file.name: file.stat().st_ino for file in (tmp_path / "made").glob("*.png")}
        return {name for name in after if after[name] != before.get(name)}

    assert drawn() == {"n0.png", "n1.png", "n2.png", "n3.png"}
    assert drawn() == set() and capsys.readouterr().err == ""
    (tmp_path / "made/n0.png").rename(tmp_path / "elsewhere.png")
    photo("1.png", "navy")
    rows[2]["seed"] = 9
    assert drawn() == {"n0.png", "n1.png", "n2.png"}
    assert (tmp_path / "made/n0.png").read_bytes() == (tmp_path / "elsewhere.png").read_bytes()
    rows.reverse()
    assert drawn() == set()


def test_any_number_of_processes_gives_the_same_bytes(batch, table, photo, results, tmp_path):
    rows = [{"top": photo("top.png"), "seed": seed, "pose": "walk-left"} for seed in range(3)] + [{"top": "gone.png"}]
    threads = torch.get_num_threads()
    assert batch(table(rows), out="one") == 1 and torch.get_num_threads() == threads
    assert batch(table(rows), "--processes", 2, out="two") == 1
    assert files(tmp_path / "one") == files(tmp_path / "two") and len(files(tmp_path / "one")) == 3
    untimed = [[{**line, "seconds": ""} for line in results(out)] for out in ("one", "two")]
    assert untimed[0] == untimed[1]


def test_a_row_with_a_person_is_a_try_on(batch, table, photo, tmp_path):
    assert batch(table([{"top": photo("top.png"), "person": PERSON}])) == 0
    found = verify(tmp_path / "made/row-00001.png")
    assert found.verdict is Verdict.MADE and found.to_dict()["recipe"]["system"] == "ma-vton"


def test_mistakes_that_spoil_every_row(batch, table, photo, tmp_path, capsys):
    good = table([{"top": photo("top.png")}])
    for flags, words in (
        (["--psi", "3"], "Psi"), (["--processes", "0"], "--processes"), (["--checkpoint", "none"], "not found"),
        (["--out", tmp_path / "top.png"], "is a file"),
    ):  # fmt: skip
        assert batch(good, *flags) == 2
        error = capsys.readouterr().err
        assert words in error and error.count("\n") == 1
    (tmp_path / "made").mkdir(exist_ok=True)
    (tmp_path / "made/results.csv").write_text("of,somebody,else\n")
    assert batch(good) == 2 and "another results.csv" in capsys.readouterr().err
    assert (tmp_path / "made/results.csv").read_text() == "of,somebody,else\n"
