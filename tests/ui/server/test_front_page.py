"""What is sent along with the page's address: our words and picture, none of Gradio's."""

import io
import re

from PIL import Image

from vton.provenance.verification import Verdict, verify


def test_the_page_says_what_it_is_and_shows_a_picture_of_ours(http, address):
    page = http.get(address).text
    assert re.search(r'<meta name="description" content="[^"]*clothes[^"]*AI-generated', page)
    tags = dict(re.findall(r'property="(og:\w+)" content="([^"]*)"', page))
    assert len(re.findall('property="og:image"', page)) == 1 and "radio" not in " ".join(tags.values())
    picture = http.get(tags["og:image"])
    assert Image.open(io.BytesIO(picture.content)).size == (1200, 630)
    assert "<script type=\"module\"" in page and http.head(address).status_code == 200
    assert Image.open(io.BytesIO(http.get(f"{address}favicon.ico").content)).size == (96, 96)


def test_a_host_with_quotation_marks_stays_in_its_attribute(http, address):
    page = http.get(address, headers={"host": 'a"><script>x'})
    assert "<script>x" not in page.text


def test_the_preview_says_that_it_is_generated(tmp_path, http, address):
    (tmp_path / "preview.jpg").write_bytes(http.get(f"{address}preview.jpg").content)
    assert verify(tmp_path / "preview.jpg").verdict is not Verdict.OTHER
