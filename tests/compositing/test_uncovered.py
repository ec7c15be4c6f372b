"""What the old garment hid: trousers and background go on there, and bare skin has the colour of the photo's."""

import numpy as np
import pytest
import torch
from drawn.tryon import COLOURS, drawn_person

from vton.compositing.layer import lay
from vton.compositing.repairs import layers_under
from vton.compositing.scene import Scene
from vton.compositing.uncovered import uncovered
from vton.conditioning.person.frame import PersonFrame
from vton.conditioning.person.wearer import Wearer
from vton.conditioning.pose.body_envelope import ARMS
from vton.networks.tryon_output import TryOnOutput
from vton.schema import Parsing, Person

TROUSERS, BACKDROP = (40, 90, 160), (230, 220, 210)
SKIN = np.array(COLOURS["left_arm"])


@pytest.fixture(scope="module")
def canvas():
    person = drawn_person((768, 576), rng=np.random.default_rng(0))
    canvas = PersonFrame((0, 0, 576, 768), (0, 0, 192, 256)).person(person.image_u8, person)
    image = canvas.image_u8.copy()
    image[canvas.parsing.mask("bottom")] = TROUSERS
    image[canvas.parsing.mask("background")] = BACKDROP
    return Person(image, canvas.parsing, canvas.pose)


def drawn(size_hw, colour=(-1.0, 1.0, -1.0)):
    """A network's answer of one colour, without a garment."""
    none = torch.zeros(1, 1, *size_hw)
    plain = torch.tensor(colour).view(1, 3, 1, 1).expand(1, 3, *size_hw)
    return TryOnOutput(result=plain, warped=plain, warped_mask=none, composition_mask=none, worn=none)


def without(canvas, slot, worn=None, colour=(-1.0, 1.0, -1.0)):
    """The canvas without the old garment, and with nothing where the new one is to be."""
    worn = np.zeros(canvas.size_hw, bool) if worn is None else worn
    picture = canvas.image_u8.astype(np.float32)
    scene = Scene(canvas, Wearer.of(canvas, slot), drawn(canvas.size_hw, colour))
    layers = layers_under(uncovered(scene, worn))
    changed = lay(picture, layers, Wearer.of(canvas, slot).erased.astype(np.float32))
    return picture, changed


def body(canvas):
    """Of whom the lines and parts of the body are asked."""
    return Wearer.of(canvas, "top")


def rows_of(canvas):
    return np.arange(canvas.size_hw[0])[:, None]


def shrunk(mask, by):
    """Pixels whose neighbours up to ``by`` away along rows and columns are in the mask too."""
    padded = np.pad(mask, by)
    h, w = mask.shape
    parts = [padded[y : y + h, x : x + w] for y in range(2 * by + 1) for x in range(2 * by + 1)]
    return np.logical_and.reduce(parts)


def test_trousers_go_on_up_to_a_higher_hem_and_no_further(canvas):
    waist = body(canvas).waist
    worn = canvas.parsing.mask("top") & (rows_of(canvas) < waist - 8)
    result, _ = without(canvas, "top", worn)
    gone = Wearer.of(canvas, "top").taken_off & ~worn
    torso = body(canvas).torso
    beneath = shrunk(gone & torso & (rows_of(canvas) > waist + 1), 1)
    assert beneath.sum() > 50
    assert (np.abs(result - TROUSERS).max(axis=2) < 3)[beneath].mean() > 0.9
    belly = shrunk(gone & torso & (rows_of(canvas) < waist - 1), 1)
    assert belly.any() and (np.abs(result - SKIN).max(axis=2) < 50)[belly].mean() > 0.9


def test_a_wide_skirt_runs_to_a_narrow_top_and_bares_no_legs_above_its_hem(canvas):
    unit, rows = body(canvas).unit, rows_of(canvas)
    waist, hips = body(canvas).waist, int(canvas.pose.keypoints_xy[8, 1])
    middle = int(canvas.pose.keypoints_xy[[8, 11], 0].mean())
    beside = np.abs(np.arange(canvas.size_hw[1]) - middle)
    names, old_hem = canvas.parsing.names, hips + 6
    labels = canvas.parsing.labels.copy()
    labels[(rows > waist) & (rows < old_hem) & (beside < unit * 0.6)] = names.index("top")
    labels[(rows >= old_hem) & (rows < old_hem + 40) & (beside < unit * 0.6)] = names.index("bottom")
    image = canvas.image_u8.copy()
    image[labels == names.index("bottom")] = TROUSERS
    worn = (rows > waist - 30) & (rows < hips) & (beside < unit * 0.3)
    result, _ = without(Person(image, Parsing(labels, names), canvas.pose), "top", worn)
    skirt = np.abs(result - TROUSERS).max(axis=2) < 3
    free = Wearer(Parsing(labels, names), canvas.pose, "top").taken_off & ~canvas.parsing.mask("left_arm", "right_arm")
    widths = np.array([(skirt & (rows == y) & (beside < unit * 0.7)).sum() for y in range(old_hem - 1, int(waist), -1)])
    assert (np.diff(widths) <= 1).all() and widths[0] > 2 * 0.5 * unit and widths[-1] < 2 * 0.36 * unit
    legs = free & (rows > waist + 2) & (rows < old_hem - 4) & (beside < unit * 0.3)
    assert legs.any() and not (np.abs(result - SKIN).max(axis=2) < 50)[legs].any()


def test_where_the_old_garment_was_wider_there_is_background(canvas):
    torso, limbs = body(canvas).torso, body(canvas).limbs
    result, _ = without(canvas, "top")
    beside = Wearer.of(canvas, "top").taken_off & canvas.parsing.mask("background")
    beside &= shrunk(~torso & ~limbs, 2) & (rows_of(canvas) < body(canvas).waist)
    assert beside.sum() > 20 and (np.abs(result[beside] - BACKDROP) <= 3).all()


@pytest.mark.parametrize("slot", ["top", "outer", "bottom", "dress"])
def test_away_from_the_old_garment_the_photo_stays(canvas, slot):
    result, changed = without(canvas, slot)
    away = shrunk(~Wearer.of(canvas, slot).taken_off, 2)
    assert away.any() and not changed[away].any() and np.array_equal(result[away], canvas.image_u8[away])
    assert changed.any() == (slot != "outer")  # nothing to take off


def test_bare_arms_have_the_skin_of_the_photo_whatever_the_network_drew(canvas):
    arms = shrunk(body(canvas).arms & canvas.parsing.mask("top"), 2)
    green, dark = (without(canvas, "top", colour=colour)[0] for colour in ((-1.0, 1.0, -1.0), tuple(SKIN / 150 - 1)))
    assert arms.sum() > 50 and (np.abs(green - SKIN).max(axis=2) < 50)[arms].all()
    assert 0.7 < dark[arms].mean() / green[arms].mean() < 0.95  # a shade of skin is believed


def test_legs_in_tights_are_in_tights_above_the_old_hem_and_socks_do_not_count():
    tights = (90, 20, 110)
    person = drawn_person(wears=("top", "dress"), colours={"left_leg": tights, "right_leg": tights})
    labels, names = person.parsing.labels, person.parsing.names
    legs = body(person).limbs & person.parsing.mask("dress")
    legs = shrunk(legs & (rows_of(person) > person.pose.keypoints_xy[8, 1] + 12), 2)
    socks = np.where(person.parsing.mask("left_leg", "right_leg") & (rows_of(person) < 229), 0, labels)
    for given, colour in ((labels, tights), (socks.astype(np.uint8), SKIN)):
        result, _ = without(Person(person.image_u8, Parsing(given, names), person.pose), "dress")
        assert legs.sum() > 20 and (np.abs(result - colour).max(axis=2) < 50)[legs].all()


def test_between_old_garment_and_hand_nothing_of_it_stays_and_no_skin_is_added(canvas):
    names, x, y = canvas.parsing.names, *canvas.pose.keypoints_xy[ARMS[1][2]].astype(int)
    y += 4  # below the wrist
    labels, image = canvas.parsing.labels.copy(), canvas.image_u8.copy()
    labels[y - 8 : y + 10, x - 30 : x + 20] = names.index("background")
    labels[y - 8 : y + 10, x - 30 : x - 5] = names.index("top")
    labels[y - 8 : y + 10, x - 2 : x + 4] = names.index("left_arm")
    image[labels == names.index("background")] = BACKDROP
    image[y - 8 : y + 10, x - 30 : x - 2] = COLOURS["top"]  # a little more than the parser says
    worn = (labels == names.index("top")) & (rows_of(canvas) < y - 12)
    result, _ = without(Person(image, Parsing(labels, names), canvas.pose), "top", worn)
    away = np.abs(result[y : y + 6] - BACKDROP).max(axis=2)
    assert (away[:, x - 5] < 5).all() and (away[:, x - 4] < 70).all()  # of the old colour, at most a third


def test_beside_narrow_trousers_is_background_and_below_their_hem_the_leg():
    person = drawn_person(wears=("top", "shoes"))  # with bare legs
    rows, legs = rows_of(person), person.parsing.mask("left_leg", "right_leg")
    assert legs.sum() > 500
    image = person.image_u8.copy()
    image[person.parsing.mask("background")] = BACKDROP
    person = Person(image, person.parsing, person.pose)
    knees, ankles = (person.pose.keypoints_xy[list(joints), 1].mean() for joints in ((9, 12), (10, 13)))
    hem = int(0.3 * knees + 0.7 * ankles)
    trousers = legs & (np.arange(person.size_hw[1])[None] % 6 < 2) & (rows < hem)  # parts of the legs are free
    result, _ = without(person, "bottom", trousers)
    beside = legs & ~trousers & (rows > knees - 10) & (rows < hem - 6)
    below = shrunk(legs & (rows > hem + 2) & (rows < ankles - 2), 1)
    assert beside.sum() > 50 and (np.abs(result - BACKDROP).max(axis=2) < 40)[beside].mean() > 0.9
    assert below.any() and np.array_equal(result[below], image[below])


def test_beside_a_narrow_sleeve_is_background_and_beyond_it_the_arm(canvas):
    worn = np.zeros(canvas.size_hw, bool)
    right = canvas.pose.keypoints_xy[list(ARMS[0])]
    middle = canvas.parsing.mask("top") & body(canvas).arms
    middle[:, canvas.size_hw[1] // 2 :] = False
    worn[: int(right[:2, 1].mean())] = canvas.parsing.mask("top")[: int(right[:2, 1].mean())]
    narrow = worn & shrunk(worn, 1)
    result, _ = without(canvas, "top", narrow)
    sleeve = middle & ~narrow & (rows_of(canvas) < right[:2, 1].mean() - 8) & (rows_of(canvas) > right[0, 1] + 4)
    sleeve &= ~body(canvas).torso
    beyond = shrunk(middle & (rows_of(canvas) > right[:2, 1].mean() + 4), 2)
    assert beyond.any() and (np.abs(result - SKIN).max(axis=2) < 50)[beyond].all()
    assert sleeve.any() and (np.abs(result - BACKDROP).max(axis=2) < 40)[sleeve].mean() > 0.9


def test_where_nothing_can_go_on_the_network_has_the_last_word(canvas):
    names = canvas.parsing.names
    all_top = Parsing(np.full(canvas.size_hw, names.index("top"), np.uint8), names)
    result, changed = without(Person(canvas.image_u8, all_top, canvas.pose), "top", colour=(1.0, -1.0, -1.0))
    torso, limbs = body(canvas).torso, body(canvas).limbs
    beside = shrunk((changed == 1) & ~torso & ~limbs, 2)
    assert beside.any() and np.abs(result[beside] - (255, 0, 0)).max() < 1
