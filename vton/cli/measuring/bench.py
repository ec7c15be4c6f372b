"""`python -m vton bench`: seconds per image, photo read and try-on, the app's start and its memory, measured here."""

import argparse
import contextlib
import os
import platform
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import numpy as np

from vton.conditioning.canvas import resize_u8
from vton.schema import ARTICLE_HW, TRY_ONS, Article, InputError, Outfit, Task
from vton.soak.server import free_port
from vton.systems import find_system, get_pipeline, has_weights, leading, named_config, systems

QUIET = subprocess.DEVNULL
APP = Path(__file__).resolve().parents[3] / "app.py"
GARMENT = APP.parent / "vton" / "ui" / "examples" / "2-striped-shirt" / "top.webp"


def add_parser(subparsers) -> argparse.ArgumentParser:
    """Add the verb's options."""
    parser = subparsers.add_parser("bench", help="measure seconds per image, the app's start and its memory")
    usual = leading(Task.GENERATION).name
    parser.add_argument("--system", choices=systems(Task.GENERATION), default=usual, help=f"default {usual}")
    parser.add_argument("--checkpoint", metavar="C", help="bundled name, folder or Hub id")
    parser.add_argument("--repeats", type=int, default=5, metavar="N", help="the median of N runs is printed")
    parser.add_argument("--no-app", action="store_true", help="leave out the start of app.py")
    parser.add_argument("--training", action="store_true",
                        help="measure a training step instead, against the settings before, on random data")
    parser.add_argument("--config", metavar="NAME", help="with --training: as of `train`")
    return parser


def run(args: argparse.Namespace) -> int:
    """Print one figure per line."""
    import torch

    threads = torch.get_num_threads()
    if args.training:
        return _time_training(args, threads)
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, torch {torch.__version__}, {threads} threads"
    )
    start = time.perf_counter()
    pipeline = get_pipeline(args.system, args.checkpoint)
    print(f"load: {time.perf_counter() - start:.2f} s on {pipeline.device}")
    outfit = _plain_outfit() if find_system(args.system).slots else None
    size = "x".join(str(side * pipeline.scale) for side in pipeline.size_hw)
    print(f"warm-up: {_median(lambda: pipeline(outfit), 1):.3f} s")
    for count in (1, 4):
        seconds = _median(lambda count=count: pipeline(outfit, count=count), args.repeats)
        print(f"{count} x {size}: {seconds:.3f} s, {seconds / count:.3f} s/image")
    photo_u8 = resize_u8(pipeline(outfit)[0].image_u8, tuple(3 * side for side in pipeline.size_hw))
    _time_estimators(photo_u8, args.repeats)
    _time_try_on(photo_u8, args.repeats)
    print(f"memory of this process: {_peak_mb(os.getpid())} MB")
    if not args.no_app:
        seconds, memory = _start_app()
        print(f"app ready: {seconds:.1f} s after `python app.py`; {memory} MB of memory when warmed up")
    return 0


def _time_training(args: argparse.Namespace, threads: int) -> int:
    from vton.generation.training.step_benchmark import measure

    system = find_system(args.system)
    config = named_config(system, args.config)
    print(f"training step of {args.system}, batch {config.batch_size}, random data and weights")
    for line in measure(system.load("recipe")(config), max(1, args.repeats), threads).lines():
        print(line)
    return 0


def _median(work: Callable[[], object], repeats: int) -> float:
    seconds = []
    for _ in range(max(1, repeats)):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def _time_estimators(photo_u8: np.ndarray, repeats: int) -> None:
    """The bundled estimators on a drawn model, enlarged to the size of a photo."""
    from vton.readers import get_garment_segmenter, get_parser, get_pose_estimator

    size = "x".join(map(str, photo_u8.shape[:2]))
    for name, read in (
        ("pose", get_pose_estimator("bundled").estimate),
        ("parse", get_parser("bundled").parse),
        ("cutout", get_garment_segmenter("bundled").segment),
    ):
        try:
            read(photo_u8)
            print(f"{name}, photo of {size}: {_median(lambda read=read: read(photo_u8), repeats):.3f} s")
        except InputError as error:
            print(f"{name}: not measured, {error}")


def _time_try_on(photo_u8: np.ndarray, repeats: int) -> None:
    """Every try-on system with weights here, from two photos to the finished one."""
    alone = GARMENT.read_bytes()
    for system, record in systems(*TRY_ONS).items():
        if not has_weights(system):
            continue
        pipeline, garment = get_pipeline(system), photo_u8 if record.task is Task.WORN_TRY_ON else alone
        try:
            pipeline(photo_u8, garment, "top")
            seconds = _median(lambda run=pipeline, garment=garment: run(photo_u8, garment, "top"), repeats)
            print(f"{system}, photo of {'x'.join(map(str, photo_u8.shape[:2]))}: {seconds:.2f} s from two photos")
        except InputError as error:
            print(f"{system}: not measured, {error}")


def _plain_outfit() -> Outfit:
    mask = np.full(ARTICLE_HW, 255, np.uint8)
    image = np.full((*ARTICLE_HW, 3), (30, 60, 120), np.uint8)
    return Outfit.of(Article("top", image, mask), Article("bottom", image[..., ::-1], mask))


def _start_app(limit: float = 120) -> tuple[float, int]:
    """Start ``app.py`` on a free port; seconds until it serves, and its peak MB when that has settled."""
    port = free_port()
    environment = {**os.environ, "GRADIO_SERVER_PORT": str(port), "GRADIO_SERVER_NAME": "127.0.0.1"}
    start = time.perf_counter()
    app = subprocess.Popen([sys.executable, APP.name], cwd=APP.parent, env=environment, stdout=QUIET, stderr=QUIET)
    try:
        while time.perf_counter() - start < limit and app.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                ready = time.perf_counter() - start
                peaks = [_peak_mb(app.pid)]
                # The model is loaded after the page is up: wait until memory has not grown for 5 s.
                while len(peaks) < 20 or (len(peaks) < 240 and peaks[-20] != peaks[-1]):
                    time.sleep(0.25)
                    peaks.append(_peak_mb(app.pid))
                return ready, peaks[-1]
            time.sleep(0.05)
        raise InputError("The app did not start: run `python app.py` to see why.")
    finally:
        app.terminate()
        app.wait(20)


def _peak_mb(pid: int) -> int:
    """Peak resident memory; 0 where the system does not tell (it does on Linux)."""
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM")), 0)
