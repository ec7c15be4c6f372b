"""Heavy work one step at a time, in the order of asking: visitors alternate, know their place, or are told to wait."""

from __future__ import annotations

import contextlib
import math
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from vton.schema import InputError
from vton.ui.server.visitor import Gone, Visitor
from vton.ui.texts import say

MOST_SECONDS = 8.0  # of work that may stand in line: more could not be answered within twelve, beside everything else
MOST_JOBS_EACH = 8  # that one visitor may have in line
_GUESS = 0.5  # seconds of a step of a kind that was never measured
_MEASURED = 9  # steps
_LOOK_SECONDS = 0.5  # between two looks whether a waiting visitor is still there


@dataclass(eq=False)
class _Job:
    """What stands in line or has its turn.

    Attributes:
        kind: of its steps, which take about equally long; steps: that are left.
        called: wakes it when it may be its turn; each its own, or all would wake at every step.
        since: when its turn began.
    """

    kind: str
    steps: int
    visitor: Visitor
    called: threading.Condition
    since: float = 0.0


class Turns:
    """A lock that is handed over first come, first served, and that a job lets go after each of its steps.

    Args:
        most_seconds: of work in line, beyond which new jobs are refused.
    """

    def __init__(self, most_seconds: float = MOST_SECONDS) -> None:
        self._most_seconds = most_seconds
        self._lock = threading.Lock()  # of all below
        self._line: deque[_Job] = deque()
        self._holder: _Job | None = None
        self._took: dict[str, deque[float]] = {}
        self._seconds: dict[str, float] = {}
        self._thread = threading.local()

    @contextlib.contextmanager
    def turn(self, kind: str, steps: int = 1, visitor: Visitor | None = None) -> Iterator[None]:
        """Waits for a turn and holds it; within another turn of the same thread it does nothing.

        Args:
            kind: names what takes about equally long.
            steps: how many steps the job has; it calls `pass_on` between them.
            visitor: the running event's by default.

        Raises:
            InputError: too much stands in line already. Only the first turn of an event may be refused.
            Gone: the visitor left or cancelled.
        """
        if getattr(self._thread, "job", None) is not None:
            yield
            return
        job = _Job(kind, steps, visitor or Visitor.current(), threading.Condition(self._lock))
        with self._lock:
            self._admit(job)
            self._wait(job)
        self._thread.job = job
        try:
            yield
        finally:
            self._thread.job = None
            with self._lock:
                if self._holder is job:
                    self._give_back(job)

    def pass_on(self) -> None:
        """Between two steps of a job: everybody who waits has a turn first. Without a turn it does nothing.

        Raises:
            Gone: the visitor left or cancelled.
        """
        job: _Job | None = getattr(self._thread, "job", None)
        if job is None:
            return
        job.steps = max(1, job.steps - 1)
        with self._lock:
            self._give_back(job)
            self._wait(job)

    def between(self, report: Callable[[int, int], None] | None) -> Callable[[int, int], None]:
        """A callback of (pictures done, pictures in all) that reports and then, unless it was the last, passes on.

        What is told to a client also shows whether it still listens.

        Args:
            report: tells the visitor; None for a plain line.
        """
        if report is None:
            visitor = Visitor.current()
            report = lambda done, of: visitor.tell(say("result.drawn", done=done, count=of), done, of)  # noqa: E731

        def callback(done: int, of: int) -> None:
            report(done, of)
            if done < of:
                self.pass_on()

        return callback

    def seconds(self, kind: str) -> float | None:
        """How long a step of this kind takes, the middle one of the last few; None when none was measured."""
        return self._seconds.get(kind)

    def _cost(self, job: _Job, steps: int = 1) -> float:
        return steps * self._seconds.get(job.kind, _GUESS)

    def _admit(self, job: _Job) -> None:
        """Refuses an event that would wait too long or whose visitor has many others; the first in line may be long."""
        if job.visitor.admitted:
            return
        ahead = [*self._line, *([self._holder] if self._holder else [])]
        session = job.visitor.session
        if session is not None and sum(other.visitor.session == session for other in ahead) >= MOST_JOBS_EACH:
            raise InputError(f"{MOST_JOBS_EACH} of your jobs are in line already: wait for one of them, or cancel it.")
        work = sum(self._cost(other, other.steps) for other in ahead)
        if ahead and (late := work + self._cost(job, job.steps) - self._most_seconds) > 0:
            back = math.ceil(min(late, work))
            raise InputError(
                f"Too many visitors at once, {len(ahead)} before you with about {math.ceil(work)} s of work: "
                f"try again in {max(back, 1)} s."
            )
        job.visitor.admitted = True

    def _wait(self, job: _Job) -> None:
        """Joins the line and leaves it with the turn; the caller holds the lock."""
        self._line.append(job)
        waited = False
        try:
            while self._holder is not None or self._line[0] is not job:
                self._tell(job)
                waited = True
                job.called.wait(_LOOK_SECONDS)
                self._check(job)
            self._check(job)
        except BaseException:
            self._line.remove(job)
            self._call_next()
            raise
        self._line.popleft()
        self._holder, job.since = job, time.perf_counter()
        if waited:
            job.visitor.tell(say("result.your-turn"))

    def _check(self, job: _Job) -> None:
        if not job.visitor.here():
            raise Gone

    def _tell(self, job: _Job) -> None:
        place = self._line.index(job)
        before = [*([self._holder] if self._holder else []), *list(self._line)[:place]]
        seconds = sum(map(self._cost, before)) + self._cost(job)
        job.visitor.tell(say("result.in-line", count=len(before), seconds=math.ceil(seconds)))

    def _give_back(self, job: _Job) -> None:
        if (took := self._took.get(job.kind)) is None:  # the first step also loads a network: it does not count
            self._took[job.kind] = deque(maxlen=_MEASURED)
        else:
            took.append(time.perf_counter() - job.since)
            self._seconds[job.kind] = statistics.median(took)
        self._holder = None
        self._call_next()

    def _call_next(self) -> None:
        if self._holder is None and self._line:
            self._line[0].called.notify()
