"""How far a rendering is, in one line."""

import sys
import time
from collections.abc import Callable

from vton.studio.dataset.settings import Settings


class Progress:
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
