"""vton.studio.figures.worn_scarf: around the neck, over the chest, in stripes; labels know it."""

import numpy as np
import pytest

from vton.schema.label_sets import LABEL_MAPS, STUDIO_TO_REGION
from vton.studio.figures.ensemble import cut_ensemble
from vton.studio.figures.figure import pose_figure
from vton.studio.figures.worn_scarf import scarf_material, worn_scarf
from vton.studio.geometry.closest import PointShell
from vton.studio.sampling.looks import sample_looks
from vton.studio.specs.labels import LABELS, SCARF

SEEDS = range(4)


@pytest.fixture(scope="module")
def posed(model):
    return model.pose(model.mannequin("female"), {})


@pytest.mark.parametrize("seed", SEEDS)
def test_a_scarf_lies_around_the_neck_and_outside_of_the_body(posed, seed):
    scarf = worn_scarf(posed, [], seed)
    neck = posed.joint("neck01")
    away = scarf.vertices - neck
    assert np.isfinite(scarf.vertices).all() and np.abs(away[:, 0]).max() < 0.25
    assert -0.75 < away[:, 1].min() < -0.05 and 0.02 < away[:, 1].max() < 0.14
    angle = np.arctan2(away[:, 0], away[:, 2])
    assert np.histogram(angle, 12, (-np.pi, np.pi))[0].min() > 20, "all around"
    torso = posed.shape.model.regions.torso
    height, nearest = PointShell(posed.vertices[torso], posed.normals[torso]).heights(scarf.vertices, 0.05)
    assert (height[nearest >= 0] > -0.02).mean() > 0.97
    assert set(np.unique(scarf.part)) == {0, 1}


def test_scarves_repeat_by_seed(posed):
    first, again, other = (worn_scarf(posed, [], seed).vertices for seed in (1, 1, 2))
    assert np.array_equal(first, again) and (first.shape != other.shape or not np.allclose(first, other))
    colours = [scarf_material(1, look).colours for look in (5, 5, 6)]
    assert np.array_equal(colours[0], colours[1]) and not np.array_equal(colours[0], colours[2])


def test_labels_know_a_scarf():
    assert LABELS[SCARF] == "scarf"
    assert LABEL_MAPS["studio-19"]["scarf"] == STUDIO_TO_REGION["scarf"] == "accessory"


def test_who_wears_one_has_it_and_no_article_is_one(model):
    looks = (sample_looks(901, i, 1, 1, wear=1.0)[0] for i in range(60))
    worn = [look for look in looks if look.outfit.wear and look.outfit.wear.scarf is not None]
    assert 3 <= len(worn) <= 25 and all(look.outfit.manners["neck"] == "scarf" for look in worn)
    assert not any(article.type == "hoodie" for look in worn for article in look.outfit.articles)
    look = min(worn, key=lambda look: len(look.outfit.articles))
    figure = pose_figure(cut_ensemble(model, look), look, look.poses[0], look.views[0], 130.0)
    (scarf,) = (s for s in figure.surfaces if s.material == "scarf")
    assert scarf.label == SCARF and scarf.article == 0
