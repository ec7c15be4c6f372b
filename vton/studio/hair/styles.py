"""Tables of hair: what each style is grown by, and the colours by name."""

from dataclasses import dataclass

HAIR_COLOURS: dict[str, tuple[float, float, float]] = {
    "black": (0.086, 0.075, 0.071),
    "softblack": (0.141, 0.118, 0.110),
    "darkbrown": (0.220, 0.157, 0.125),
    "brown": (0.329, 0.227, 0.165),
    "chestnut": (0.408, 0.259, 0.180),
    "lightbrown": (0.518, 0.376, 0.259),
    "darkblond": (0.627, 0.486, 0.329),
    "blond": (0.784, 0.651, 0.455),
    "lightblond": (0.878, 0.776, 0.596),
    "platinum": (0.910, 0.863, 0.769),
    "auburn": (0.439, 0.204, 0.141),
    "red": (0.612, 0.306, 0.165),
    "grey": (0.573, 0.565, 0.557),
    "silver": (0.769, 0.769, 0.769),
}
"""sRGB."""


@dataclass(frozen=True)
class Style:
    """How hair grows. Lengths in metres unless said; places on the head in the template's decimetres.

    Attributes:
        form: "short" (combed over the scalp), "long" (falls), "tied" (drawn to a knot) or "coiled" (stands off).
        length: of the longest strands.
        end: height in decimetres at which the tips of long hair hang (the chin is about 6.4, the shoulders 5.7).
        part: decimetres of the parting from the middle; None for none.
        volume: how far hair stands off the scalp.
        curl, curl_turn: radius of the curls, and their radians per metre.
        fade: share of the length left at the sides of short hair.
        lift: how steeply short hair leaves the scalp; forward, up: where it is combed (up in front only).
        disorder: of the combing.
        sweep: how far long hair is combed backwards from the face; a direction's weight.
        fringe: hair over the forehead.
        inward: tips that bend to the neck.
        fall: where long hair hangs, as in `person.HairSpec`.
        tie: where tied hair is gathered.
        tail: "pony" or "bun"; knot: radius of a bun.
        scalp: how much of the skin's colour the hair hides at its roots, 0..1, for the painter of the scalp.
    """

    form: str
    length: float
    end: float = 0.0
    part: float | None = None
    volume: float = 0.012
    curl: float = 0.0
    curl_turn: float = 0.0
    fade: float = 1.0
    lift: float = 0.5
    disorder: float = 0.0
    forward: float = 0.0
    up: float = 0.0
    sweep: float = 0.22
    fringe: bool = False
    inward: bool = False
    tie: tuple[float, float, float] = (0.0, 7.0, -0.85)
    tail: str = ""
    knot: float = 0.042
    scalp: float = 0.92
    fall: str = ""


STYLES: dict[str, Style] = {
    "buzz": Style("short", 0.012, volume=0.006, fade=0.6, lift=0.9, disorder=0.3, scalp=0.55),
    "crop": Style("short", 0.035, volume=0.014, fade=0.35, forward=0.7, disorder=0.3, scalp=0.85),
    "quiff": Style("short", 0.060, volume=0.026, fade=0.25, lift=0.9, forward=-0.9, up=0.8, disorder=0.16),
    "side": Style("short", 0.070, volume=0.016, fade=0.35, part=0.35, forward=-0.15, disorder=0.12),
    "messy": Style(
        "short", 0.070, volume=0.028, fade=0.4, forward=0.35, part=0.2, disorder=0.55, curl=0.004, curl_turn=80
    ),
    "pixie": Style("short", 0.085, volume=0.014, fade=0.7, forward=0.55, part=0.3, disorder=0.18),
    "bob": Style("long", 0.26, end=6.3, part=0.25, volume=0.014, inward=True),
    "lob": Style("long", 0.36, end=5.75, part=0.0, volume=0.014, sweep=0.4),
    "long": Style("long", 0.52, end=4.5, part=0.1, volume=0.014),
    "longwave": Style("long", 0.50, end=4.7, part=0.3, volume=0.020, curl=0.010, curl_turn=28),
    "curly": Style("long", 0.36, end=5.6, part=0.2, volume=0.030, curl=0.014, curl_turn=52),
    "bangs": Style("long", 0.42, end=5.0, part=0.0, volume=0.014, sweep=0.04, fringe=True),
    "bobbangs": Style("long", 0.25, end=6.25, part=0.0, volume=0.016, sweep=0.04, fringe=True, inward=True),
    "ponytail": Style("tied", 0.42, tie=(0, 7.9, -0.95), tail="pony"),
    "lowpony": Style("tied", 0.40, tie=(0, 7.0, -0.85), tail="pony", part=0.2),
    "bun": Style("tied", 0.20, tie=(0, 8.35, -0.35), tail="bun"),
    "lowbun": Style("tied", 0.20, tie=(0, 7.05, -0.9), tail="bun", part=0.15),
    "afro": Style("coiled", 0.080, curl=0.010, curl_turn=120),
    "afro_big": Style("coiled", 0.120, curl=0.012, curl_turn=100),
    "twa": Style("coiled", 0.026, curl=0.005, curl_turn=180, scalp=0.85),
}
