"""Parsing: labels in the photo's own pixels, one person, islands, and sides that follow the pose."""

import cv2
import numpy as np
import pytest
from tiny.colour_networks import GREY, LABEL_COLOURS, figure, parser_checkpoint

from vton.conditioning.person.sides import sided
from vton.readers.parser.bundled import BundledParser
from vton.readers.parser.person_parser import _labels, _whole_body
from vton.readers.parser.regions import main_piece, settled, undivided
from vton.readers.photo_network import View
from vton.schema import PARSER_LABELS, SIDED_LABELS, InputError, Parsing, Pose


def dressed(pose):
    """Labels of a figure: limbs as thick lines, a top and a bottom over them."""
    labels = np.zeros(pose.size_hw, np.uint8)
    unit = float(np.ptp(pose.keypoints_xy[pose.present, 1])) / 100
    xy = np.round(pose.keypoints_xy).astype(int)

    def line(name, *joints, thick=8):
        points = xy[list(joints)].reshape(-1, 1, 2)
        cv2.polylines(labels, [points], False, PARSER_LABELS.index(name), round(thick * unit))

    line("arms", 2, 3, 4)
    line("arms", 5, 6, 7)
    line("legs", 8, 9, 10)
    line("legs", 11, 12, 13)
    cv2.fillPoly(labels, [xy[[2, 5, 11, 8]]], PARSER_LABELS.index("top"))
    line("bottom", 8, 11, thick=14)
    line("face", 0, 1, thick=6)
    cv2.circle(labels, xy[0].tolist(), round(9 * unit), PARSER_LABELS.index("face"), -1)
    return labels




@pytest.mark.parametrize("size_hw", [(256, 192), (577, 383), (401, 903), (1201, 517)])
def test_labels_lie_where_they_were_painted(parser, size_hw):
    height = 0.7 * min(size_hw[0], size_hw[1] * 4 / 3)
    truth = dressed(figure(height, 0.25 * size_hw[1], 0.15 * size_hw[0], size_hw))
    parsing = parser.parse(LABEL_COLOURS[truth])
    assert parsing.names == PARSER_LABELS and parsing.size_hw == size_hw
    for name in ("face", "top", "bottom", "background"):
        here, there = truth == PARSER_LABELS.index(name), parsing.mask(name)
        assert (here & there).sum() / (here | there).sum() > 0.85, name


def test_a_photo_that_cuts_the_body_is_looked_at_as_if_it_went_on(parser):
    whole = figure(800, 250, 60, (900, 675))
    truth = dressed(whole)[:480]
    seen = whole.confidence * (whole.keypoints_xy[:, 1] < 480)
    pose = Pose(whole.keypoints_xy, seen, truth.shape)
    further = _whole_body(LABEL_COLOURS[truth], pose, (256, 192))
    assert further is not None and further.box[3] > 700 and further.canvas_u8.shape == (256, 192, 3)
    assert _whole_body(LABEL_COLOURS[dressed(whole)], whole, (256, 192)) is None
    for unseen, found in (((8, 11), True), ((2, 8, 11), True), ((1,), False)):
        left = Pose(whole.keypoints_xy, np.where(np.isin(np.arange(18), unseen), 0, seen), truth.shape)
        assert (_whole_body(LABEL_COLOURS[truth], left, (256, 192)) is not None) == found, unseen
    parsing = parser.parse(LABEL_COLOURS[truth], pose)
    assert parsing.size_hw == (480, 675)
    for name in ("face", "top", "bottom", "background"):
        here, there = truth == PARSER_LABELS.index(name), parsing.mask(name)
        assert (here & there).sum() / (here | there).sum() > 0.8, name


def test_a_part_of_a_map_is_enlarged_as_the_whole_is():
    rng = np.random.default_rng(0)
    for size_hw, box in (((300, 200), (20, 10, 180, 290)), ((90, 70), (0, 0, 70, 90))):
        view = View.of(rng.integers(0, 255, (*size_hw, 3), np.uint8), box, (64, 48))
        plane = np.zeros((32, 24), np.float32)
        plane[12:20, 9:15] = rng.uniform(0.5, 1, (8, 6))
        left, top, right, bottom = part = view.box_of(plane > 0)
        whole = view.spread(plane)
        rows, columns = slice(top - box[1], bottom - box[1]), slice(left - box[0], right - box[0])
        assert part != view.box and np.allclose(view.spread(plane, part), whole[rows, columns], atol=1e-5)
        whole[rows, columns] = 0
        assert not whole.any()


def test_a_person_of_islands_alone_is_background():
    logits = np.full((len(PARSER_LABELS), 32, 24), -1, np.float32)
    logits[0], logits[PARSER_LABELS.index("top"), 4:20:4, 4:20:4] = 0, 1
    view = View.of(np.full((100, 80, 3), GREY, np.uint8), (0, 0, 80, 100), (64, 48))
    person = logits.argmax(axis=0) > 0
    assert person.any() and not _labels(settled(logits, person), view, (100, 80)).any()


def test_a_small_person_is_looked_at_again(parser):
    truth = dressed(figure(230, 900, 300, (900, 1400)))
    parsing = parser.parse(LABEL_COLOURS[truth])
    assert np.mean((parsing.labels == truth)[truth > 0]) > 0.9  # a cell of the first look is 15 pixels wide


def test_a_glance_is_enough_for_a_large_person_and_the_mirror_counts(parser):
    network = parser._network
    sizes = []
    logits = network.logits
    network.logits = lambda canvases: sizes.append(canvases.shape[:3]) or logits(canvases)
    try:
        parser.parse(LABEL_COLOURS[dressed(figure(400, 100, 50, (500, 400)))])
        large, sizes = sizes, []
        parser.parse(LABEL_COLOURS[dressed(figure(150, 300, 100, (900, 675)))])
    finally:
        del network.logits
    glance, whole, mirror = network.glance_hw, network.size_hw, network.mirror_hw
    assert glance < mirror < whole and large == [(1, *glance), (1, *whole), (1, *mirror)]
    assert sizes == [(1, *glance), *2 * [(1, *whole), (1, *mirror)]]


def test_of_two_people_the_larger_one_is_parsed(parser):
    size_hw = (500, 700)
    left, right = dressed(figure(400, 60, 40, size_hw)), dressed(figure(220, 480, 60, size_hw))
    parsing = parser.parse(LABEL_COLOURS[np.maximum(left, right)])
    assert np.mean(parsing.silhouette()[left > 0]) > 0.95 and not parsing.silhouette()[right > 0].any()


def test_a_pose_names_the_person_and_the_sides(parser):
    size_hw = (500, 700)
    poses = figure(400, 60, 40, size_hw), figure(220, 480, 60, size_hw)
    image = LABEL_COLOURS[np.maximum(*map(dressed, poses))]
    parsing = parser.parse(image, poses[1])
    assert parsing.names == SIDED_LABELS and not parsing.silhouette()[:, :400].any()
    x, y = poses[1].keypoints_xy[6].astype(int)
    assert parsing.mask("left_arm")[y, x]


def test_a_pose_leads_to_a_person_too_small_for_the_first_look(parser):
    pose = figure(120, 1500, 700, (1500, 2400))
    truth = dressed(pose)
    parsing = parser.parse(LABEL_COLOURS[truth], pose)
    assert np.mean(parsing.silhouette()[truth > 0]) > 0.95 and np.mean(parsing.silhouette()[truth == 0]) < 0.001


def test_a_mirrored_photo_swaps_the_sides(parser):
    size_hw = (500, 360)
    pose = figure(380, 90, 50, size_hw)
    image = LABEL_COLOURS[dressed(pose)]
    straight = parser.parse(image, pose).flip()
    turned = parser.parse(np.ascontiguousarray(image[:, ::-1]), pose.flip())
    assert np.mean(straight.labels != turned.labels) < 0.01
    assert turned.mask("left_arm").any() and turned.mask("right_leg").any()


@pytest.mark.parametrize("size_hw", [(16, 16), (17, 401), (200, 4000), (3000, 40)])
def test_photos_without_anybody(parser, size_hw):
    for photo in (np.full((*size_hw, 3), GREY, np.uint8), np.full(size_hw, GREY, np.uint8)):
        with pytest.raises(InputError, match="^No person found[^\n]*$"):
            parser.parse(photo)


def test_a_banner_is_parsed_in_its_own_pixels(parser):
    truth = dressed(figure(150, 2900, 25, (200, 4000)))
    parsing = parser.parse(LABEL_COLOURS[truth])
    assert parsing.size_hw == (200, 4000) and np.mean((parsing.labels == truth)[truth > 0]) > 0.85


def test_the_network_may_say_that_nobody_is_there(tmp_path):
    nobody = BundledParser(parser_checkpoint(tmp_path / "nobody", person=-5.0))
    with pytest.raises(InputError, match="No person found"):
        nobody.parse(LABEL_COLOURS[dressed(figure(210, 50, 20, (256, 192)))])


def test_islands_go_to_their_surroundings():
    labels = np.zeros((120, 80), int)
    labels[10:110, 8:72] = 7
    labels[20, 20], labels[30:32, 15], labels[2, 2] = 9, 0, 5
    logits = (np.arange(14)[:, None, None] == labels).astype(np.float32)
    logits[7, 10:110, 8:72] += 0.5
    logits[0] += 0.1
    settled_labels = settled(logits, np.ones(labels.shape, bool)).argmax(axis=0)
    assert (settled_labels[10:110, 8:72] == 7).all() and settled_labels[2, 2] == 0


@pytest.mark.parametrize(("rows", "whole"), [(8, True), (20, False)])
def test_a_few_cells_of_another_garment_are_taken_for_a_mistake(rows, whole):
    dress, bottom, top = (PARSER_LABELS.index(name) for name in ("dress", "bottom", "top"))
    labels = np.zeros((64, 40), int)
    labels[10:50, 8:32], labels[4:10, 8:32] = dress, top
    labels[50 - rows : 50, 8:32] = bottom
    logits = 4 * np.eye(len(PARSER_LABELS), dtype=np.float32)[labels].transpose(2, 0, 1)
    logits[[dress, bottom], 10:50, 8:32] += 1
    after = undivided(logits, dress, bottom).argmax(axis=0)
    assert (after[50 - rows : 50, 8:32] == (dress if whole else bottom)).all()
    assert (after[labels != bottom] == labels[labels != bottom]).all()


def test_small_pieces_stay_with_the_person_and_people_go():
    pieces = np.zeros((60, 90), bool)
    pieces[5:55, 30:50] = True  # the person
    pieces[56:59, 30:36] = True  # a foot
    pieces[10:50, 70:85] = True  # somebody else
    pieces[2:4, 80:84] = True  # and their hat
    kept = main_piece(pieces)
    assert kept[5:55, 30:50].all() and kept[57, 32] and not kept[:, 70:].any()
    assert main_piece(pieces, np.array([[75.0, 20.0], [80.0, 30.0]]))[20, 75]
    assert not kept[3, 82]
    assert main_piece(np.zeros((5, 5), bool)) is None


def limbs(size_hw=(100, 80)):
    labels = np.zeros(size_hw, np.uint8)
    labels[:, 10:20] = labels[:, 60:70] = PARSER_LABELS.index("arms")
    return Parsing(labels, PARSER_LABELS)


def arm_pose(right_x, left_x):
    """A pose whose arms hang straight down at these columns; None leaves an arm out."""
    xy, confidence = np.zeros((18, 2)), np.zeros(18)
    for joint, at in {0: (40, 2), 1: (40, 10), 8: (35, 60), 11: (45, 60)}.items():
        xy[joint], confidence[joint] = at, 1
    for joints, x in (((2, 3, 4), right_x), ((5, 6, 7), left_x)):
        for joint, y in zip(joints, (10, 40, 70), strict=True):
            if x is not None:
                xy[joint], confidence[joint] = (x, y), 1
    return Pose(xy, confidence, (100, 80))


@pytest.mark.parametrize("right_x, left_x", [(15, 65), (65, 15)])
def test_sides_follow_the_pose_from_the_front_and_from_behind(right_x, left_x):
    parted = sided(limbs(), arm_pose(right_x, left_x))
    assert parted.mask("right_arm")[:, right_x].all() and parted.mask("left_arm")[:, left_x].all()
    assert not (parted.mask("right_arm") & parted.mask("left_arm")).any()
    assert (parted.silhouette() == limbs().silhouette()).all()


def test_a_side_without_joints_gets_nothing_unless_both_have_none():
    parted = sided(limbs(), arm_pose(15, None))
    assert parted.mask("right_arm").sum() == 2000 and not parted.mask("left_arm").any()
    parted = sided(limbs(), arm_pose(None, None))  # the hips still tell
    assert parted.mask("right_arm")[:, 15].all() and parted.mask("left_arm")[:, 65].all()
