"""`python -m vton soak`: attacks the served app for minutes or hours, and reports what it did not withstand."""

import argparse
import itertools
import json
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from vton.cli.outputs import check_file, write_file
from vton.schema import InputError
from vton.soak.bait import Bait
from vton.soak.burst import burst
from vton.soak.jobs import SHARES, Jobs
from vton.soak.load import left_after, prepared, visit
from vton.soak.report import Report
from vton.soak.server import APP, Server
from vton.soak.wire import Client

_WARM_UP_INDEX = 10**6  # jobs of the warm-up are other ones
_REST_SECONDS = 15


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("soak", help="attack the served app and report what it did not withstand")
    parser.add_argument("--minutes", type=float, default=60, help="how long; default 60")
    parser.add_argument("--clients", type=int, default=8, metavar="N", help="visitors at once; default 8")
    parser.add_argument("--seed", type=int, default=0, help="of all attacks; default 0")
    parser.add_argument("--only", type=int, metavar="INDEX", help="do the one job of a report again and print it")
    parser.add_argument("--kind", choices=SHARES, help="jobs of one kind only")
    parser.add_argument("--burst", type=int, metavar="N", help="N visitors at one moment instead, each for a picture")
    parser.add_argument("--limit", type=float, default=120, metavar="S", help="seconds for an answer; default 120")
    parser.add_argument("--app", type=Path, default=APP, metavar="app.py", help="the app to serve; default this one")
    parser.add_argument("--out", metavar="report.json", help="report to write")
    return parser


def run(args: argparse.Namespace) -> int:
    """Serve, attack, report; 1 when a bar was missed."""
    check_file("--out", args.out, ".json")
    if args.clients < 1 or args.minutes <= 0 or args.limit <= 0 or (args.burst is not None and args.burst < 1):
        raise InputError("Give numbers above 0 for --clients, --minutes, --limit and --burst.")
    if not args.app.is_file():
        raise InputError(f"No {args.app.name} there: give the app's file as --app.")
    with tempfile.TemporaryDirectory(prefix="vton-soak-", ignore_cleanup_errors=True) as folder:
        bait = Bait(Path(folder) / "outside", args.app.resolve())
        with Server(Path(folder), bait.app) as server:
            server.start()
            jobs = prepared(server, bait, args.seed, args.limit)
            report = _report(args, server, jobs)
        bait.trap.close()
    if args.out:
        write_file(args.out, json.dumps(report, indent=1, default=str) + "\n")
    for text in report["missed"]:
        print(f"missed: {text}")
    print(f"{len(report['missed'])} bars missed" if report["missed"] else "withstood")
    return 1 if report["missed"] else 0


def _report(args: argparse.Namespace, server: Server, jobs: Jobs) -> dict[str, Any]:
    if args.burst is not None:
        report = burst(server, jobs, args.burst, args.limit)
        print(json.dumps({name: value for name, value in report.items() if name != "missed"}, indent=1))
        return report
    if args.only is not None:
        return _again(args, server, jobs)
    return _soak(args, server, jobs).to_dict()


def _again(args: argparse.Namespace, server: Server, jobs: Jobs) -> dict[str, Any]:
    """Does one job on the quiet server, with the end of the log."""
    outcome = jobs.run(args.only, Client(server.address, args.limit), args.kind)
    print(json.dumps(outcome.to_dict(), indent=1, default=str))
    print("\n".join(server.log.read_text("utf-8", "replace").splitlines()[-40:]), file=sys.stderr)
    missed = outcome.faults + [f"traceback in the log: {line}" for line in server.tracebacks()]
    return {"seed": args.seed, **outcome.to_dict(), "missed": missed}


def _soak(args: argparse.Namespace, server: Server, jobs: Jobs) -> Report:
    report = Report({"seed": args.seed, "minutes": args.minutes, "clients": args.clients, "kind": args.kind})
    options = {"clients": args.clients, "limit": args.limit, "kind": args.kind}
    warm_up = min(120, 6 * args.minutes)
    for found in visit(server, jobs, itertools.count(_WARM_UP_INDEX), seconds=warm_up, **options):
        report.add(found)
    time.sleep(_REST_SECONDS)
    report.baseline = server.sample()
    for found in visit(server, jobs, itertools.count(), seconds=60 * args.minutes, **options):
        report.add(found)
        _tell(report)
    time.sleep(_REST_SECONDS)
    report.end = server.sample()
    _check_stops(report, server, jobs, args.limit)
    report.deaths, report.trap_calls = server.deaths, jobs.bait.trap.calls
    report.tracebacks = server.tracebacks()
    return report


def _check_stops(report: Report, server: Server, jobs: Jobs, limit: float) -> None:
    """Right results after the load, then stops of both kinds with files of visitors in the folder."""
    for how, name in ((signal.SIGKILL, "SIGKILL and a restart"), (signal.SIGTERM, "SIGTERM")):
        for found in visit(server, jobs, iter(range(len(jobs.turns))), 1, limit, "valid"):
            report.add(found)
        restart = how == signal.SIGKILL
        report.left[name] = left_after(server, lambda how=how: server.stop(how), restart)


def _tell(report: Report) -> None:
    done = sum(report.kinds.values())
    if sys.stderr.isatty():
        faults = ", ".join(f"{count} {fault}" for fault, count in report.faults.most_common(5))
        print(f"\r{done} jobs; {faults or 'no faults'}\033[K", end="", file=sys.stderr, flush=True)
