"""What an attack needs around it: secrets outside the upload folder, a trap for requests, good files to send."""

from __future__ import annotations

import os
import random
import socketserver
import threading
import uuid
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vton.soak.hostile.pictures import encoded, garment
from vton.soak.server import APP

FILE_META = {"_type": "gradio.FileData"}


class Trap:
    """A port on loopback that counts who calls: the server never should, whatever address it is given."""

    def __init__(self) -> None:
        self.calls = 0
        trap = self

        class Count(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                trap.calls += 1

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Count)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, name="trap", daemon=True).start()
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/picture.png"

    def close(self) -> None:
        """Stops listening."""
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Bait:
    """Files and addresses that attacks name.

    Attributes:
        folder: of the secrets; outside whatever the server may hand out.
        secret: a good picture in it that no visitor uploaded; gone: a path beside it where nothing is.
        app: the file that is served; its examples are the good photos.
    """

    folder: Path
    app: Path = APP
    trap: Trap = field(default_factory=Trap)

    def __post_init__(self) -> None:
        self.secret, self.gone = self.folder / "there" / "picture.png", self.folder / "gone" / "picture.png"
        self.secret.parent.mkdir(parents=True, exist_ok=True)
        self.secret.write_bytes(encoded(garment(random.Random("secret")), "PNG"))

    def example(self, name: str) -> bytes:
        """A photo that came with the program: "person", "garment" or "trousers"."""
        examples = self.app.parent / "vton" / "ui" / "examples"
        look = examples / "2-striped-shirt"
        persons = sorted((examples / "persons").glob("*.webp"))
        return {"person": persons[0], "garment": look / "top.webp", "trousers": look / "bottom.webp"}[name].read_bytes()

    def link_to(self, target: Path, uploaded: str) -> str:
        """A symbolic link beside an uploaded file, to a path outside."""
        link = Path(uploaded).parent / f"link-{uuid.uuid4().hex[:8]}.png"
        os.symlink(target, link)
        return str(link)


def as_upload(path: Any) -> dict[str, Any]:
    """A file as Gradio's own clients send it."""
    return {"path": path, "meta": FILE_META}
