"""What the old garment hid: trousers and background go on there, the new garment and the body are left as drawn."""

import cv2
import numpy as np
import pytest
import torch
from drawn_tryon import drawn_person

from vton.conditioning.agnostic import erased_region, taken_off
from vton.conditioning.body_envelope import bare_arms, bare_limbs, bare_torso, body_unit, waist_line
from vton.conditioning.person_frame import PersonFrame
from vton.models.tryon_output import TryOnOutput
from vton.pipelines.uncovered import continued
from vton.schema import Parsing, Person

RED = torch.tensor([1.0, -1.0, -1.0]).view(1, 3, 1, 1)
TROUSERS, BACKDROP = (40, 90, 160), (230, 220, 210)


@pytest.fixture(scope="module")
def canvas():
    person = drawn_person((768, 576), rng=np.random.default_rng(0))
    canvas = PersonFrame((0, 0, 576, 768), (0, 0, 192, 256)).person(person.image_u8, person)
    image = canvas.image_u8.copy()
    image[canvas.parsing.mask("bottom")] = TROUSERS
    image[canvas.parsing.mask("background")] = BACKDROP
    return Person(image, canvas.parsing, canvas.pose)


def drawn(shown):
    """A network's answer that is red wherever the green garment is not shown."""
    mask = torch.from_numpy(shown.astype(np.float32))[None, None]
    warped = torch.tensor([-1.0, 1.0, -1.0]).view(1, 3, 1, 1).expand(1, 3, *shown.shape)
    return TryOnOutput(result=torch.where(mask > 0.5, warped, RED), warped=warped, warped_mask=mask,
                       composition_mask=mask)  # fmt: skip


def as_u8(result):
    return ((result[0] + 1) * 127.5).round().byte().permute(1, 2, 0).numpy().astype(int)


def rows_of(canvas):
    return np.arange(canvas.size_hw[0])[:, None]


def test_trousers_go_on_up_to_a_higher_hem_and_no_further(canvas):
    unit = body_unit(canvas.pose, canvas.parsing.silhouette())
    waist = waist_line(canvas.pose, unit)
    shown = canvas.parsing.mask("top") & (rows_of(canvas) < waist - 8)
    result = as_u8(continued(canvas, drawn(shown), "top")[0])
    gone = taken_off(canvas.parsing, canvas.pose, "top") & ~shown
    torso = bare_torso(canvas.pose, unit, canvas.size_hw)
    beneath = gone & torso & (rows_of(canvas) > waist + 1)
    assert beneath.sum() > 50
    assert (np.abs(result - TROUSERS).max(axis=2) < 3)[beneath].mean() > 0.9
    belly = gone & torso & (rows_of(canvas) < waist - 1)
    assert belly.any() and (result[belly] == (255, 0, 0)).all()


def test_where_the_old_garment_was_wider_there_is_background(canvas):
    unit = body_unit(canvas.pose, canvas.parsing.silhouette())
    body = bare_torso(canvas.pose, unit, canvas.size_hw) | bare_limbs(canvas.pose, unit, canvas.size_hw)
    result = as_u8(continued(canvas, drawn(np.zeros(canvas.size_hw, bool)), "top")[0])
    beside = taken_off(canvas.parsing, canvas.pose, "top") & ~body & canvas.parsing.mask("background")
    beside &= rows_of(canvas) < waist_line(canvas.pose, unit)
    assert beside.sum() > 20 and (np.abs(result[beside] - BACKDROP) <= 3).all()


@pytest.mark.parametrize("slot", ["top", "outer", "bottom", "dress"])
def test_the_new_garment_and_what_is_not_erased_are_never_touched(canvas, slot):
    shown = canvas.parsing.silhouette()
    same = shown | ~erased_region(canvas.parsing, canvas.pose, slot)
    before = drawn(shown)
    assert torch.equal(continued(canvas, before, slot)[0][0][:, same], before.result[0][:, same])


def test_an_open_jacket_shows_the_top_under_it(canvas):
    middle = canvas.parsing.mask("top") & bare_torso(
        canvas.pose, body_unit(canvas.pose, canvas.parsing.silhouette()), canvas.size_hw
    )
    columns = np.nonzero(middle.any(axis=0))[0]
    opening = np.zeros_like(middle)
    opening[:, int(columns.mean()) - 4 : int(columns.mean()) + 4] = True
    result = as_u8(continued(canvas, drawn(middle & ~opening), "outer")[0])
    seen = opening & middle
    seen[:, [int(columns.mean()) - 4, int(columns.mean()) + 3]] = False
    assert seen.any() and np.abs(result - canvas.image_u8)[seen].max() <= 1


def test_a_jacket_hides_wider_sleeves_of_the_top_and_a_vest_does_not(canvas):
    unit = body_unit(canvas.pose, canvas.parsing.silhouette())
    torso = bare_torso(canvas.pose, unit, canvas.size_hw)
    arms = bare_arms(canvas.pose, unit, canvas.size_hw) & ~torso
    wider = lambda width: cv2.dilate(arms.astype(np.uint8), np.ones((width, width), np.uint8)) > 0  # noqa: E731
    sleeves = wider(13) & ~torso & canvas.parsing.mask("background", "left_arm", "right_arm", "top")
    image, labels = canvas.image_u8.copy(), canvas.parsing.labels.copy()
    image[sleeves], labels[sleeves] = (200, 0, 200), canvas.parsing.names.index("top")
    person = Person(image, Parsing(labels, canvas.parsing.names), canvas.pose)
    for garment, colour, least in ((torso | wider(7), (0, 255, 0), 0.75), (torso, (200, 0, 200), 0.95)):
        beside = sleeves & ~wider(11) & erased_region(person.parsing, person.pose, "outer")
        result = as_u8(continued(person, drawn(garment), "outer")[0])
        assert beside.sum() > 30 and (np.abs(result - colour).max(axis=2) <= 1)[beside].mean() > least


def test_a_sleeve_that_the_network_drew_itself_stays(canvas):
    shown = canvas.parsing.mask("top")
    before = drawn(shown)
    green = torch.where(torch.from_numpy(canvas.parsing.mask("background"))[None, None], before.warped, before.result)
    before.result = green
    result, _ = continued(canvas, before, "top")
    beside = canvas.parsing.mask("background") & ~taken_off(canvas.parsing, canvas.pose, "top")
    beside &= rows_of(canvas) <= np.nonzero(shown.any(axis=1))[0].max()
    assert torch.equal(result[0][:, beside], green[0][:, beside])


def test_where_nothing_can_go_on_the_network_has_the_last_word(canvas):
    names = canvas.parsing.names
    all_top = Parsing(np.full(canvas.size_hw, names.index("top"), np.uint8), names)
    before = drawn(np.zeros(canvas.size_hw, bool))
    result, _ = continued(Person(canvas.image_u8, all_top, canvas.pose), before, "top")
    assert torch.equal(result, before.result)
