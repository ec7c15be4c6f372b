"""Rendering whole datasets: shards in worker processes, continued where an earlier run stopped, with a progress bar."""

import json
import multiprocessing
import os
import queue
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from vton.schema import InputError
from vton.studio.dataset.writing import ShardWriter, key_of, members_of, write_summary
from vton.studio.likeness.manifest import verify
from vton.studio.photos.photograph import Refused, RenderedLook, Studio
from vton.studio.photos.quality import MAX_ATTEMPTS
from vton.studio.rendering.framing import parse_shares
from vton.studio.sampling.looks import sample_looks

OUTFITS_PER_SHARD = 20
SIZES = {256: (256, 192), 512: (512, 384), 1024: (1024, 768)}
"""Photo sizes [height, width] by the name of ``--size``."""


LATER = ("assets", "framings", "occlusions")
"""Settings that earlier versions had not."""


@dataclass(frozen=True)
class Settings:
    """What decides a dataset's bytes.

    outfits: geometries; looks: appearances of each; poses: photos of each look; half, turned: share of half-body
    framings, and of three-quarter, side and back views; per_shard: outfits that share a file; assets: whether persons
    are made of photographs; framings: shares as in `framing.parse_shares`, in place of ``half``; occlusions: share of
    photos in which hair, a phone, a cup or a bag lies before the clothes.
    """

    outfits: int
    poses: int = 2
    looks: int = 6
    size: int = 256
    seed: int = 0
    half: float = 0.0
    turned: float = 0.0
    per_shard: int = OUTFITS_PER_SHARD
    assets: bool = False
    framings: str = ""
    occlusions: float = 0.0

    def __post_init__(self) -> None:
        if self.size not in SIZES:
            raise InputError(f"--size must be one of {', '.join(map(str, SIZES))}.")
        if min(self.outfits, self.poses, self.looks) < 1 or not 0 <= self.seed <= 999:
            raise InputError("--outfits, --poses and --looks must be at least 1, and --seed 0 to 999.")
        if not all(0 <= share <= 1 for share in (self.half, self.turned, self.occlusions)):
            raise InputError("--half, --turned and --occlusions are shares between 0 and 1.")
        parse_shares(self.framings)
        if self.framings and self.half:
            raise InputError("--half is a part of --framings: write half=P there.")

    def to_dict(self) -> dict[str, Any]:
        """What an earlier run is compared by; what earlier versions had not is not mentioned where it is not used."""
        return {name: value for name, value in asdict(self).items() if value or name not in LATER}

    def shards(self) -> list[tuple[str, range]]:
        """Name of each shard, and the outfits in it."""
        starts = range(0, self.outfits, self.per_shard)
        return [
            (f"studio-{self.seed:03d}-{start // self.per_shard:05d}.tar",
             range(start, min(start + self.per_shard, self.outfits)))
            for start in starts
        ]  # fmt: skip


def render_outfit(studio: Studio, settings: Settings, index: int) -> tuple[list[RenderedLook], list[str]]:
    """All looks of one outfit, and why the quality gate refused earlier drafts of it; no looks if it refused all."""
    reasons: list[str] = []
    for attempt in range(MAX_ATTEMPTS):
        looks = sample_looks(
            settings.seed, index, settings.poses, settings.looks, settings.half, settings.turned, attempt,
            settings.framings, settings.occlusions,
        )  # fmt: skip
        if studio.assets:
            looks = studio.assets.cast(looks)
        try:
            return studio.shoot(looks, SIZES[settings.size]), reasons
        except Refused as refused:
            reasons.append(refused.reason)
    return [], reasons


def render_shard(
    studio: Studio,
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
        looks, reasons = render_outfit(studio, settings, index)
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
    _worker["studio"] = Studio(assets)
    _worker["progress"] = progress
    _worker["parent"] = os.getppid()


def _work(folder: Path, settings: Settings, number: int, stop_at: float) -> bool:
    return render_shard(_worker["studio"], folder, settings, number, _report, stop_at)


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
    complete = _run_all(folder, settings, todo, workers, stop_at, _Progress(settings, todo, show), assets)
    summary = write_summary(folder, settings.to_dict() | {"size_hw": list(SIZES[settings.size])})
    return summary | {"complete": complete}


def _run_all(
    folder: Path,
    settings: Settings,
    todo: list[int],
    workers: int,
    stop_at: float,
    progress: "_Progress",
    assets: str | None,
) -> bool:
    if workers <= 1:
        studio = Studio(assets)
        return all([render_shard(studio, folder, settings, n, progress.add, stop_at) for n in todo])
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


def _drain(reports: Any, progress: "_Progress", wait_s: float) -> None:
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


class _Progress:
    """One line that says how far the run is; rates count what this run has done."""

    def __init__(self, settings: Settings, todo: list[int], show: Callable[[str], None] | None):
        shards = settings.shards()
        self.total = settings.outfits
        self.done = self.total - sum(len(shards[i][1]) for i in todo)
        self.photos = self.refused = self.fresh = 0
        self.start = time.monotonic()
        self.show = show

    def add(self, outfits: int, photos: int, refused: int) -> None:
        self.done += outfits
        self.photos += photos
        self.refused += refused
        self.fresh += photos > 0
        if not self.show:
            return
        seconds = max(time.monotonic() - self.start, 1e-6)
        left = (self.total - self.done) * seconds / max(self.fresh, 1)
        bar = "#" * int(24 * self.done / self.total)
        share = 100 * self.refused / max(1, self.refused + self.fresh)
        self.show(
            f"[{bar:<24}] {self.done}/{self.total} outfits  {self.photos / seconds:.2f} photos/s  "
            f"{share:.1f} % refused  {_clock(left)} left"
        )


def _clock(seconds: float) -> str:
    minutes = int(seconds // 60)
    return f"{minutes // 60}:{minutes % 60:02d} h" if minutes >= 60 else f"{minutes}:{int(seconds % 60):02d} min"


def terminal_line(text: str) -> None:
    """Shows progress on stderr: over itself on a terminal, as lines elsewhere."""
    end = "\r" if sys.stderr.isatty() else "\n"
    print(text, file=sys.stderr, end=end, flush=True)
