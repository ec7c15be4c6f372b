"""The canvas in the photo: nothing stretched, nothing lost, and the way back to the same pixel."""

import numpy as np
import pytest
from drawn.tryon import drawn_person

from vton.conditioning.person.frame import PersonFrame
from vton.conditioning.person.wearer import Wearer
from vton.schema import Parsing, Person, Pose


def placed(size_hw, height, at):
    """A `Person` of that height whose canvas lies at x, y in a photo of random pixels; what juts out is cut off."""
    person = drawn_person((height, height * 3 // 4))
    (h, w), (x, y) = size_hw, at
    labels = np.zeros((h + 2 * height, w + 2 * height), np.uint8)
    labels[y + height : y + 2 * height, x + height : x + height + height * 3 // 4] = person.parsing.labels
    labels = labels[height : height + h, height : height + w]
    xy = person.pose.keypoints_xy + at
    seen = ((xy >= 0) & (xy < (w, h))).all(axis=1)
    image = np.random.default_rng(0).integers(0, 256, (*size_hw, 3), np.uint8)
    return Person(image, Parsing(labels, person.parsing.names), Pose(np.where(seen[:, None], xy, 0), seen, size_hw))


def around(person):
    return PersonFrame.around(Wearer.of(person, "top"), person.size_hw)


@pytest.mark.parametrize(
    ("size_hw", "height", "at"),
    [((300, 240), 280, (10, 10)), ((200, 900), 150, (700, 20)), ((1200, 200), 180, (20, 900)), ((90, 70), 80, (4, 4)),
     ((150, 200), 300, (-10, 0)), ((300, 150), 280, (-60, 0))],
    ids=["usual", "landscape", "portrait", "tiny", "cut at the waist", "cut at the side"],
)  # fmt: skip
def test_the_person_fills_the_canvas_unstretched(size_hw, height, at):
    person = placed(size_hw, height, at)
    frame = around(person)
    step_x, step_y = ((frame.box[i + 2] - frame.box[i]) / (frame.inner[i + 2] - frame.inner[i]) for i in (0, 1))
    assert abs(step_x / step_y - 1) < 0.03
    canvas = frame.person(person.image_u8, person)
    ys, xs = np.nonzero(canvas.parsing.silhouette())
    assert max(np.ptp(ys) / 256, np.ptp(xs) / 192) == pytest.approx(0.9, abs=0.03)
    assert abs(ys.min() + ys.max() - 255) < 12 and abs(xs.min() + xs.max() - 191) < 12
    share = canvas.parsing.silhouette().sum() * frame.scale**-2 / person.parsing.silhouette().sum()
    assert share == pytest.approx(1, abs=0.05)


def test_joints_and_labels_keep_to_each_other():
    person = placed((500, 420), 330, (50, 120))
    frame = around(person)
    canvas = frame.person(person.image_u8, person)
    for joint in range(18):
        x, y = person.pose.keypoints_xy[joint].astype(int)
        u, v = canvas.pose.keypoints_xy[joint].astype(int)
        window = canvas.parsing.labels[v - 1 : v + 2, u - 1 : u + 2]
        assert person.parsing.labels[y, x] in window


def test_a_smaller_copy_gives_the_same_canvas():
    large = placed((600, 480), 560, (20, 20))
    half = Parsing(large.parsing.labels[::2, ::2], large.parsing.names)
    small = Person(large.image_u8[::2, ::2], half, large.pose.resized((300, 240)))
    frames = around(large), PersonFrame.around(Wearer.of(small, "top"), large.size_hw)
    assert np.abs(np.array(frames[0].box) - frames[1].box).max() <= 3
    one, other = (frames[0].cut_labels(p.parsing.labels, large.size_hw) for p in (large, small))
    assert (one == other).mean() > 0.97
    assert np.abs(frames[0].cut_pose(small.pose, large.size_hw).keypoints_xy
                  - frames[0].cut_pose(large.pose, large.size_hw).keypoints_xy).max() < 0.1  # fmt: skip
    back = frames[0].photo_labels(small.parsing.labels, large.size_hw)
    left, top, right, bottom = frames[0].box
    assert (back == large.parsing.labels[top:bottom, left:right]).mean() > 0.97


def test_an_enlarged_frame_shows_the_same():
    person = placed((500, 420), 330, (50, 120))
    frame = around(person)
    fine = frame.enlarged(3)
    labels, large = (f.cut_labels(person.parsing.labels, person.size_hw) for f in (frame, fine))
    assert large.shape == (768, 576) and (large[1::3, 1::3] == labels).all()


def test_the_photo_is_cut_without_being_changed_where_it_fits():
    person = placed((256, 192), 230, (9, 13))
    frame = PersonFrame((0, 0, 192, 256), (0, 0, 192, 256))
    assert np.array_equal(frame.cut(person.image_u8), person.image_u8)
    assert np.array_equal(frame.cut_labels(person.parsing.labels, (256, 192)), person.parsing.labels)
