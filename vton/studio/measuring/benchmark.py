"""What the studio costs at each size: photos per second of several workers, their memory, and where the time goes."""

import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2

from vton.schema import InputError
from vton.studio.dataset.members import members_of
from vton.studio.dataset.render import render_outfit
from vton.studio.dataset.settings import SIZES, Settings
from vton.studio.likeness.manifest import verify
from vton.studio.photos.photographer import Photographer

_together: list[Any] = []
"""In a worker: the barrier at which it waits for the others."""


def bench(
    settings: Settings,
    sizes: Sequence[int] = tuple(SIZES),
    workers: int = 2,
    show: Callable[[str], None] = print,
    assets: str | None = None,
) -> list[dict[str, Any]]:
    """Renders and encodes outfits as `render` does, size after size, in fresh processes of one core each.

    The first outfit of a process compiles what is not in numba's cache yet, so it is left out of the rates.

    Args:
        settings: of the outfits that each worker renders; ``size`` does not matter.
        sizes: keys of `settings.SIZES`.
        workers: processes at a time, each with outfits of its own.
        show: takes a line after every size.
        assets: folder of the photographs that persons are made of.

    Returns:
        For each size its figures: ``photos_per_s`` of all workers together, ``peak_memory_mb`` of the largest worker,
        ``start_s`` of the slowest, ``split`` CPU seconds of each step per photo, and counts.

    Raises:
        InputError: an asset is missing or not the expected one, or a worker was killed.
    """
    if assets:
        verify(Path(assets))
    rows = []
    for size in sizes:
        rows.append(_measure(replace(settings, size=size), workers, assets))
        show(f"{size}: {rows[-1]['photos']} photos, {rows[-1]['photos_per_s']} a second")
    return rows


def table(rows: Sequence[dict[str, Any]]) -> str:
    """What `bench` returns as a table in Markdown."""
    lines = ["| size | photos/s | photos per CPU second | peak memory per worker | start | photos | article pictures |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    for row in rows:
        height, width = row["size_hw"]
        lines.append(f"| {height}x{width} | {row['photos_per_s']:.2f} | {row['photos_per_cpu_s']:.2f} "
                     f"| {row['peak_memory_mb'] / 1000:.2f} GB | {row['start_s']:.1f} s | {row['photos']} "
                     f"| {row['article_pictures']} |")  # fmt: skip
    return "\n".join(lines)


def _measure(settings: Settings, workers: int, assets: str | None) -> dict[str, Any]:
    """The figures of one size."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start_worker, (context.Barrier(workers),)) as pool:
        jobs = [pool.submit(_render, settings, number * (settings.outfits + 1), assets) for number in range(workers)]
        try:
            done = [job.result() for job in jobs]
        except BrokenProcessPool:
            raise InputError("A worker was killed, perhaps for want of memory: use fewer --workers.") from None
    cpu, photos = sum(each["cpu_s"] for each in done), sum(each["photos"] for each in done)
    steps = {step: sum(each["split"].get(step, 0.0) for each in done) for each in done for step in each["split"]}
    return {
        "size_hw": list(SIZES[settings.size]),
        "workers": workers,
        "looks": settings.looks,
        "poses": settings.poses,
        "photos_per_s": round(sum(each["photos"] / each["wall_s"] for each in done), 3),
        "photos_per_cpu_s": round(photos / cpu, 3),
        "peak_memory_mb": max(each["peak_memory_mb"] for each in done),
        "start_s": round(max(each["start_s"] for each in done), 2),
        "photos": photos,
        **{name: sum(each[name] for each in done) for name in ("article_pictures", "outfits", "refused")},
        "split": {step: round(s / photos, 4) for step, s in sorted(steps.items(), key=lambda step: -step[1])},
    }


def _start_worker(barrier: Any) -> None:
    cv2.setNumThreads(1)
    _together.append(barrier)


def _render(settings: Settings, first: int, assets: str | None) -> dict[str, Any]:
    """Worker: renders outfit ``first``, waits for the others, and measures the outfits after it."""
    start = time.perf_counter()
    photographer = Photographer(assets)
    started = time.perf_counter() - start
    render_outfit(photographer, settings, first)
    photographer.seconds.clear()
    _together[0].wait()
    photos = pictures = refused = 0
    wall, cpu = time.perf_counter(), time.process_time()
    for index in range(first + 1, first + 1 + settings.outfits):
        looks, reasons = render_outfit(photographer, settings, index)
        encoding = time.process_time()
        for number, look in enumerate(looks):
            members_of(look, settings.seed, index, number, reasons)
            photos += len(look.photos)
            pictures += len(look.packshots) + sum(len(kinds) for kinds in look.article_photos.values())
        photographer.seconds["encode"] += time.process_time() - encoding
        refused += len(reasons)
    return {
        "wall_s": time.perf_counter() - wall, "cpu_s": time.process_time() - cpu, "start_s": started,
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024), "photos": photos,
        "article_pictures": pictures, "outfits": settings.outfits, "refused": refused,
        "split": dict(photographer.seconds),
    }  # fmt: skip
