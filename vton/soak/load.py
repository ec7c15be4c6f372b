"""Many visitors at once, each thread doing one job after the other, and the server watched meanwhile."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Iterator

from vton.soak.bait import Bait
from vton.soak.jobs import Jobs, Outcome
from vton.soak.known import Known
from vton.soak.page_events import page_events
from vton.soak.server import Sample, Server
from vton.soak.wire import Client

_SAMPLE_SECONDS = 5
_WAIT_SECONDS = 1.0


def prepared(server: Server, bait: Bait, seed: int, limit: float, endpoints: Iterable[str] | None = None) -> Jobs:
    """Asks the quiet server for the right results and the page's events.

    Args:
        server: it runs.
        bait: what attacks name.
        seed: of the jobs.
        limit: seconds for each answer.
        endpoints: whose results to know; all by default.
    """
    visitor = Client(server.address, limit)
    known = Known.of(visitor, bait, *([tuple(endpoints)] if endpoints else []))
    number = next(d["id"] for d in visitor.get_json("/config")["dependencies"] if d["api_name"] == "generate")
    return Jobs(seed, bait, known, page_events(visitor), number)


def visit(
    server: Server,
    jobs: Jobs,
    indices: Iterator[int],
    clients: int,
    limit: float,
    kind: str | None = None,
    seconds: float | None = None,
) -> Iterator[Outcome | Sample]:
    """Does the jobs of ``indices``, ``clients`` at once, until they or the ``seconds`` are over.

    A visitor who is told to wait comes again after a second. A server that dies is started again.

    Yields:
        The outcome of every job, those that have to be done again included, and from time to time a sample of the
        server.
    """
    found: list[Outcome] = []
    again: list[int] = []
    end = None if seconds is None else time.monotonic() + seconds
    lock = threading.Lock()

    def work() -> None:
        while end is None or time.monotonic() < end:
            with lock:
                index = again.pop() if again else next(indices, None)
            if index is None:
                return
            outcome = jobs.run(index, Client(server.address, limit), kind)  # everybody comes once
            with lock:
                found.append(outcome)
                again.extend([index] if outcome.waits else [])
            if outcome.waits:
                time.sleep(_WAIT_SECONDS)

    threads = [threading.Thread(target=work, daemon=True) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for turn in itertools.count():
        working = any(thread.is_alive() for thread in threads)
        with lock:
            done, found[:] = found[:], []
        yield from done
        if not server.alive():
            server.deaths += 1
            server.start()
        if turn % (_SAMPLE_SECONDS * 10) == 0:
            yield server.sample()
        if not working:
            return
        time.sleep(0.1)


def left_after(server: Server, stop: Callable[[], object], restart: bool, grace: float = 10) -> list[str]:
    """Stops the server and, if wanted, starts it again: which files of visitors are still there.

    Args:
        server: it runs, and holds files of visitors.
        stop: ends it in some way.
        restart: whether the next start has to have swept.
        grace: seconds that it has for that.
    """
    before = set(server.files()) - server.own_files
    stop()
    if restart:
        server.start()
    end = time.monotonic() + grace
    while (left := sorted(before & set(server.files()))) and time.monotonic() < end:
        time.sleep(0.2)
    return left
