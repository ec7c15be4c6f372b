"""Requests that no page would send: bodies that are no requests, and addresses that reach for files."""

from __future__ import annotations

from collections.abc import Callable

from vton.soak.bait import Bait
from vton.soak.wire import API

_SECRET = b'[{"path": "/etc/hostname"}]'
BODIES = (
    ("call/generate", b"{"), ("call/generate", b'{"data": 3}'), ("call/generate", b'{"data": []}'), ("call/pose", b""),
    ("call/cutout", b'{"data": [1, 2, 3, 4, 5, 6, 7, 8, 9]}'), ("call/generate", b"[" * 100_000),
    ("call/generate", b'{"data": [' + b"[" * 900 + b"]" * 900 + b"]}"), ("call/nosuchthing", b'{"data": []}'),
    ("call/mix", b"\xff\xfe\x00"), ("call/v2/generate", b'{"nosuchthing": 1}'), ("call/v2/nosuchthing", b"{}"),
    ("run/cutout", b'{"data": ' + _SECRET + b"}"), ("api/cutout", b'{"data": ' + _SECRET + b"}"),
    ("queue/join", b'{"data": [], "fn_index": 99999, "session_hash": "a"}'), ("queue/join", b'{"data": []}'),
    ("queue/join", b'{"data": [], "fn_index": -1, "session_hash": "a"}'),
    ("queue/join", b'{"data": {"a": 1}, "fn_index": "x", "session_hash": 3}'),
    ("cancel", b'{"session_hash": "a"}'), ("cancel", b'{"session_hash": "a", "fn_index": 1, "event_id": "b"}'),
    ("upload", b"no form"), ("component_server", b'{"data": "/etc/hostname"}'),
    ("component_server", b'{"data": "/etc/hostname", "component_id": 1, "session_hash": "a", "fn_name": "ls"}'),
    ("process_recording", b"{}"), ("vibe-edit", b'{"prompt": "x"}'), ("stream/nosuchthing", b"{}"),
)  # fmt: skip
# Addresses of a file; each is asked for the secret. None may give it away.
ADDRESSES: tuple[Callable[[str, Bait], str], ...] = (
    lambda path, bait: f"{API}/file={path}",
    lambda path, bait: f"{API}/file=/proc/self/root{path}",
    lambda path, bait: f"{API}/file={bait.app.parent}/../../../../../../..{path}",
    lambda path, bait: f"{API}/file=file://{path}",
    lambda path, bait: f"{API}/file={path.replace('/', '%2f')}",
    lambda path, bait: f"{API}/file={bait.trap.address}",
    lambda path, bait: f"{API}/file/{path}",
    lambda path, bait: f"{API}/proxy={bait.trap.address}",
    lambda path, bait: f"/static/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2f..{path}",
    lambda path, bait: f"/assets/../../../../../../../../../../../..{path}",
    lambda path, bait: f"/svelte/..%2f..%2f..%2f..%2f..%2f..%2f..%2f..%2f..{path}",
    lambda path, bait: f"{API}/custom_component/x/client/component/..%2f..%2f..%2f..%2f..{path}",
    lambda path, bait: f"{API}/call/generate/nosuchevent",
    lambda path, bait: f"{API}/queue/data?session_hash=nosuchsession",
    lambda path, bait: f"/{path}",
    lambda path, bait: "/config/../../../../etc/passwd",
    lambda path, bait: f"/gradio_api/deep_link?session_hash={path}",
    lambda path, bait: f"/?deep_link=../../../../../..{path}",
)
