"""Photos of people and of garments: found, put where they belong, or refused in words; by page and by endpoint."""

import numpy as np
import pytest
from gradio_client import handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from vton.conditioning.pose.presets import frame_pose
from vton.provenance import read_recipe
from vton.readers.garment.article_reader import has_plain_backdrop
from vton.schema import Pose

expect = pytest.importorskip("playwright.sync_api").expect
pytestmark = pytest.mark.usefixtures("use_backends")


@pytest.fixture
def clear_page(page):
    page.locator("#clear-outfit").click()
    page.locator("#outfit-status", has_text="add at least one").wait_for()
    return page


def near(pose, other):
    both = pose.present & other.present
    return both.sum() >= 12 and np.abs(pose.keypoints_xy - other.keypoints_xy)[both].max() < 0.02 * max(pose.size_hw)


def add(page, *paths):
    page.locator("#add-photos input[type=file]").set_input_files(list(paths))


def test_pose_of_a_photo_and_nobody(page, person, landscape, use_backends):
    path, pose = person
    use_backends(pose="NoPerson")
    page.get_by_role("tab", name="From photo").click()
    before = page.locator("#pose-value textarea").input_value()
    upload = page.locator("#pose-photo input[type=file]")
    upload.set_input_files(landscape)
    page.locator("#pose-photo-result", has_text="No person found").wait_for()
    assert page.locator("#pose-value textarea").input_value() == before
    page.locator("#pose-photo").get_by_label("remove photo").click()
    page.locator("#pose-photo-result p").wait_for(state="detached")
    use_backends(pose="ColourPose")
    upload.set_input_files(path)
    page.locator("#pose-name", has_text="From your photo, 14 of 18 joints").wait_for()
    page.locator("#pose-photo-result", has_text="Bundled answered in").wait_for()
    cell = page.locator("#pose-photo-result [data-joint=left_ankle]")
    assert 50 < int(cell.inner_text().rstrip("%")) <= 100
    assert page.locator("#pose-photo-result [data-joint=left_eye]").inner_text() == "missing"
    found = Pose.from_openpose(page.locator("#pose-value textarea").input_value())
    assert near(found, frame_pose(pose))
    page.locator("#pose-photo").get_by_label("remove photo").click()
    use_backends(pose="NoPerson")
    upload.set_input_files(landscape)
    page.locator("#pose-photo-result", has_text="No person found").wait_for()
    page.locator("#pose-tabs").get_by_role("tab", name="Edit").click()
    page.locator("#pose-editor image[href^='data:image/jpeg']").wait_for()
    page.get_by_role("tab", name="From photo").click()
    page.locator("#pose-photo-turn").click()
    page.locator("#pose-photo img[src*='turned']").wait_for()


def test_openpose_says_what_it_would_download(page):
    page.get_by_role("tab", name="From photo").click()
    page.locator("#pose-backend").get_by_label("OpenPose").check()
    page.locator("#pose-backend-note", has_text="209 MB").wait_for()
    page.locator("#pose-backend-fetch").wait_for()
    page.locator("#pose-backend").get_by_label("Bundled").check()
    page.locator("#pose-backend-fetch").wait_for(state="hidden")


def test_a_dropped_garment_goes_to_the_proposed_slot_and_can_be_moved(clear_page, photo):
    page = clear_page
    add(page, photo("red", "#b03030"))
    page.locator("#tile-bottom img[src*='.article.webp']").wait_for()
    page.locator("#outfit-status", has_text="1 of 6 articles").wait_for()
    page.locator("#move-article button").first.click()
    page.locator("#move-to input").click()
    page.get_by_role("option", name="Shoes").last.click()
    page.locator("#move-button").click()
    page.locator("#tile-shoes img[src*='.article.webp']").wait_for()
    expect(page.locator("#tile-bottom img")).to_have_count(0)
    add(page, photo("blue", "#3050a0"), photo("green", "#207040"))
    page.locator(".said p", has_text="green.png → Bottom, instead of what was there").wait_for()
    page.locator("#outfit-status", has_text="2 of 6 articles").wait_for()


def test_jeans_in_outerwear_are_moved_by_one_click(clear_page, photo):
    page = clear_page
    page.locator("#tile-outer input[type=file]").set_input_files(photo("blue", "#3050a0"))
    page.locator("#move-it", has_text="Outerwear looks like a bottom: move it").click()
    page.locator("#tile-bottom img[src*='.article.webp']").wait_for()
    expect(page.locator("#tile-outer img")).to_have_count(0)
    expect(page.locator("#move-it")).to_be_hidden()


def test_only_a_plain_backdrop_is_kept(photo, landscape):
    assert has_plain_backdrop(photo("red", "#b03030")) and not has_plain_backdrop(landscape)


def test_what_is_no_garment_changes_nothing(clear_page, photo, landscape, use_backends):
    page = clear_page
    add(page, photo("red", "#b03030"))
    tile = page.locator("#tile-bottom img[src*='.article.webp']")
    tile.wait_for()
    before = tile.get_attribute("src")
    use_backends(garment="NoGarment")
    add(page, landscape)
    page.locator(".said p", has_text="landscape.png: This does not look like a garment").wait_for()
    page.locator("#tile-shoes input[type=file]").set_input_files(landscape)
    page.locator(".said p", has_text="Shoes: This does not look like a garment").wait_for()
    expect(page.locator("#tile-shoes img")).to_have_count(0)  # a warning arrives before the outputs do
    assert tile.get_attribute("src") == before


def test_endpoints_of_photos(client, person, photo, landscape, use_backends):
    path, pose = person
    found = client.predict(photo=handle_file(path), api_name="/pose")
    assert near(Pose.from_openpose(found), pose) and (found["canvas_height"], found["canvas_width"]) == pose.size_hw
    png, slot = client.predict(photo=handle_file(photo("red", "#b03030")), api_name="/cutout")
    cut = np.array(Image.open(png))
    assert slot == "bottom" and cut.shape == (400, 300, 4)
    assert cut[200, 150].tolist() == [176, 48, 48, 255] and cut[5, 5, 3] == 0
    top = handle_file(photo("red", "#b03030"))
    drawn = client.predict(top=top, pose_photo=handle_file(path), seed=1, api_name="/generate")[0]
    assert near(read_recipe(drawn).to_pose(), frame_pose(pose))
    with pytest.raises(AppError, match="not on this server"):
        client.predict(photo=handle_file(path), backend="openpose", api_name="/pose")
    use_backends(pose="NoPerson", garment="NoGarment")
    with pytest.raises(AppError, match="No person found"):
        client.predict(photo=handle_file(landscape), api_name="/pose")
    with pytest.raises(AppError, match="does not look like a garment"):
        client.predict(photo=handle_file(landscape), api_name="/cutout")
