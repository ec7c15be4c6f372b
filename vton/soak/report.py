"""The report of a soak: counts, latencies, growth, examples of every fault, and the bars that were missed."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Any

from vton.soak.jobs import Outcome
from vton.soak.server import Sample

EXAMPLES = 5
MAX_GROWTH = 0.10
MAX_P95 = 12.0


@dataclass
class Report:
    """Collects outcomes and samples.

    Attributes:
        settings: seed, minutes, clients; what is needed to do it again.
        baseline, end: the server after the warm-up and after the load, both at rest.
        deaths, trap_calls: of the server; requests that it made to an address it was given.
        tracebacks: last lines of those in the server's log.
        left: way of stopping -> files of visitors that were still there.
    """

    settings: dict[str, Any]
    baseline: Sample | None = None
    end: Sample | None = None
    deaths: int = 0
    trap_calls: int = 0
    tracebacks: list[str] = field(default_factory=list)
    left: dict[str, list[str]] = field(default_factory=dict)
    samples: list[Sample] = field(default_factory=list)
    kinds: Counter = field(default_factory=Counter)
    waits: int = 0
    faults: Counter = field(default_factory=Counter)
    examples: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, found: Outcome | Sample) -> None:
        """Counts what came of one job, or a sample of the server."""
        if isinstance(found, Sample):
            self.samples.append(found)
            return
        self.kinds[found.kind] += not found.waits
        self.waits += found.waits
        for answer in found.answers:
            if answer.event != "left" and not found.waits:
                self.seconds["page" if found.kind == "page" else found.endpoint].append(answer.seconds)
        for fault in set(found.faults):
            self.faults[fault] += 1
            if len(self.examples[fault]) < EXAMPLES:
                self.examples[fault].append(found.to_dict())

    @property
    def growth(self) -> float:
        """Of the resident memory, as a part of the baseline."""
        if not self.baseline or not self.end or not self.baseline.rss_mb:
            return 0.0
        return self.end.rss_mb / self.baseline.rss_mb - 1

    def missed(self) -> list[str]:
        """The bars that were missed, in words."""
        bars = {
            **{f"{count} x {fault}": count for fault, count in self.faults.items()},
            f"{self.deaths} deaths": self.deaths,
            f"{self.trap_calls} requests by the server": self.trap_calls,
            f"{len(self.tracebacks)} tracebacks in the log": len(self.tracebacks),
            f"memory grew by {100 * self.growth:.0f} %": self.growth > MAX_GROWTH,
            **{f"{len(files)} files left after {how}": len(files) for how, files in self.left.items()},
        }
        return [text for text, bad in bars.items() if bad]

    def to_dict(self) -> dict[str, Any]:
        """Everything, for JSON."""
        return {
            **self.settings,
            "missed": self.missed(),
            "requests": sum(map(len, self.seconds.values())) + self.waits,
            "jobs": dict(self.kinds),
            "told to wait": self.waits,
            "unanswered": self.faults["unanswered"],
            "wrong bytes": self.faults["wrong bytes"],
            "faults": dict(self.faults.most_common()),
            "seconds": {name: spread(values) for name, values in sorted(self.seconds.items())},
            "rss_mb": {
                "start": self.baseline and self.baseline.rss_mb,
                "peak": max((sample.peak_mb for sample in self.samples), default=0),
                "end": self.end and self.end.rss_mb, "growth": round(self.growth, 4),
            },
            "start": self.baseline and self.baseline.to_dict(),
            "end": self.end and self.end.to_dict(),
            "peaks": {name: max((s.to_dict()[name] for s in self.samples), default=0) for name in _COUNTED},
            "deaths": self.deaths,
            "requests by the server": self.trap_calls,
            "tracebacks": dict(Counter(line[:200] for line in self.tracebacks).most_common(40)),
            "files left": {how: files[:20] for how, files in self.left.items()},
            "examples": dict(self.examples),
        }  # fmt: skip


_COUNTED = ("descriptors", "threads", "files", "files_mb")


def spread(seconds: list[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum."""
    cuts = statistics.quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else seconds * 19
    return {"count": len(seconds), "median": round(statistics.median(seconds), 3), "p95": round(cuts[18], 3),
            "max": round(max(seconds), 3)}  # fmt: skip
