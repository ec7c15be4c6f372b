"""How far a rendering is, in one line."""

import time
from collections.abc import Callable

from vton.console import clock
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
            f"{share:.1f} % refused  {clock(left)} left"
        )
