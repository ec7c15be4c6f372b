"""The fitting room behind the page: the try-on systems, one call at a time, and which of them are here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

from vton.hub.first_use import FIRST_USE
from vton.schema import TRYON_SLOTS, InputError, System, Task
from vton.systems import find_system, get_pipeline, has_weights, leading, systems
from vton.ui.turns import Turns
from vton.ui.visitor import Visitor

if TYPE_CHECKING:
    from vton.systems.comparison import Compared
    from vton.tryon.pipeline import TryOnResult

T = TypeVar("T")
AUTO = "auto"
TRY_ON = "try-on"


class FittingRoom:
    """Runs try-on systems for tabs and endpoints; loads their networks, and those that read photos, at first use.

    Args:
        turns: whose turn it is to run a network; the generator's, so that they do not get into each other's way.
    """

    def __init__(self, turns: Turns) -> None:
        self.turns = turns

    @staticmethod
    def names() -> list[str]:
        """The systems, those whose weights are here first."""
        return sorted(systems(Task.TRY_ON), key=lambda name: not has_weights(name))

    @staticmethod
    def names_here() -> list[str]:
        """Those whose weights are here."""
        return [name for name in systems(Task.TRY_ON) if has_weights(name)]

    @classmethod
    def favourite(cls) -> str:
        """The system to offer first."""
        first = leading(Task.TRY_ON).name
        return first if has_weights(first) else cls.names()[0]

    @staticmethod
    def notice() -> str:
        """Which systems cannot run here, in plain words; empty when all can."""
        known = systems(Task.TRY_ON)
        missing = [system.title for name, system in known.items() if not has_weights(name)]
        if len(missing) == len(known):
            return "The weights of the try-on systems are not in this copy yet: photos can be added, not tried on."
        return f"Not here yet: the weights of {', '.join(missing)}." if missing else ""

    @staticmethod
    def record(system: str) -> System:
        """What is known of a system: title, paper, licence."""
        return find_system(system, Task.TRY_ON)

    def try_on(
        self, person: str | None, garment: str | None, slot: str | None, system: str, background: str = "keep"
    ) -> TryOnResult:
        """Tries on by one system.

        Args:
            person, garment: paths of the photos.
            slot: one of ``TRYON_SLOTS``, or "auto".

        Raises:
            InputError: a photo is missing or cannot be used, the system is unknown or has no weights here, or there are
                too many visitors.
            Gone: nobody waits for it any more.
        """
        person, garment = check_photos(person, garment)
        title = self.record(system).title
        if not has_weights(system):
            others = [self.record(name).title for name in self.names_here()]
            instead = f"choose {' or '.join(others)}" if others else "train them first, see the project's page"
            raise InputError(f"The weights of {title} are not here: {instead}.")
        with self.turns.turn(TRY_ON):
            return get_pipeline(system)(person, garment, slot=slot_of(slot), background=background)

    def compare(
        self,
        person: str | None,
        garment: str | None,
        slot: str | None,
        systems: list[str],
        background: str,
        keep: Callable[[Compared], T],
    ) -> Iterator[tuple[str, T]]:
        """Tries on by several systems, each in a turn of its own; raises like `try_on` before the first.

        Args:
            keep: takes what is wanted of a result while it still is the system's turn: nobody holds a large picture
                while others have theirs.

        Yields:
            A system's name and what ``keep`` returned; a system without weights gives ``keep`` the reason.
        """
        person, garment = check_photos(person, garment)
        with FIRST_USE:
            from vton.systems.comparison import compare, read_both

        visitor = Visitor.current()
        with self.turns.turn(TRY_ON, 1 + len(systems), visitor):
            photos = read_both(person, garment, slot_of(slot))
        made = compare(*photos, systems, background)
        for left in range(len(systems), 0, -1):
            with self.turns.turn(TRY_ON, left, visitor):  # others have theirs between two systems
                kept = keep(next(made))
            yield systems[-left], kept


def check_photos(person: str | None, garment: str | None) -> tuple[str, str]:
    """Both; InputError when one of them is missing."""
    if not person:
        raise InputError("No person yet: add a photo of somebody.")
    if not garment:
        raise InputError("No garment yet: add a photo of one piece of clothing.")
    return person, garment


def slot_of(slot: str | None) -> str | None:
    """What the pipelines take: None for "auto".

    Raises:
        InputError: another word.
    """
    if slot in (None, "", AUTO):
        return None
    if slot not in TRYON_SLOTS:
        raise InputError(f"Unknown slot '{str(slot)[:40]}': use auto, {', '.join(TRYON_SLOTS)}.")
    return slot
