"""All rows of a table to pictures, in any number of processes: the bytes of a picture do not depend on it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from vton.catalogue.drawing import Settings, draw_row, inputs_of, picture_path
from vton.catalogue.results import Result, Results
from vton.catalogue.table import Row, Table
from vton.schema import InputError, one_line


def draw_table(
    table: Table, settings: Settings, processes: int = 1, watch: Callable[[Result, int, int], None] | None = None
) -> list[Result]:
    """Draws what an earlier run in the same folder has not drawn, or has drawn of other inputs.

    Each process computes with one thread, since the number of threads may change the last bits of a picture.

    Args:
        processes: at least 1; one is this process itself.
        watch: called after each new row with its result, the rows done and the rows in all.

    Returns:
        A result for each row, in their order.

    Raises:
        InputError: the folder or the weights cannot be used, or a process was killed.
    """
    if processes < 1:
        raise InputError(f"--processes is {processes}: give at least 1.")
    settings.check(table.rows)
    folder = Path(settings.out)
    results, done = Results(folder), {}
    todo = []
    for row in table.rows:
        known = results.known.get(row.name)
        if known and not row.problem and _still_so(known, row, settings):
            done[row.number] = Result(row.number, row.name, known.file, known.seconds, "", known.inputs)
        else:
            todo.append(row)
    results.begin(done.values())
    for result in _here(todo, settings) if processes == 1 else _elsewhere(todo, settings, processes):
        results.add(result)
        done[result.row] = result
        if watch is not None:
            watch(result, len(done), len(table.rows))
    results.finish(done.values())
    return [done[row.number] for row in table.rows]


def result_of(row: Row, settings: Settings) -> Result:
    """Draws a row; a mistake of whoever wrote it becomes the result's error."""
    started, inputs, error, file = time.perf_counter(), "", "", ""
    try:
        file = draw_row(row, settings).name
        inputs = inputs_of(row, settings)
    except InputError as mistake:
        error = one_line(mistake)
    return Result(row.number, row.name, file, round(time.perf_counter() - started, 3), error, inputs)


def _still_so(known: Result, row: Row, settings: Settings) -> bool:
    """Whether the picture of a row is there and would come out the same."""
    with contextlib.suppress(InputError):
        return picture_path(row, settings).is_file() and known.inputs == inputs_of(row, settings)
    return False


def _here(rows: Iterable[Row], settings: Settings) -> Iterator[Result]:
    import torch

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for row in rows:
            yield result_of(row, settings)
    finally:
        torch.set_num_threads(threads)


def _elsewhere(rows: list[Row], settings: Settings, processes: int) -> Iterator[Result]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(processes, max(len(rows), 1)), context, _start, (os.getpid(),))
    try:
        for job in as_completed([pool.submit(result_of, row, settings) for row in rows]):
            yield job.result()
    except BrokenProcessPool:
        raise InputError(
            "A process was killed, perhaps for want of memory: run it again with fewer --processes to go on."
        ) from None
    finally:
        pool.shutdown(cancel_futures=True)


def _start(parent: int) -> None:
    """Begins a process of the pool."""
    import torch

    torch.set_num_threads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes: the first of them decides
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """Ends this process when the command was killed: nobody waits for the rest."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)
