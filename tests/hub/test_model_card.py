"""Model cards carry the metadata that the Hub reads."""

import shutil

import pytest
from huggingface_hub import ModelCard

from vton import hub
from vton.schema import InputError


@pytest.fixture
def folder(tiny_outfit_checkpoint, tmp_path):
    return shutil.copytree(tiny_outfit_checkpoint, tmp_path / "tiny-outfit")


def test_card_and_metadata(folder):
    path = hub.write_model_card(
        folder,
        system="outfit-gan",
        summary="Draws boxes.",
        paper="Yildirim et al. 2019 (arXiv 1908.08847)",
        data="Noise.",
        metrics=[hub.Metric("FID", 12.5, "n=100, Inception of the tests")],
        tags=["tests"],
    )
    card = ModelCard.load(path)
    assert card.data.license == "apache-2.0" and card.data.library_name == "vton"
    assert {"outfit-gan", "tests", "virtual-try-on"} <= set(card.data.tags)
    assert card.data.eval_results[0].metric_value == 12.5
    for piece in (
        "Draws boxes.",
        "Noise.",
        "| FID | 12.5 | n=100",
        "64x48",
        hub.revision(folder),
        "1908.08847",
    ):
        assert piece in card.text
    hub.verify(folder)


def test_without_figures_it_says_so(folder):
    path = hub.write_model_card(folder, system="outfit-gan", summary="s", paper="p", data="d")
    assert "Not measured yet." in path.read_text()
    assert ModelCard.load(path).data.eval_results is None


def test_no_card_for_a_broken_checkpoint(folder):
    (folder / hub.WEIGHTS_NAME).write_bytes(b"half")
    with pytest.raises(InputError, match="corrupt"):
        hub.write_model_card(folder, system="outfit-gan", summary="s", paper="p", data="d")
