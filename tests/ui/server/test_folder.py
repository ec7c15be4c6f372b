"""The folder of a server: for its user alone, gone when the server is, and never anybody else's."""

import os
import stat

import pytest

from vton.ui.server.folder import PREFIX, remove_dead, server_folder

pytest.importorskip("fcntl")


def leave(base, name):
    """What a killed server leaves: a folder with a lock that nobody holds, and an upload."""
    folder = base / f"{PREFIX}{name}"
    (folder / "files").mkdir(parents=True)
    (folder / "lock").touch()
    (folder / "files" / "photo.jpg").write_bytes(b"somebody")
    return folder


def test_it_is_private_and_goes_with_all_that_is_in_it(tmp_path):
    with server_folder(tmp_path) as folder:
        assert folder.parent == tmp_path and stat.S_IMODE(folder.stat().st_mode) == 0o700
        (folder / "files").mkdir()
        (folder / "files" / "photo.jpg").write_bytes(b"somebody")
    assert not list(tmp_path.iterdir())


def test_a_server_that_starts_removes_what_dead_ones_left_and_not_what_lives(tmp_path):
    dead, without_lock = leave(tmp_path, "dead"), leave(tmp_path, "killed-at-once")
    (without_lock / "lock").unlink()
    other = tmp_path / "gradio"
    other.mkdir()
    with server_folder(tmp_path) as first, server_folder(tmp_path) as second:
        assert first != second and first.is_dir() and second.is_dir()
        assert not dead.exists() and not without_lock.exists() and other.is_dir()


def test_links_are_not_followed(tmp_path):
    base, elsewhere = tmp_path / "base", leave(tmp_path, "elsewhere")
    base.mkdir()
    (elsewhere / "lock").unlink()
    link = base / f"{PREFIX}link"
    link.symlink_to(elsewhere)
    inside = leave(base, "dead")
    (inside / "files" / "link").symlink_to(elsewhere)
    remove_dead(base)
    assert link.is_symlink() and not inside.exists() and not (elsewhere / "lock").exists()
    assert (elsewhere / "files" / "photo.jpg").read_bytes() == b"somebody"


def test_a_lock_that_is_a_link_does_not_touch_its_target(tmp_path):
    folder, target = leave(tmp_path, "trap"), tmp_path / "target"
    (folder / "lock").unlink()
    (folder / "lock").symlink_to(target)
    remove_dead(tmp_path)
    assert not target.exists() and folder.is_dir()


def test_folders_of_other_users_stay(tmp_path, monkeypatch):
    folder = leave(tmp_path, "foreign")
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    remove_dead(tmp_path)
    assert (folder / "files" / "photo.jpg").exists()
