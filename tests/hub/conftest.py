"""As much of a Hub server as pushing and fetching one small model repository needs, on the loopback."""

import base64
import hashlib
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class FakeHub(ThreadingHTTPServer):
    """Holds the commits of each repository, id -> files, oldest first; serves from a thread inside a with block."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.repos: dict[str, dict[str, dict[str, bytes]]] = {}

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
        commit = next(reversed(repos[repo]), None) if revision in (None, "main") else revision
        if commit not in repos[repo]:
            return self._send({"error": "Invalid rev id"}, 404, X_Error_Code="RevisionNotFound")
        files = repos[repo][commit]
        if what == "resolve":
            etag = f'"{hashlib.sha1(files[name]).hexdigest()}"'
            return self._send(files[name], ETag=etag, X_Repo_Commit=commit)
        if what == "tree":
            return self._send([{"type": "file", "path": n, "size": len(c), "oid": commit} for n, c in files.items()])
        self._send({"id": repo, "sha": commit, "siblings": [{"rfilename": name} for name in files]})

    do_HEAD = do_GET


@pytest.fixture
def fake_hub():
    """A Hub on the loopback, with ``url`` and ``repos``."""
    with FakeHub() as server:
        yield server
