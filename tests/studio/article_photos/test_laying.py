"""vton.studio.article_photos.laying and hanging: angles, folds, layers, hangers and collars."""

from dataclasses import replace

import numpy as np
import pytest

from vton.studio.article_photos.collars import flat_trims
from vton.studio.article_photos.hanging import hang
from vton.studio.article_photos.laying import lay
from vton.studio.specs.photo import ArticleViewSpec

VIEW = ArticleViewSpec("top", "flat", "spread", "white", (1.0, 1.0, 1.0), wrinkles=0.5, seed=3)


def sleeve_angle(item, vertices, number):
    """Of a sleeve, from its seam to its cuff, away from straight down, degrees."""
    own = item.garment.limb == number
    limb = item.limbs[number - 1]
    step = vertices[own & (limb.along > limb.along[own].max() - 0.05), :2].mean(0) - (limb.top + limb.bottom) / 2
    return np.degrees(np.arctan2(abs(step[0]), -step[1]))


@pytest.mark.parametrize("angles", [(20.0, 20.0), (50.0, 75.0)])
def test_sleeves_lie_at_the_angles_of_the_view(pressed, angles):
    item = pressed("longsleeve")
    vertices = lay(item, replace(VIEW, limb_deg=angles))
    for number, angle in zip((1, 2), angles, strict=True):
        assert sleeve_angle(item, vertices, number) == pytest.approx(angle, abs=12)


def test_legs_lie_together_or_apart(pressed):
    item = pressed("straight")
    view = replace(VIEW, slot="bottom", arrangement="legs")
    widths = [np.ptp(lay(item, replace(view, limb_deg=(angle, angle)))[:, 0]) for angle in (2.0, 12.0)]
    assert widths[1] > widths[0] + 0.1


def test_sleeves_folded_across_lie_on_the_front(pressed):
    item = pressed("longsleeve")
    spread, across = (lay(item, replace(VIEW, arrangement=name)) for name in ("spread", "across"))
    sleeve = item.garment.limb > 0
    assert np.ptp(across[:, 0]) < 0.75 * np.ptp(spread[:, 0])
    cuffs = sleeve & (np.maximum(*(limb.along for limb in item.limbs)) > 0.3)
    assert across[cuffs, 2].mean() > across[(item.garment.limb == 0) & (item.flat.facing > 0.5), 2].mean() + 0.005


def test_the_upper_sheet_lies_over_the_lower_one_and_all_over_the_floor(pressed):
    item = pressed("longsleeve")
    vertices = lay(item, replace(VIEW, wrinkles=1.6))
    assert vertices[:, 2].min() > 0
    upper, lower = item.flat.facing > 0.6, item.flat.facing < -0.6
    assert vertices[upper, 2].min() > vertices[lower & (item.garment.limb == 0), 2].mean()


def test_a_closed_jacket_overlaps_and_an_open_one_gapes(pressed):
    item = pressed("blazer")
    front = (item.flat.facing > 0.9) & (item.garment.limb == 0) & (item.flat.xy[:, 1] < np.median(item.flat.xy[:, 1]))

    def gap(metres):
        x = lay(item, replace(VIEW, slot="outer", gap=metres, wrinkles=0.0))[front, 0]
        right, left = x[item.flat.xy[front, 0] < 0], x[item.flat.xy[front, 0] > 0]
        return left.min() - right.max()

    assert gap(0.0) < 0 and gap(0.12) == pytest.approx(0.12, abs=0.03)


@pytest.mark.parametrize("kind", ["wire", "wood", "plastic"])
def test_the_hook_shows_over_the_neck_and_the_arms_stay_inside(pressed, kind):
    item = pressed("longsleeve")
    vertices, hanger = hang(item, replace(VIEW, kind="hanger", hanger=kind, limb_deg=(10.0, 10.0)))
    assert hanger.vertices[:, 1].max() > vertices[:, 1].max() + 0.02
    assert np.abs(hanger.vertices[:, 0]).max() < np.abs(vertices[item.garment.limb == 0, 0]).max()
    assert vertices[:, 2].min() > 0


def test_trousers_hang_from_clips_on_their_waistband(pressed):
    item = pressed("straight")
    vertices, hanger = hang(item, replace(VIEW, slot="bottom", kind="hanger", hanger="wire", limb_deg=(2.0, 2.0)))
    top = vertices[:, 1].max()
    assert hanger.vertices[:, 1].max() > top + 0.05 > hanger.vertices[:, 1].min() + 0.05 > top - 0.02


def test_a_shirts_collar_lies_on_its_front(pressed):
    item = pressed("shirt")
    vertices = lay(item, VIEW)
    (collar,) = flat_trims(item.garment, item.resting, vertices, item.flat.facing)
    leaf = collar.vertices.reshape(-1, 96, 3)[-1]
    front = leaf[np.abs(leaf[:, 0]) < 0.06]
    front = front[front[:, 1] < vertices[:, 1].max() - 0.04]
    sheet = vertices[item.flat.facing > 0]
    for point in front:
        near = np.linalg.norm(sheet[:, :2] - point[:2], axis=1)
        assert point[2] > sheet[near.argmin(), 2]
