"""A fresh process's first requests of all kinds, through the functions behind the endpoints.

``python first_requests.py HOW`` makes them one after the other ("quiet") or all at the same moment ("parallel"), and
prints JSON: ``answers``, request -> digest of its answer or "error: ..."; ``unguarded``, packages that were imported
meanwhile without the lock of first use. ``python first_requests.py --starts 20`` compares parallel starts with a
quiet one.
"""

import hashlib
import json
import os
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
KINDS = ("generate", "lookbook", "mix", "pose", "parse", "cutout", "tryon", "compare")


def requests() -> dict[str, Callable[[], Any]]:
    """One request of each kind, with the page's own examples."""
    sys.path.insert(0, str(ROOT))
    import vton.ui.app
    from vton.conditioning.photos.image_io import load_rgb
    from vton.readers import get_parser

    endpoints = {block.api_name: block.fn for block in vton.ui.app.build_app().fns.values()}
    examples = Path(vton.ui.app.__file__).with_name("examples")
    look, other = examples / "1-two-tone-sweater", examples / "4-leather-jacket"
    person = str(examples / "persons" / "1-olive-sweater.webp")
    top, bottom, jacket = (str(path) for path in (look / "top.webp", look / "bottom.webp", other / "outer.webp"))
    articles = (top, None, bottom, None, None, None)
    recipes = str(look / "result.png"), str(other / "result.png")
    made = {
        "generate": lambda: endpoints["generate"](*articles, seed=3, pose_photo=person),
        "lookbook": lambda: endpoints["lookbook"](*articles),
        "mix": lambda: endpoints["mix"](*recipes),
        "pose": lambda: endpoints["pose"](person),
        "parse": lambda: get_parser().parse(load_rgb(person)).labels.tobytes(),
        "cutout": lambda: endpoints["cutout"](jacket),
        "tryon": lambda: endpoints["tryon"](person, jacket),
        "compare": lambda: endpoints["compare"](person, top, systems="viton"),
    }
    return {kind: made[kind] for kind in KINDS}


def content_of(answer: Any) -> Any:
    """An answer without what differs from call to call: files by their content, no seconds."""
    if isinstance(answer, dict):
        return {key: content_of(value) for key, value in answer.items() if key != "seconds"}
    if isinstance(answer, list | tuple):
        return [content_of(value) for value in answer]
    if isinstance(answer, str) and answer.endswith(".zip"):
        with zipfile.ZipFile(answer) as archive:
            return [content_of(archive.read(name)) for name in archive.namelist()]
    if isinstance(answer, str) and Path(answer).is_file():
        return content_of(Path(answer).read_bytes())
    return hashlib.sha256(answer).hexdigest() if isinstance(answer, bytes) else answer


def answer_of(request: Callable[[], Any]) -> str:
    """Digest of a request's answer, or "error: ..."."""
    try:
        return hashlib.sha256(json.dumps(content_of(request())).encode()).hexdigest()
    except Exception as error:
        return f"error: {type(error).__name__}: {error}"


class ImportWatch:
    """Notes which packages are looked for by threads that do not hold the lock of first use; Python's own may be."""

    def __init__(self) -> None:
        from vton.hub.first_use import FIRST_USE

        self._lock, self.unguarded = FIRST_USE, []

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        """Finds nothing: the finders after it do."""
        if name.partition(".")[0] not in sys.stdlib_module_names and not self._lock._is_owned():
            self.unguarded.append(name)


def answers(parallel: bool) -> dict[str, Any]:
    """What the first requests of this process say, and what they imported without the lock."""
    made = requests()
    watch = ImportWatch()
    sys.meta_path.insert(0, watch)
    if not parallel:
        return {"answers": {kind: answer_of(ask) for kind, ask in made.items()}, "unguarded": watch.unguarded}
    found, gate = {}, threading.Barrier(len(made))

    def work(kind: str, ask: Callable[[], Any]) -> None:
        gate.wait()
        found[kind] = answer_of(ask)

    threads = [threading.Thread(target=work, args=item) for item in made.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"answers": {kind: found[kind] for kind in made}, "unguarded": watch.unguarded}


def start(how: str) -> subprocess.Popen:
    """A fresh process; its answers come with `outcome`."""
    command = [sys.executable, str(Path(__file__).resolve()), how]
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}  # eight threads with helpers of their own wait for each other
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=alone)


def outcome(process: subprocess.Popen, timeout: float = 600) -> dict[str, Any]:
    """The last line that a process printed, read; RuntimeError when it died."""
    said, complaint = process.communicate(timeout=timeout)
    if process.returncode:
        raise RuntimeError(complaint)
    return json.loads(said.splitlines()[-1])


def compare(starts: int) -> int:
    """Prints what differs from the quiet answers in each of some starts; returns how many starts differed."""
    quiet, bad = outcome(start("quiet"))["answers"], 0
    for number in range(starts):
        found = outcome(start("parallel"))
        wrong = {kind: said for kind, said in found["answers"].items() if said != quiet[kind]}
        bad += bool(wrong or found["unguarded"])
        print(f"start {number + 1}: {wrong or 'equal'}, unguarded imports: {found['unguarded'] or 'none'}", flush=True)
    errors = {kind: said for kind, said in quiet.items() if said.startswith("error")}
    print(f"{bad} of {starts} starts differ; errors of the quiet one: {errors or 'none'}")
    return bad + len(errors)


if __name__ == "__main__":
    if sys.argv[1] == "--starts":
        sys.exit(compare(int(sys.argv[2])) > 0)
    print(json.dumps(answers(parallel=sys.argv[1] == "parallel")))
