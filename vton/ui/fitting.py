"""The fitting room behind the page: the try-on systems, one call at a time, and which of them are here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from vton.conditioning.pose.presets import preset_poses
from vton.hub.first_use import FIRST_USE
from vton.schema import TRY_ONS, TRYON_SLOTS, InputError, System, Task
from vton.systems import find_system, get_pipeline, has_weights, systems
from vton.ui.server.turns import Turns
from vton.ui.server.visitor import Visitor
from vton.ui.texts import say
from vton.ui.texts.messages import translated

if TYPE_CHECKING:
    import numpy as np

    from vton.systems.comparison import Compared
    from vton.tryon.moment import Moment
    from vton.tryon.pipeline import TryOnResult

T = TypeVar("T")
Given = str | Mapping[str, Any] | None
AUTO = "auto"
TRY_ON = "try-on"
SEARCH = "search"
STEPS_AT_ONCE = 5  # of a search, in one turn


class FittingRoom:
    """Runs try-on systems for tabs and endpoints; loads their networks, and those that read photos, at first use.

    Args:
        turns: whose turn it is to run a network; the generator's, so that they do not get into each other's way.
    """

    def __init__(self, turns: Turns) -> None:
        self.turns = turns

    @staticmethod
    def names() -> list[str]:
        """The systems to offer: those whose weights are here; where there are none, all."""
        return FittingRoom.names_here() or list(systems(*TRY_ONS))

    @staticmethod
    def names_here() -> list[str]:
        """Those whose weights are here."""
        return [name for name in systems(*TRY_ONS) if has_weights(name)]

    @staticmethod
    def notice() -> str:
        """Which systems cannot run here, in plain words; empty when all can."""
        known = systems(*TRY_ONS)
        missing = [system.title for name, system in known.items() if not has_weights(name)]
        if len(missing) == len(known):
            return say("tryon.none-here")
        return say("tryon.not-here", systems=say("page.comma").join(missing)) if missing else ""

    @staticmethod
    def record(system: str) -> System:
        """What is known of a system: title, paper, licence."""
        return find_system(system, *TRY_ONS)

    @classmethod
    def searches(cls, system: str) -> bool:
        """Whether a system searches for its picture, step by step; such a one takes a garment that somebody wears."""
        return cls.record(system).task is Task.WORN_TRY_ON

    @classmethod
    def takes_outfits(cls, system: str) -> bool:
        """Whether a system puts on several articles at once."""
        return cls.record(system).task is Task.OUTFIT_TRY_ON

    @classmethod
    def of_worn(cls) -> list[str]:
        """Titles of the systems here that take the garment from a photo of somebody wearing it."""
        return [cls.record(name).title for name in cls.names_here() if cls.searches(name)]

    def try_on(
        self, person: str | None, garment: Given, slot: str | None, system: str, background: str = "keep"
    ) -> TryOnResult:
        """Tries on by one system.

        Args:
            person, garment: paths of the photos; of an outfit, slot -> path or article.
            slot: one of ``TRYON_SLOTS``, or "auto"; an outfit says its slots itself.

        Raises:
            InputError: a photo is missing or cannot be used, the system is unknown or has no weights here, or there are
                too many visitors.
            Gone: nobody waits for it any more.
        """
        self._check(person, garment, system)
        with self.turns.turn(TRY_ON):
            watch = partial(self._pass_on, Visitor.current())
            options = {"watch": watch} if self.searches(system) else {}
            return get_pipeline(system)(person, garment, slot=slot_of(slot), background=background, **options)

    def watch(
        self, person: str | None, garment: str | None, slot: str | None, system: str, background: str = "keep"
    ) -> Iterator[tuple[Moment | None, TryOnResult | None]]:
        """`try_on` of a system that searches: where it is, now and then, and at last the result instead.

        Each part of the search has a turn of its own. Closing the iterator ends the search.
        """
        self._check(person, garment, system)
        visitor, search = Visitor.current(), None
        while True:
            with self.turns.turn(SEARCH, visitor=visitor):
                if search is None:
                    search = get_pipeline(system).search(person, garment, slot_of(slot), background)
                try:
                    for _ in range(STEPS_AT_ONCE):
                        moment = next(search)
                except StopIteration as end:
                    found = end.value
                    break
            yield moment, None
        yield None, found

    def in_poses(self, person: str | None, poses: list[str]) -> np.ndarray:
        """The person of a photo drawn in presets of poses, by the first system here that can: [H, W, 3], uint8.

        Raises:
            InputError: no photo or pose, one that cannot be used, no such system here, or too many visitors.
            Gone: nobody waits for it any more.
        """
        if not person:
            raise InputError("No person yet: add a photo of somebody.")
        system = next(filter(self.searches, self.names_here()), None)
        if system is None:
            raise InputError("No system here draws people in other poses: its weights are missing.")
        known = preset_poses()
        if not poses or not set(poses) <= set(known):
            raise InputError("No such pose: choose one or several of the list.")
        with self.turns.turn(TRY_ON):
            pipeline = get_pipeline(system)
            latent = pipeline.latent_of(person, partial(self._pass_on, Visitor.current()))
            return pipeline.grid([latent], [known[pose] for pose in poses])

    def _pass_on(self, visitor: Visitor, moment: Moment) -> None:
        """Now and then tells the visitor where a search is, and lets others have a turn."""
        if moment.done % STEPS_AT_ONCE == 0:
            visitor.tell(translated(moment.text()), moment.done, moment.of, say("result.steps"))
            self.turns.pass_on()

    def _check(self, person: str | None, garment: Given, system: str) -> None:
        """Raises InputError for what `try_on` refuses before it looks at the photos."""
        check_photos(person, garment)
        title = self.record(system).title
        if not has_weights(system):
            others = [self.record(name).title for name in self.names_here()]
            instead = f"choose {' or '.join(others)}" if others else "train them first, see the project's page"
            raise InputError(f"The weights of {title} are not here: {instead}.")

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
            photos = read_both(person, garment, systems, slot_of(slot))
        made = compare(*photos, systems, background, partial(self._pass_on, visitor))
        for left in range(len(systems), 0, -1):
            with self.turns.turn(TRY_ON, left, visitor):  # others have theirs between two systems
                kept = keep(next(made))
            yield systems[-left], kept


def check_photos(person: str | None, garment: T | None) -> tuple[str, T]:
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
