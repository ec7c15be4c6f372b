"""Puts a try-on from its small canvas back in the photo, with a list of repairs."""

from collections.abc import Iterable

from vton.schema import InputError

REPAIRS = {
    "hem": "hems of the new garment lie where its warp has them, without notches between the legs",
    "border": "the new garment has its own colours up to its border, and no specks",
    "backdrop": "the background goes on where the old garment was wider",
    "skin": "bare skin has the tone of the photo's, with the light and shade that the network drew",
    "lower": "trousers and skirts go on beneath a shorter top",
    "print": "prints are as sharp as in the garment's larger picture",
}
"""Name -> what the repair achieves, in order; see `vton.compositing.repairs`, and for ``print`` `put_back`."""


def checked_repairs(names: Iterable[str], parts: Iterable[str] = ()) -> frozenset[str]:
    """The names of repairs, or of a system's own parts, each once.

    Raises:
        InputError: a name that is none.
    """
    names, known = frozenset(names), (*parts, *REPAIRS)
    for name in sorted(names):
        if name not in known:
            raise InputError(f"'{name[:40]}' is no repair: choose from {', '.join(known)}.")
    return names


def parse_repairs(text: str, parts: Iterable[str] = ()) -> frozenset[str]:
    """`checked_repairs` of the names in "A, B,C"; none where there is none.

    Raises:
        InputError: a name that is no repair.
    """
    return checked_repairs((name.strip() for name in text.split(",") if name.strip()), parts)
