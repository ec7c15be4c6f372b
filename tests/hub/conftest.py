"""As much of a Hub server as pushing and fetching one small repository needs, on the loopback, and its troubles."""

import base64
import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

TROUBLES = {
    "gated": (403, {"X-Error-Code": "GatedRepo"}),
    "revoked": (401, {"X-Error-Message": "Invalid credentials in Authorization header"}),
    "forbidden": (403, {"X-Error-Message": "you have no rights"}),
    "busy": (503, {}),
    "too-many": (429, {}),
}
"""Answers to everything that is asked of a repository in that mood."""
PORTAL = b"<!DOCTYPE html><title>Welcome to our hotel</title>"


class FakeHub(ThreadingHTTPServer):
    """Holds the commits of each repository, id -> files, oldest first; serves from a thread inside a with block.

    Attributes:
        moods: id -> one of `TROUBLES`, "portal", "hanging", or of what becomes of the weights: "slow", "cut" (once, in
            the middle), "short" (always), "flipped" (once, a byte), "rotten" (always, a byte).
        ranges: the parts of files that were asked for.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repos: dict[str, dict[str, dict[str, bytes]]] = {}
        self.moods: dict[str, str] = {}
        self.ranges: list[str] = []
        self.closing = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def commit(self, repo: str, files: dict[str, bytes]) -> str:
        """Adds a commit that changes some files; returns its id."""
        commits = self.repos.setdefault(repo, {})
        before = next(reversed(commits.values()), {})
        commit = f"{len(commits) + 1:040x}"
        commits[commit] = {**before, **files}
        return commit

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.closing.set()
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def _send(self, content, status: int = 200, **headers):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _troubled(self, repo: str) -> bool:
        """Answers for a repository in a mood that concerns everything."""
        mood = self.server.moods.get(repo)
        if mood in TROUBLES:
            status, headers = TROUBLES[mood]
            self._send({"error": mood}, status, **headers)
        elif mood == "portal":
            self._send(PORTAL, Content_Type="text/html")
        elif mood == "hanging":
            self.server.closing.wait(60)
        else:
            return False
        return True

    def _send_file(self, repo: str, content: bytes, **headers):
        """Sends a file, or the part that is asked for, as the mood of the repository has it."""
        moods = self.server.moods
        mood, heavy = moods.get(repo), len(content) > 10_000
        if heavy and mood in ("flipped", "rotten"):
            content = content[:-3] + bytes([content[-3] ^ 1]) + content[-2:]
            if mood == "flipped" and self.command == "GET":
                del moods[repo]
        part = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range") or "")
        start, whole = (int(part[1]) if part else 0), len(content)
        if part:
            self.server.ranges.append(part[0])
            headers["Content_Range"] = f"bytes {start}-{whole - 1}/{whole}"
        if heavy and mood == "short" and self.command == "GET":
            whole -= 100
        self.send_response(206 if part else 200)
        self.send_header("Content-Length", str(whole - start))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command == "HEAD":
            return
        if heavy and mood == "cut":
            del moods[repo]
            whole //= 2
            self.close_connection = True
        step = whole if mood != "slow" else whole // 4
        for at in range(start, whole, step):
            self.wfile.write(content[at : min(at + step, whole)])
            time.sleep(0.1 if mood == "slow" else 0)

    def _missing(self):
        self._send({"error": "Repository not found"}, 404, X_Error_Code="RepoNotFound")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url, repos = self.server.url, self.server.repos
        if self.path == "/api/repos/create":
            order = json.loads(body)
            repo = f"{order.get('organization') or 'tester'}/{order['name']}"
            if self._troubled(repo):
                return
            repos.setdefault(repo, {})
            return self._send({"url": f"{url}/{repo}", "id": repo})
        if self.path == "/api/validate-yaml":
            return self._send({"errors": [], "warnings": []})
        match = re.match(r"/api/models/([^/]+/[^/]+)/(preupload|commit)/", self.path)
        if not match or match[1] not in repos:
            return self._missing()
        if match[2] == "preupload":
            files = json.loads(body)["files"]
            return self._send(
                {
                    "files": [
                        {"path": f["path"], "uploadMode": "regular", "shouldIgnore": False} for f in files
                    ]
                }
            )
        entries = [entry["value"] for entry in map(json.loads, body.splitlines()) if entry["key"] == "file"]
        commit = self.server.commit(match[1], {e["path"]: base64.b64decode(e["content"]) for e in entries})
        self._send({"commitUrl": f"{url}/{match[1]}/commit/{commit}", "commitOid": commit})

    def do_GET(self):
        repos = self.server.repos
        if self.path.startswith("/api/whoami-v2"):
            return self._send({"name": "tester", "type": "user", "orgs": []})
        match = re.match(
            r"/(?:api/models/)?([^/]+/[^/?]+)(?:/(revision|tree|resolve)/([^/?]+))?/?([^?]*)", self.path
        )
        if not match or match[1] not in repos:
            return self._missing()
        repo, what, revision, name = match.groups()
        if self._troubled(repo):
            return
        commit = next(reversed(repos[repo]), None) if revision in (None, "main") else revision
        if commit not in repos[repo]:
            return self._send({"error": "Invalid rev id"}, 404, X_Error_Code="RevisionNotFound")
        files = repos[repo][commit]
        if what == "resolve":
            etag = f'"{hashlib.sha1(files[name]).hexdigest()}"'
            return self._send_file(repo, files[name], ETag=etag, X_Repo_Commit=commit)
        if what == "tree":
            return self._send([{"type": "file", "path": n, "size": len(c), "oid": commit} for n, c in files.items()])
        self._send({"id": repo, "sha": commit, "siblings": [{"rfilename": name} for name in files]})

    do_HEAD = do_GET


@pytest.fixture
def fake_hub():
    """A Hub on the loopback, with ``url`` and ``repos``."""
    with FakeHub() as server:
        yield server


@pytest.fixture
def ask(fake_hub, tmp_path):
    """``ask(script, *arguments)``: what a script prints as JSON, in a process that knows the fake Hub alone."""
    environment = {
        **os.environ,
        "HF_ENDPOINT": fake_hub.url,
        "HF_HOME": str(tmp_path / "home"),
        "HF_TOKEN": "hf_of_the_tests",
        "HF_HUB_OFFLINE": "0",
        "HF_HUB_DISABLE_XET": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DOWNLOAD_TIMEOUT": "2",
    }

    def run(script, *arguments):
        command = [sys.executable, "-c", script, *map(str, arguments)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return run
