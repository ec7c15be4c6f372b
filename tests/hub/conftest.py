"""As much of a Hub server as pushing and fetching one small model repository needs, on the loopback."""

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

COMMIT = "1" * 40


class FakeHub(ThreadingHTTPServer):
    """Holds files per repository; serves from a thread inside a with block."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repos: dict[str, dict[str, bytes]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
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

    def _missing(self):
        self._send({"error": "Repository not found"}, 404, X_Error_Code="RepoNotFound")

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        url, repos = self.server.url, self.server.repos
        if self.path == "/api/repos/create":
            order = json.loads(body)
            repo = f"{order.get('organization') or 'tester'}/{order['name']}"
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
        for line in body.splitlines():
            entry = json.loads(line)
            if entry["key"] == "file":
                repos[match[1]][entry["value"]["path"]] = base64.b64decode(entry["value"]["content"])
        self._send({"commitUrl": f"{url}/{match[1]}/commit/{COMMIT}", "commitOid": COMMIT})

    def do_GET(self):
        repos = self.server.repos
        if self.path.startswith("/api/whoami-v2"):
            return self._send({"name": "tester", "type": "user", "orgs": []})
        match = re.match(
            r"/(api/models/)?([^/]+/[^/?]+)(?:/(revision|tree|resolve)/[^/?]+)?/?([^?]*)", self.path
        )
        if not match or match[2] not in repos:
            return self._missing()
        files = repos[match[2]]
        if match[3] == "resolve":
            content = files[match[4]]
            etag = f'"{hashlib.sha1(content).hexdigest()}"'
            return self._send(content, ETag=etag, X_Repo_Commit=COMMIT)
        if match[3] == "tree":
            return self._send(
                [{"type": "file", "path": n, "size": len(c), "oid": COMMIT} for n, c in files.items()]
            )
        self._send({"id": match[2], "sha": COMMIT, "siblings": [{"rfilename": name} for name in files]})

    do_HEAD = do_GET


@pytest.fixture
def fake_hub():
    """A Hub on the loopback, with ``url`` and ``repos``."""
    with FakeHub() as server:
        yield server
