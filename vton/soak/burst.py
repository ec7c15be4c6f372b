"""Everybody comes at once: who is served, who is told to wait, and who hears nothing."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any

from vton.soak.endpoints import data_of, working
from vton.soak.jobs import Jobs
from vton.soak.oracle import faults_of, message_of
from vton.soak.report import MAX_P95, spread
from vton.soak.server import Server
from vton.soak.wire import Answer, Client

TOLD_WITHIN = 1.0


def burst(server: Server, jobs: Jobs, clients: int, limit: float) -> dict[str, Any]:
    """Every client asks for one picture, as the page does, at the same moment.

    Returns:
        How many were served, told to wait and not told within a second, how long it took, and the bars missed.
    """
    visitors = [Client(server.address, limit) for _ in range(clients)]
    requests = [data_of("generate", working("generate", jobs.known.uploads(visitor))) for visitor in visitors]
    answers: list[Answer] = [Answer("unanswered")] * clients
    barrier = threading.Barrier(clients)

    def work(number: int) -> None:
        barrier.wait()
        answers[number] = visitors[number].ask(jobs.generate_event, requests[number])

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _judged(jobs, visitors, answers)


def _judged(jobs: Jobs, visitors: list[Client], answers: list[Answer]) -> dict[str, Any]:
    served = [answer for answer in answers if answer.event == "complete"]
    first = [answer.seconds if answer.first_word is None else answer.first_word for answer in answers]
    faults = Counter(fault for answer in answers for fault in faults_of(answer))
    wrong = sum(
        not jobs.known.is_right(visitor, "generate", answer)
        for visitor, answer in zip(visitors, answers, strict=True)
        if answer.event == "complete"
    )
    late = sum(seconds > TOLD_WITHIN for seconds in first)
    seconds = spread([answer.seconds for answer in served]) if served else None
    bars = {
        **{f"{count} x {fault}": count for fault, count in faults.items()},
        f"{wrong} wrong bytes": wrong,
        f"{late} heard nothing within {TOLD_WITHIN:g} s": late,
        "nobody was served": not served,
        f"the slowest of the served waited over {MAX_P95:g} s": seconds and seconds["p95"] > MAX_P95,
    }
    return {
        "clients": len(answers),
        "served": len(served),
        "told to wait": Counter(message_of(answer) or answer.event for answer in answers if answer.event != "complete"),
        "first word": spread(first),
        "seconds of the served": seconds,
        "missed": [text for text, bad in bars.items() if bad],
    }
