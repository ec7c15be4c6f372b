"""The Verify tab and the endpoint: pictures of ours, of others, and hostile files."""

import json
from pathlib import Path

import pytest
from gradio_client import handle_file
from gradio_client.exceptions import AppError
from PIL import Image

from vton.provenance.verification import Verification
from vton.ui import looks
from vton.ui.tabs.verify import facts_table


def test_what_the_page_draws_is_verified_and_other_pictures_are_not(client, photo):
    made = client.predict(top=handle_file(photo("red", "#b03030")), seed=3, api_name="/generate")[0]
    found = client.predict(picture=handle_file(made), api_name="/verify")
    assert found["verdict"] == "made here" and found["recipe"]["seed"] == 3 and "Every pixel" in found["reason"]
    other = client.predict(picture=handle_file(photo("red", "#b03030")), api_name="/verify")
    assert (other["verdict"], other["watermark"], other["recipe"]) == ("not made here", None, None)
    assert json.dumps(found)


def test_a_jpeg_of_it_is_found_by_its_watermark(client, tmp_path):
    example = Path(looks.__file__).with_name("examples") / "1-two-tone-sweater" / "result.png"
    Image.open(example).save(tmp_path / "copy.jpg", quality=80)
    found = client.predict(picture=handle_file(str(tmp_path / "copy.jpg")), api_name="/verify")
    assert found["verdict"] == "made here" and found["watermark"] > 6 and found["recipe"] is None


@pytest.mark.parametrize(("content", "says"), [(b"no picture" * 20, "not an image"), (None, "Add a picture")])
def test_what_cannot_be_looked_at_gets_one_sentence(client, tmp_path, content, says):
    file = None
    if content:
        (tmp_path / "x.png").write_bytes(content)
        file = handle_file(str(tmp_path / "x.png"))
    with pytest.raises(AppError, match=says):
        client.predict(picture=file, api_name="/verify")


def test_what_a_file_says_of_itself_is_text(made_up="<img src=x onerror=alert(1)>"):
    from vton.provenance.verification import Verdict

    table = facts_table(Verification(Verdict.OTHER, "", None, made_up, None, None))
    assert "&lt;img" in table and "<img" not in table


def test_the_tab(page, client, photo):
    expect = pytest.importorskip("playwright.sync_api").expect
    made = client.predict(top=handle_file(photo("red", "#b03030")), seed=3, api_name="/generate")[0]
    page.get_by_role("tab", name="Verify").click()
    page.locator("#verify-picture input[type=file]").set_input_files(made)
    expect(page.locator("#verify-verdict")).to_contain_text("Made here. Every pixel")
    expect(page.locator("#verify-facts")).to_contain_text("AI-generated")
