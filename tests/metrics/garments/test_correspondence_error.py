"""The error of correspondences: of the true field, of a shifted one, by kind of article picture."""

import pytest
import torch
import torch.nn.functional as F
from drawn.studio import write_studio

from vton.data.outfits.pack import OutfitPack
from vton.data.outfits.writer import pack_outfits
from vton.metrics.garments.correspondence_error import correspondence_figures
from vton.networks.stylegan2.generator import StyleGAN2Generator

TINY = {"size_hw": (64, 48), "z_dim": 8, "w_dim": 16, "embedding_dim": 16, "mapping_layers": 2, "channel_base": 512,
        "channel_max": 8, "token_channels": 8, "pose_channels": 4, "article_hw": (64, 48),
        "coverage": True}  # fmt: skip


class Knowing(StyleGAN2Generator):
    """Gives the fields it is told in place of its own."""

    told: list

    def synthesis(self, *args, **kwargs):
        out = super().synthesis(*args, **kwargs)
        places, shown = self.told.pop(0)
        large = F.interpolate(places[None].movedim(3, 1), scale_factor=2)[:, None].expand(-1, 6, -1, -1, -1)
        covered = F.interpolate(shown[None, None].float(), scale_factor=2) - 0.5
        return out._replace(correspondence=[large], coverage_logits=covered)


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set")
    pack_outfits([write_studio(folder / "studio", 2, 0, pictures=True)], folder / "pack", (64, 48), processes=1)
    return OutfitPack(folder / "pack")


def told(packed, kinds, off=0.0):
    fields = [packed.places_of(photo, kind) for kind in kinds for photo in range(len(packed))]
    return [(torch.from_numpy(places) + off, torch.from_numpy(shown)) for places, shown in fields]


def test_the_true_field_has_no_error_and_a_shift_has_its_length(packed):
    generator = Knowing(condition="spatial", **TINY)
    photos = range(len(packed))
    generator.told = told(packed, (0, 1))
    exact = correspondence_figures(generator, packed, photos, batch=1)
    assert set(exact) == {"correspondence_px_body", "correspondence_px_flat"}
    for figure in exact.values():
        assert figure["value"] == figure["p90"] == 0 and figure["coverage"] == 1 and figure["pixels"] > 100
    assert exact["correspondence_px_flat"]["pixels"] < exact["correspondence_px_body"]["pixels"], "some is hidden"
    generator.told = told(packed, (0, 1), torch.tensor([3 / 96, 4 / 128]))
    shifted = correspondence_figures(generator, packed, photos, batch=1)
    assert all(figure["value"] == pytest.approx(5, abs=0.02) for figure in shifted.values())


def test_an_untrained_generator_is_far_off(packed):
    figures = correspondence_figures(StyleGAN2Generator(condition="spatial", **TINY), packed, range(len(packed)))
    assert all(figure["value"] > 10 for figure in figures.values())
