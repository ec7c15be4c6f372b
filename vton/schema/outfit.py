"""Six fixed slots of articles, as in Yildirim et al. 2019; a dress replaces top and bottom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from vton.schema.article import Article
from vton.schema.errors import InputError
from vton.schema.slots import SLOT_TABLE, SLOTS, Slot, worn_instead


def check_slots(slots: Iterable[str]) -> None:
    """Checks that articles in these slots can be worn together.

    Raises:
        InputError: unknown slot, or a dress together with a top or bottom.
    """
    slots = set(slots)
    for slot in slots - set(SLOTS):
        raise InputError(f"Unknown slot {str(slot)[:40]!r}: use one of {', '.join(SLOTS)}.")
    for slot in (SLOT_TABLE[name] for name in SLOTS if name in slots):
        others = [name for name in slot.replaces if name in slots]
        if others:
            raise InputError(
                f"{_replacement(slot).capitalize()}: remove either the {slot.name} or the {' and the '.join(others)}."
            )


def _replacement(slot: Slot) -> str:
    return f"{slot.called} replaces {' and '.join(slot.replaces)}"


@dataclass(frozen=True)
class Outfit:
    """What the model wears.

    Attributes:
        articles: one article or None per slot, in the order of ``SLOTS``.

    Raises:
        InputError: a dress together with a top or bottom.
        ValueError: not six slots, or an article in another slot's place.
    """

    articles: tuple[Article | None, ...]

    def __post_init__(self) -> None:
        articles = tuple(self.articles)
        if len(articles) != len(SLOTS):
            raise ValueError(f"an outfit has {len(SLOTS)} slots, got {len(articles)}")
        for slot, article in zip(SLOTS, articles, strict=True):
            if article is not None and article.slot != slot:
                raise ValueError(f"article of slot {article.slot!r} stands in slot {slot!r}")
        object.__setattr__(self, "articles", articles)
        check_slots(slot for slot, article in self.items())

    @classmethod
    def of(cls, *articles: Article, **by_slot: Article | None) -> Outfit:
        """Builds an outfit from articles, given alone (each knows its slot) or as ``top=...``."""
        places = dict.fromkeys(SLOTS)
        for article in articles:
            if places[article.slot] is not None:
                raise InputError(f"Two articles for {article.slot}: give one.")
            places[article.slot] = article
        for slot, article in by_slot.items():
            if slot not in places:
                check_slots([slot])
            places[slot] = article
        return cls(tuple(places[slot] for slot in SLOTS))

    @classmethod
    def empty(cls) -> Outfit:
        """Returns the outfit with nothing in any slot."""
        return cls((None,) * len(SLOTS))

    def __iter__(self) -> Iterator[Article | None]:
        return iter(self.articles)

    def __len__(self) -> int:
        return sum(article is not None for article in self.articles)

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, slot: str) -> Article | None:
        return self.articles[SLOTS.index(slot)]

    def items(self) -> Iterator[tuple[str, Article]]:
        """Yields slot and article of the slots that are filled."""
        return ((slot, a) for slot, a in zip(SLOTS, self.articles, strict=True) if a is not None)

    @property
    def presence(self) -> np.ndarray:
        """Which slots are filled: [6], uint8, 0 or 1."""
        return np.array([article is not None for article in self.articles], np.uint8)

    def wearing(self, article: Article) -> Outfit:
        """Returns the outfit with the article in its slot; a dress takes the place of top and bottom, and either of
        these the place of a dress."""
        gone = worn_instead(article.slot)
        return Outfit.of(**{slot: a for slot, a in self.items() if slot not in gone} | {article.slot: article})

    def require_any(self) -> Outfit:
        """Returns the outfit itself.

        Raises:
            InputError: no slot is filled.
        """
        if not len(self):
            raise InputError(f"No article yet: add a picture for at least one of {', '.join(SLOTS)}.")
        return self

    def describe(self) -> str:
        """Returns the line shown under the slots, e.g. "3 of 6 articles; a dress replaces top and bottom"."""
        worn = [SLOT_TABLE[name] for name, _ in self.items()]
        told = [_replacement(slot) for slot in worn if slot.replaces]
        return "; ".join([f"{len(self)} of {len(SLOTS)} articles", *told])
