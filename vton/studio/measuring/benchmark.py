"""What the studio costs: start-up, memory, photos per second of one worker, and where the time goes."""

import resource
import time
from collections.abc import Callable
from typing import Any

import cv2

from vton.studio.dataset.members import members_of
from vton.studio.dataset.render import render_outfit
from vton.studio.dataset.settings import Settings
from vton.studio.photos.photographer import Photographer


def bench(settings: Settings, show: Callable[[str], None], assets: str | None = None) -> dict[str, Any]:
    """Renders and encodes outfits in this process, one core, and measures.

    The first outfit compiles what is not in numba's cache yet, so it is left out of the figures.

    Args:
        settings: of the outfits to render.
        show: takes a line after every outfit.
        assets: folder of the photographs that persons are made of.

    Returns:
        Seconds and rates; ``split`` are CPU seconds per outfit.
    """
    cv2.setNumThreads(1)
    start = time.perf_counter()
    photographer = Photographer(assets)
    started = time.perf_counter() - start
    render_outfit(photographer, settings, settings.outfits)
    photographer.seconds.clear()
    photos = packshots = refused = 0
    wall, cpu = time.perf_counter(), time.process_time()
    for index in range(settings.outfits):
        looks, reasons = render_outfit(photographer, settings, index)
        encoding = time.process_time()
        for number, look in enumerate(looks):
            members_of(look, settings.seed, index, number, reasons)
            photos, packshots = photos + len(look.photos), packshots + len(look.packshots)
        photographer.seconds["encode"] += time.process_time() - encoding
        refused += len(reasons)
        show(f"outfit {index}: {photos} photos, {time.process_time() - cpu:.1f} CPU s, refused {reasons or 'nothing'}")
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    slowest_first = sorted(photographer.seconds.items(), key=lambda step: -step[1])
    return {
        "start_s": round(started, 2),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "outfits": settings.outfits,
        "photos": photos,
        "packshots": packshots,
        "refused": refused,
        "photos_per_s_wall": round(photos / wall, 2),
        "photos_per_cpu_s": round(photos / cpu, 2),
        "cpu_s_per_outfit": round(cpu / settings.outfits, 2),
        "split": {step: round(s / settings.outfits, 3) for step, s in slowest_first},
    }
