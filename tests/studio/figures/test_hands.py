"""vton.studio.figures.figure: hands before the belly lie on cloth, not under it."""

from types import SimpleNamespace

from vton.studio.figures.ensemble import Ensemble
from vton.studio.figures.figure import _before_belly, _on_the_floor
from vton.studio.garments.cutting import draft
from vton.studio.specs.outfit import ArticleSpec, FabricSpec, OutfitSpec
from vton.studio.specs.photo import PoseSpec, ViewSpec

FABRIC = FabricSpec("cotton", "solid", ((0.5, 0.5, 0.5),) * 3)


def dressed(shape, waist_ease):
    """An ensemble as far as poses look at it: a dress that is drafted and not built."""
    dress = ArticleSpec("dress", "aline", {"waist_ease": waist_ease, "flare": 0.2}, FABRIC)
    garment = SimpleNamespace(kind="dress", pattern=draft(dress, shape.measures))
    return Ensemble(shape, OutfitSpec((dress,)), [garment], None, None, None, None)


def test_a_hand_on_the_belly_is_as_far_out_as_the_dress_and_other_poses_stay(model):
    shape = model.mannequin("female")
    close, loose = dressed(shape, 0.0), dressed(shape, 0.04)
    off = _before_belly(loose) - _before_belly(close)
    assert 0.01 < off < 0.04, "the ease of the waist fades out below it"
    ahead, other = (
        [_on_the_floor(each, PoseSpec(name, seed=3), ViewSpec())[0].joint("wrist.L")[2] for each in (close, loose)]
        for name in ("hand-belly", "hand-chest")
    )
    assert ahead[1] - ahead[0] > 0.6 * off and other[0] == other[1]
