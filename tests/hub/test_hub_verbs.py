"""The verbs `pull`, `push` and `card` against a Hub that is well, and one in every mood: one sentence each."""

import json
import shutil

import pytest
from huggingface_hub import ModelCard

from vton import hub
from vton.cli import main
from vton.schema import InputError

VERBS = """
import contextlib, io, json, sys
from huggingface_hub import constants
from vton.cli import main
constants.DOWNLOAD_CHUNK_SIZE = 1000  # what is lost when a connection breaks
said = []
for command in json.loads(sys.argv[1]):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(command)
    said.append([code, out.getvalue(), [line for line in err.getvalue().splitlines() if line.startswith("error")]])
print(json.dumps(said))
"""


@pytest.fixture
def verbs(ask):
    """``verbs([...], ...)``: exit code, stdout and lines of error of each command."""
    return lambda *commands: ask(VERBS, json.dumps([list(map(str, command)) for command in commands]))


@pytest.fixture
def folder(tiny_fashion_checkpoint, tmp_path):
    folder = shutil.copytree(tiny_fashion_checkpoint, tmp_path / "tiny")
    hub.write_model_card(folder, system="fashion-gan", summary="s", paper="p", data="d")
    return folder


def content(folder):
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_pushed_and_pulled(verbs, fake_hub, folder, tiny_outfit_checkpoint, tmp_path):
    out = shutil.copytree(tiny_outfit_checkpoint, tmp_path / "out")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/photo.png").write_bytes(b"mine")
    pushed, pulled, copied, kept, odd = verbs(
        ["push", folder, "tester/tiny", "--private"],
        ["pull", "tester/tiny"],
        ["pull", f"tester/tiny@{1:040x}", "--out", out],
        ["pull", "tester/tiny", "--out", tmp_path / "mine"],
        ["pull", "tiny"],
    )
    assert pushed[0] == pulled[0] == copied[0] == 0
    assert "/tester/tiny/commit/" in pushed[1] and hub.revision(folder) in pulled[1] and str(out) in copied[1]
    hub.verify(out)
    assert hub.revision(out) == hub.revision(folder) and not list(tmp_path.glob(".out*"))
    assert kept[0] == 2 and "something else" in kept[2][0] and (tmp_path / "mine/photo.png").exists()
    assert odd[0] == 2 and "write owner/name" in odd[2][0]


def test_what_is_slow_cut_off_or_flipped_arrives_all_the_same(verbs, fake_hub, folder, tmp_path):
    for mood in ("slow", "cut", "flipped"):
        fake_hub.commit(f"tester/{mood}", content(folder))
        fake_hub.moods[f"tester/{mood}"] = mood
    said = verbs(*(["pull", f"tester/{mood}", "--out", tmp_path / mood] for mood in ("slow", "cut", "flipped")))
    assert [code for code, *_ in said] == [0, 0, 0], said
    assert all(hub.revision(tmp_path / mood) == hub.revision(folder) for mood in ("slow", "cut", "flipped"))
    (rest,) = fake_hub.ranges
    assert 0 < int(rest.removeprefix("bytes=").rstrip("-")) < len(content(folder)[hub.WEIGHTS_NAME])


def test_what_was_damaged_in_the_cache_is_fetched_again(verbs, fake_hub, folder, tmp_path):
    fake_hub.commit("tester/tiny", content(folder))
    assert verbs(["pull", "tester/tiny"])[0][0] == 0
    (weights,) = (tmp_path / "home").rglob(hub.WEIGHTS_NAME)
    blob = weights.resolve()
    good = blob.read_bytes()
    bad = good[:-3] + bytes([good[-3] ^ 1]) + good[-2:]
    blob.write_bytes(bad)
    assert verbs(["pull", "tester/tiny"])[0][0] == 0
    assert weights.read_bytes() == good
    blob.write_bytes(bad)
    fake_hub.moods["tester/tiny"] = "busy"
    ((code, _, errors),) = verbs(["pull", "tester/tiny"])
    assert code == 2 and "'tester/tiny' is corrupt" in errors[0]


TROUBLES = {
    "gated": "asks for access", "revoked": "does not accept your token", "forbidden": "may not do this",
    "busy": "out of order for 'tester/busy' (HTTP status 503)", "too-many": "too many requests",
    "portal": "log in to your network", "hanging": "cannot be reached", "short": "did not arrive whole",
    "rotten": "corrupt: diffusion_pytorch_model.safetensors differs",
}  # fmt: skip


def test_each_trouble_is_one_sentence(verbs, fake_hub, folder, tmp_path):
    for mood in TROUBLES:
        fake_hub.commit(f"tester/{mood}", content(folder))
        fake_hub.moods[f"tester/{mood}"] = mood
    said = verbs(*(["pull", f"tester/{mood}", "--out", tmp_path / "out"] for mood in TROUBLES))
    for (mood, words), (code, out, errors) in zip(TROUBLES.items(), said, strict=True):
        assert code == 2 and not out and len(errors) == 1 and words in errors[0], (mood, errors)
        assert "http://" not in errors[0] and str(tmp_path) not in errors[0]
    assert not (tmp_path / "out").exists()


def test_what_is_not_let_in_is_not_pushed(verbs, fake_hub, folder):
    moods = ("revoked", "forbidden", "busy", "portal")
    fake_hub.moods |= {f"tester/{mood}": mood for mood in moods}
    said = verbs(*(["push", folder, f"tester/{mood}"] for mood in moods), ["push", folder, "a/b/c"])
    words = [TROUBLES[mood] for mood in moods]
    for (code, _, errors), expected in zip(said, [*words, "no id of the Hub"], strict=True):
        assert code == 2 and len(errors) == 1 and expected in errors[0], errors
    assert not fake_hub.repos


def test_without_a_card_nothing_is_pushed(folder):
    (folder / "README.md").unlink()
    with pytest.raises(InputError, match="model card"):
        hub.push(folder, "tester/tiny")


def test_card_for_the_hub(folder, tmp_path, capsys):
    before = (folder / "README.md").read_text().replace("---\n", "---\ndatasets: tester/boxes\n", 1)
    (folder / "README.md").write_text(before)
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(b"\x89PNG\r\n\x1a\n" + name.encode())
    samples = ["--sample", str(tmp_path / "a.png"), "--sample", str(tmp_path / "b.png")]
    for _ in range(2):
        assert main(["card", str(folder), "--dataset", "vton/studio", *samples]) == 0
    card = ModelCard.load(folder / "README.md")
    assert (card.data.library_name, card.data.pipeline_tag) == ("vton", "unconditional-image-generation")
    assert card.data.datasets == ["tester/boxes", "vton/studio"]
    assert card.text.count("![Sample") == 2 and card.text.count("## Samples") == 1
    assert (folder / "samples/2.png").read_bytes().endswith(b"b.png")
    assert main(["card", str(folder), *samples[:2]]) == 0
    assert [file.name for file in (folder / "samples").iterdir()] == ["1.png"]
    text = ModelCard.load(folder / "README.md").text
    assert before.partition("## Use")[2] in text.replace(text[text.index("## Samples"):text.index("## Training")], "")
    hub.verify(folder)
    capsys.readouterr()
    (tmp_path / "a.png").write_bytes(b"none")
    assert main(["card", str(folder), *samples]) == 2 and "is no PNG" in capsys.readouterr().err
