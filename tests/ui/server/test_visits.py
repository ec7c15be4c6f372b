"""Files go with the visits that use them, and after their time; what belongs to the page stays."""

import os
import time

import numpy as np
import pytest
from gradio.utils import get_upload_folder
from gradio_client import Client, handle_file

from vton.schema import InputError
from vton.ui.app import notice
from vton.ui.server.outbox import Outbox
from vton.ui.server.visits import KEEP_SECONDS, SWEEP_EVERY_SECONDS, Visits, kept
from vton.ui.studio import recipe_of
from vton.ui.tabs.about import about_text


@pytest.fixture
def visits(tmp_path):
    return Visits(tmp_path)


def upload(visits, visit, name, content=b"photo"):
    """A file as Gradio puts it there, used by an event of a visit."""
    path = visits.folder / name
    staged = visits.folder / "staged"
    staged.write_bytes(content)
    os.rename(staged, path)
    with visits.of(visit):
        assert visits.note(str(path))
    return path


def test_files_go_with_their_visit(visits):
    mine, other = upload(visits, "me", "mine"), upload(visits, "you", "yours")
    unused = visits.folder / "unused"
    unused.touch()
    visits.end("me")
    assert not mine.exists() and other.exists() and unused.exists()


def test_a_picture_of_two_visits_goes_with_the_last(visits):
    path = upload(visits, "me", "shirt")
    with visits.of("you"):
        visits.note(path)
    visits.end("me")
    assert path.exists()
    visits.end("you")
    assert not path.exists()


def test_a_picture_that_was_uploaded_again_meanwhile_stays(visits):
    path = upload(visits, "me", "shirt")
    (visits.folder / "new").write_bytes(b"photo")
    os.rename(visits.folder / "new", path)
    visits.end("me")
    assert path.exists()


def test_what_is_made_after_the_visit_ended_goes_at_once(visits):
    with visits.of("me"):
        visits.end("me")
        path = visits.folder / "made"
        path.touch()
        visits.note(path)
    assert not path.exists()
    back = upload(visits, "me", "again")  # a page that only lost its connection
    assert back.exists()


def test_what_ran_when_the_visit_ended_leaves_nothing_though_another_event_begins_meanwhile(visits):
    with visits.of("me"):
        visits.end("me")
        with visits.of("me"):  # the next step of an event that gives several answers
            pass
        path = visits.folder / "made"
        path.touch()
        visits.note(path)
    assert not path.exists()


def test_half_an_hour_at_the_latest(visits):
    old, now = upload(visits, "me", "old"), time.monotonic()
    visits.sweep(now)
    os.utime(old)  # Gradio touches what it hands out again
    new = upload(visits, "me", "new")
    visits.sweep(now + KEEP_SECONDS / 2)
    assert old.exists() and new.exists()
    visits.sweep(now + KEEP_SECONDS - SWEEP_EVERY_SECONDS)
    assert not old.exists() and new.exists()
    assert f"{KEEP_SECONDS // 60} minutes" in kept()


def test_parts_of_the_page_stay(visits):
    part, now = visits.folder / "card.png", time.monotonic()
    part.touch()
    visits.keep_what_is_here()
    with visits.of("me"):
        visits.note(part)
    visits.end("me")
    for seconds in (0, 2 * KEEP_SECONDS):
        visits.sweep(now + seconds)
    assert part.exists()


def test_paths_elsewhere_are_none_of_its_business(visits, tmp_path_factory):
    other = tmp_path_factory.mktemp("other") / "file"
    other.touch()
    with visits.of("me"):
        assert visits.note(str(other)) and visits.note("\0") and visits.note(f"{visits.folder}-2/x")
        assert not visits.note(str(visits.folder / "missing")) and not visits.note(f"{visits.folder}/\0")
        (visits.folder / "link").symlink_to(other.parent)
        assert visits.note(visits.folder / "link" / other.name) and visits.note(visits.folder / "link" / "missing")
    visits.end("me")
    assert other.exists()


def test_page_and_about_say_it_in_the_same_words():
    assert kept() in notice() and kept() in about_text()


def test_a_full_disk_is_said_and_nothing_is_left():
    resource = pytest.importorskip("resource")
    outbox = Outbox()
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    try:
        with pytest.raises(InputError, match="disk of this server is full"):
            outbox.photo(noise)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in outbox.folder.iterdir()] == ["page"]
    assert os.path.getsize(outbox.photo(noise)) > 2000


def test_a_deleted_result_is_said():
    with pytest.raises(InputError, match="no longer here"):
        recipe_of(os.path.join(get_upload_folder(), "vton-seed1-deleted.png"))


# ------------------------------------------------------------------ on the served page


def files_named(stem):
    """Files of the server with that name."""
    return [os.path.join(place, n) for place, _, names in os.walk(get_upload_folder()) for n in names if stem in n]


def wait_for(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    return condition()


def test_a_client_that_leaves_takes_uploads_and_pictures_along(address, photo, tmp_path):
    first, second = (
        Client(address, verbose=False, download_files=str(tmp_path / name), ssl_verify=False) for name in "ab"
    )
    for client in (first, second):
        client.predict(dress=handle_file(photo("visit", "#884422")), seed=781, api_name="/generate")
    assert len(files_named("visit.png")) == 1 and len(files_named("vton-seed781")) == 2
    first.close()
    assert wait_for(lambda: len(files_named("vton-seed781")) == 1) and len(files_named("visit.png")) == 1
    second.close()
    assert wait_for(lambda: not files_named("vton-seed781") and not files_named("visit.png"))


def test_a_deleted_upload_is_asked_for_again(address, http, photo):
    api = f"{address}gradio_api/"
    with open(photo("deleted", "#228844"), "rb") as file:
        (path,) = http.post(f"{api}upload", files={"files": ("deleted.png", file)}).json()
    os.unlink(path)
    for fields in ({}, {"meta": {"_type": "gradio.FileData"}}):
        event = http.post(f"{api}call/cutout", json={"data": [{"path": path, **fields}]}).json()["event_id"]
        answer = http.get(f"{api}call/cutout/{event}").text
        assert "event: error" in answer and "Photo: this picture is no longer here" in answer


def test_a_page_that_is_closed_and_one_that_goes_on_after_its_time(laptop, address, photo):
    expect = pytest.importorskip("playwright.sync_api").expect
    page = laptop.new_page()
    page.set_default_timeout(60_000)  # the first page of a browser comes without a cache
    page.goto(address)
    page.locator("#clear-outfit").click()
    expect(page.locator("#outfit-status")).to_contain_text("add at least one")
    page.locator("#tile-shoes input[type=file]").set_input_files(photo("boots", "#332211"))
    expect(page.locator("#outfit-status")).to_contain_text("1 of 6")
    tile = page.locator("#tile-shoes img")
    (cutout,) = files_named(tile.get_attribute("src").rpartition("/")[2])
    os.unlink(cutout)
    page.locator("#generate").click()
    expect(page.locator(".said p").last).to_contain_text("Shoes: this picture is no longer here")
    page.locator("#tile-accessory input[type=file]").set_input_files(photo("bag", "#112233"))
    expect(page.locator("#tile-accessory img[src*='.article.webp']")).to_be_visible()
    expect(tile).to_have_count(0)  # shown as what it is: empty
    page.get_by_role("tab", name="Try-on").click()
    if page.locator("#tryon-person img").count():
        page.locator("#tryon-person").get_by_label("remove photo").click()
    page.locator("#tryon-person input[type=file]").set_input_files(photo("nobody-else", "#998877"))
    assert wait_for(lambda: files_named("nobody-else.png")) and files_named("bag.png")
    expect(page.locator("#tryon-person img")).to_be_visible()
    expect(page.locator("#tryon-outlook p")).to_be_visible()  # the server knows whose photo it is
    page.close()
    assert wait_for(lambda: not files_named("nobody-else.png") and not files_named("bag.png"))
