"""The page on a phone in a real browser: what must be in sight is, nothing sticks out, a finger drags a joint."""

import pytest

from vton.schema import COCO18, Pose

expect = pytest.importorskip("playwright.sync_api").expect
WIDTH = "document.documentElement.scrollWidth"


@pytest.fixture
def page(phone):
    """The page at the top of its first tab."""
    phone.get_by_role("tab", name="Create").click()
    phone.evaluate("scrollTo(0, 0)")
    return phone


def test_generate_stays_in_sight_and_leads_to_the_result(page):
    expect(page.locator("#generate")).to_be_in_viewport()
    page.locator("#look-gallery").scroll_into_view_if_needed()
    expect(page.locator("#generate")).to_be_in_viewport()
    page.evaluate("scrollTo(0, 0)")
    page.locator("#generate").click()
    expect(page.locator("#result-gallery img[data-testid=detailed-image]")).to_be_in_viewport()
    assert page.evaluate(WIDTH) <= 390


def test_every_tab_and_its_button_are_in_sight(page):
    expect(page.get_by_role("tab", name="About")).to_be_in_viewport()
    for name, button in {"Lookbook": "#book-button", "Try-on": "#tryon-button", "Compare": "#compare-button"}.items():
        page.get_by_role("tab", name=name).click()
        expect(page.locator(button)).to_be_in_viewport()
        assert page.evaluate(WIDTH) <= 390


def test_a_finger_drags_a_joint_and_the_page_stays(page):
    page.locator("#pose-tabs").get_by_role("tab", name="Edit", exact=True).click()
    expect(page.locator("#pose-editor [data-joint]")).to_have_count(18)
    page.locator("#pose-follow input").uncheck()
    page.locator("#pose-tabs").evaluate("e => e.scrollIntoView({ block: 'start' })")
    wrist = page.locator("#pose-editor [data-joint=left_wrist]")
    before, scrolled = wrist.get_attribute("transform"), page.evaluate("scrollY")
    box = wrist.locator(".dot").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    touch = page.context.new_cdp_session(page)
    steps = [("touchStart", 0), *(("touchMove", -20 * k) for k in range(1, 6))]
    for kind, dy in steps:
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y + dy}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page.locator("#pose-name")).to_contain_text("Edited")
    pose = Pose.from_openpose(page.locator("#pose-value textarea").input_value())
    x_before, y_before = map(float, before[10:-1].split(" "))
    x_now, y_now = pose.keypoints_xy[COCO18.index("left_wrist")]
    assert y_now < y_before - 30 and abs(x_now - x_before) < 5
    assert page.evaluate("scrollY") == scrolled and page.evaluate(WIDTH) <= 390
