"""The Pose column in a real browser: dragging, mirror, undo, hiding, keys, touch, JSON, photos; one state behind."""

import json
import re

import numpy as np
import pytest

from vton.conditioning.pose.presets import preset_poses
from vton.provenance import read_recipe
from vton.schema import COCO18, Pose

playwright = pytest.importorskip("playwright.sync_api")
expect = playwright.expect
WRIST = COCO18.index("right_wrist")
START = "hips-both"


def open_tab(page, name):
    page.locator("#pose-tabs").get_by_role("tab", name=name, exact=True).click()


def state(page):
    """The pose that Generate would use now."""
    text = page.locator("#pose-value textarea").input_value()
    return preset_poses()[text] if text in preset_poses() else Pose.from_openpose(text)


def shown_json(page):
    open_tab(page, "JSON")
    return Pose.from_openpose(page.locator("#pose-json textarea").input_value())


def says(page, text):
    expect(page.locator("#pose-name")).to_contain_text(text)


def centre(page, joint):
    box = page.locator(f"#pose-editor [data-joint={joint}] .dot").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page, joint, dx, dy):
    x, y = centre(page, joint)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx / 2, y + dy / 2)
    page.mouse.move(x + dx, y + dy)
    page.mouse.up()


def result_source(page):
    return page.locator("#result-gallery img[data-testid=detailed-image]").get_attribute("src")


@pytest.fixture
def editor(page):
    """The page with a preset in the Edit tab; nothing redraws by itself."""
    page.locator("#pose-gallery").get_by_role("button", name="Hands on hips").click()
    says(page, "Hands on hips")
    open_tab(page, "Edit")
    page.locator("#pose-follow input").uncheck()
    expect(page.locator("#pose-editor [data-joint]")).to_have_count(18)
    return page


def test_dragging_a_joint_changes_the_picture_and_the_json_and_nothing_else(editor, tmp_path):
    page = editor
    page.locator("#pose-follow input").check()
    before = result_source(page)
    drag(page, "right_wrist", -40, -90)
    says(page, "Edited")
    expect(page.locator("#result-gallery img[data-testid=detailed-image]")).not_to_have_attribute("src", before)
    start, now = preset_poses()[START], shown_json(page)
    for _ in range(40):  # the picture of where the joint was on the way comes first
        with page.expect_download() as download:
            page.locator("#download").click()
        download.value.save_as(tmp_path / "made.png")
        drawn = read_recipe(tmp_path / "made.png").to_pose()
        if drawn == now:
            break
        page.wait_for_timeout(250)
    assert drawn == now == state(page)
    moved = np.abs(now.keypoints_xy - start.keypoints_xy).max(axis=1) > 0
    assert moved.tolist() == [joint == "right_wrist" for joint in COCO18]

    assert now.keypoints_xy[WRIST, 1] < start.keypoints_xy[WRIST, 1] - 30
    open_tab(page, "Poses")
    expect(page.locator("#pose-gallery .selected")).to_have_count(0)
    page.locator("#pose-gallery").get_by_role("button", name="Hands on hips").click()
    says(page, "Hands on hips")
    assert state(page) == start


def test_mirror_twice_undo_redo_and_reset(editor):
    page, start = editor, preset_poses()[START]
    mirror = page.locator("#pose-editor .mirror")
    mirror.click()
    says(page, "Edited")
    assert np.allclose(state(page).keypoints_xy, start.flip().keypoints_xy, atol=1e-4)
    mirror.click()
    says(page, "Hands on hips")
    assert state(page) == start
    drag(page, "left_knee", 20, 10)
    says(page, "Edited")
    dragged = state(page)
    page.locator("#pose-editor .undo").click()
    says(page, "Hands on hips")
    page.locator("#pose-editor .redo").click()
    says(page, "Edited")
    assert state(page) == dragged != start
    page.locator("#pose-editor .reset").click()
    says(page, "Hands on hips")
    expect(page.locator("#pose-editor .reset")).to_be_disabled()
    assert state(page) == start


def test_hiding_a_joint_and_keys(editor):
    page, start = editor, preset_poses()[START]
    wrist = page.locator("#pose-editor [data-joint=right_wrist]")
    wrist.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    says(page, "Edited")
    assert np.allclose(state(page).keypoints_xy[WRIST] - start.keypoints_xy[WRIST], (1, -8), atol=1e-4)
    page.locator("#pose-editor .toggle").click()
    says(page, "17 of 18 joints")
    assert state(page).confidence[WRIST] == 0
    expect(wrist).to_have_attribute("aria-label", re.compile("hidden"))
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    says(page, "Hands on hips")


def test_json_round_trip_and_refusals(page, tmp_path):
    pose = preset_poses()["wide"].flip()
    coco = np.column_stack([pose.keypoints_xy, pose.confidence]).round(2)
    body25 = np.zeros((25, 3))
    body25[[*range(8), *range(9, 19)]] = coco
    path = tmp_path / "pose.json"
    path.write_text(json.dumps({"people": [{"pose_keypoints_2d": body25.ravel().tolist()}]}))
    open_tab(page, "JSON")
    with page.expect_file_chooser() as chooser:
        page.locator("#pose-json-load").click()
    chooser.value.set_files(path)
    says(page, "From JSON")
    assert np.allclose(state(page).keypoints_xy, coco[:, :2])
    with page.expect_download() as download:
        page.locator("#pose-json-save").click()
    download.value.save_as(tmp_path / "again.json")
    assert Pose.from_openpose((tmp_path / "again.json").read_text()) == state(page)
    before = state(page)
    page.locator("#pose-json textarea").fill('{"people": []}')
    page.locator("#pose-json-use").click()
    expect(page.locator(".said p")).to_contain_text("No person in the pose JSON")
    assert state(page) == before
    open_tab(page, "Edit")
    x, y = page.locator("#pose-editor [data-joint=right_ankle]").get_attribute("transform")[10:-1].split(" ")
    assert np.allclose((float(x), float(y)), before.keypoints_xy[10], atol=0.01)


def test_the_browser_is_not_trusted():
    import gradio as gr

    from vton.ui.panels.pose_editor import PoseEditor

    editor = PoseEditor(preset_poses()[START])
    good = editor.postprocess(preset_poses()[START])
    assert Pose.from_openpose(editor.preprocess(good)) == preset_poses()[START]
    for bad in ("{}", "no json", {"people": 3}, good.replace("256", "-1"), json.dumps({"people": [{}]})):
        with pytest.raises(gr.Error):
            editor.preprocess(bad)
