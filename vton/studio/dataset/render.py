"""Rendering whole datasets: shards in worker processes, continued where an earlier run stopped, with a progress bar."""

import json
import multiprocessing
import os
import queue
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vton.schema import InputError
from vton.studio.dataset.members import key_of, members_of
from vton.studio.dataset.progress import Progress
from vton.studio.dataset.settings import SIZES, Settings
from vton.studio.dataset.shards import ShardWriter
from vton.studio.dataset.summary import write_summary
from vton.studio.likeness.manifest import verify
from vton.studio.photos.photographer import Photographer
from vton.studio.photos.quality import MAX_ATTEMPTS
from vton.studio.photos.records import RejectedOutfit, RenderedLook
from vton.studio.sampling.looks import sample_looks


def render_outfit(photographer: Photographer, settings: Settings, index: int) -> tuple[list[RenderedLook], list[str]]:
    """All looks of one outfit, and why the quality gate refused earlier drafts of it; no looks if it refused all."""
    reasons: list[str] = []
    for attempt in range(MAX_ATTEMPTS):
        looks = sample_looks(
            settings.seed, index, settings.poses, settings.looks, settings.half, settings.turned, attempt,
            settings.framings, settings.occlusions, settings.wear, settings.worn, settings.sets,
        )  # fmt: skip
        if photographer.assets:
            looks = photographer.assets.cast(looks)
        try:
            return photographer.shoot(looks, SIZES[settings.size]), reasons
        except RejectedOutfit as refused:
            reasons.append(refused.reason)
    return [], reasons


def render_shard(
    photographer: Photographer,
    folder: Path,
    settings: Settings,
    number: int,
    report: Callable[[int, int, int], None],
    stop_at: float = float("inf"),
) -> bool:
    """Renders or continues one shard.

    Args:
        report: called after every outfit with (outfits, photos, refused drafts), those of earlier runs included.
        stop_at: ``time.time()`` at which to leave the rest for the next run.

    Returns:
        Whether the shard is complete.
    """
    name, outfits = settings.shards()[number]
    writer = ShardWriter(folder / name, settings.looks)
    first = max(writer.outfits_done, default=outfits.start - 1) + 1
    for _ in range(outfits.start, first):
        report(1, 0, 0)
    for index in range(first, outfits.stop):
        if time.time() > stop_at:
            writer.abandon()
            return False
        looks, reasons = render_outfit(photographer, settings, index)
        for look_number, look in enumerate(looks):
            files = members_of(look, settings.seed, index, look_number, reasons)
            writer.add(key_of(settings.seed, index, look_number), files)
        writer.flush()
        report(1, sum(len(look.photos) for look in looks), len(reasons))
    writer.close()
    return True


_worker: dict[str, Any] = {}


def _start_worker(progress: Any, assets: str | None) -> None:
    import cv2

    cv2.setNumThreads(1)
    _worker["photographer"] = Photographer(assets)
    _worker["progress"] = progress
    _worker["parent"] = os.getppid()


def _work(folder: Path, settings: Settings, number: int, stop_at: float) -> bool:
    return render_shard(_worker["photographer"], folder, settings, number, _report, stop_at)


def _report(*done: int) -> None:
    if os.getppid() != _worker["parent"]:  # the command was killed: nobody waits for the rest
        os._exit(1)
    _worker["progress"].put(done)


def render(
    folder: str | os.PathLike,
    settings: Settings,
    workers: int = 2,
    max_minutes: float | None = None,
    show: Callable[[str], None] | None = None,
    assets: str | None = None,
) -> dict:
    """Renders a dataset into a folder, or what is missing of it.

    Args:
        folder: of the shards; the settings of an earlier run in it must be the same but for ``outfits``.
        workers: processes.
        max_minutes: after which no new outfit is begun.
        show: takes lines of progress.
        assets: folder of the photographs that persons are made of, when ``settings.assets``.

    Returns:
        What is in `dataset.json`, plus "complete": whether all outfits are done.

    Raises:
        InputError: the folder holds something else, an asset is missing or not the expected one, or a worker was
            killed.
    """
    folder = Path(folder)
    if assets:
        verify(Path(assets))
    _check_folder(folder, settings)
    stop_at = time.time() + 60 * max_minutes if max_minutes else float("inf")
    todo = [i for i, (name, _) in enumerate(settings.shards()) if not (folder / name).exists()]
    complete = _run_all(folder, settings, todo, workers, stop_at, Progress(settings, todo, show), assets)
    summary = write_summary(folder, settings.to_dict() | {"size_hw": list(SIZES[settings.size])})
    return summary | {"complete": complete}


def _run_all(
    folder: Path,
    settings: Settings,
    todo: list[int],
    workers: int,
    stop_at: float,
    progress: Progress,
    assets: str | None,
) -> bool:
    if workers <= 1:
        photographer = Photographer(assets)
        return all([render_shard(photographer, folder, settings, n, progress.add, stop_at) for n in todo])
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    context = multiprocessing.get_context("spawn")
    reports = context.Queue()
    with ProcessPoolExecutor(min(workers, max(len(todo), 1)), context, _start_worker, (reports, assets)) as pool:
        jobs = [pool.submit(_work, folder, settings, number, stop_at) for number in todo]
        try:
            while not all(job.done() for job in jobs):
                _drain(reports, progress, 0.2)
            _drain(reports, progress, 0.05)
            return all([job.result() for job in jobs])
        except BrokenProcessPool:
            raise InputError("A worker was killed, perhaps for want of memory: use fewer --workers.") from None
        except KeyboardInterrupt:
            _cancel(jobs)
            raise


def _cancel(jobs: list[Future]) -> None:
    for job in jobs:
        job.cancel()


def _drain(reports: Any, progress: Progress, wait_s: float) -> None:
    while True:
        try:
            progress.add(*reports.get(timeout=wait_s))
        except queue.Empty:
            return


def _check_folder(folder: Path, settings: Settings) -> None:
    """Refuses a folder with other files than a dataset's, and one rendered with other settings."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        names = [path.name for path in folder.iterdir()]
    except OSError as error:
        raise InputError(f"Cannot write to '{folder.name}' ({error.strerror}): choose another folder.") from error
    known = (".tar", ".tar.partial", "dataset.json", "README.md", "settings.json", ".gitattributes")
    if any(not name.endswith(known) for name in names):
        raise InputError(f"'{folder.name}' holds other files: choose an empty folder or that of an earlier run.")
    path = folder / "settings.json"
    if path.exists():
        before = json.loads(path.read_text())
        known = asdict(Settings(**before))
        others = [n for n, value in asdict(settings).items() if n != "outfits" and known[n] != value]
        if others:
            used = " ".join(f"--{name} {known[name]}" for name in others)
            raise InputError(f"'{folder.name}' was rendered with {used}: use the same or another folder.")
        if before["outfits"] > settings.outfits:
            raise InputError(f"'{folder.name}' is to hold {before['outfits']} outfits: give at least as many.")
        _reopen_last_shard(folder, Settings(**before), settings)
    path.write_text(json.dumps(settings.to_dict()) + "\n")


def _reopen_last_shard(folder: Path, before: Settings, now: Settings) -> None:
    """A last shard that was complete for fewer outfits is unfinished when there are to be more."""
    name, outfits = before.shards()[-1]
    if outfits != now.shards()[len(before.shards()) - 1][1] and (folder / name).exists():
        os.replace(folder / name, folder / f"{name}.partial")
