"""What decides a studio picture: frozen specs that survive JSON, split into geometry (dear) and appearance (cheap)."""

import dataclasses
import typing
from dataclasses import dataclass, field
from typing import Any, Self

from vton.schema import SLOTS, InputError

ABSENT = {"likeness": None, "lens": None, "held": None, "fall": ""}
"""Fields of specs that their JSON leaves out at these values, so that what needs none of them keeps its form."""

Colour = tuple[float, float, float]
"""sRGB, 0..1."""


@dataclass(frozen=True)
class _Spec:
    """JSON form for every spec below."""

    def to_dict(self) -> dict[str, Any]:
        """A JSON-able form, without what is `ABSENT`; ``from_dict`` reads it back to an equal spec."""
        return dataclasses.asdict(self, dict_factory=_present)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Self:
        """The spec of a JSON-able form.

        Raises:
            InputError: a field is unknown or missing.
        """
        known = {f.name: f for f in dataclasses.fields(cls)}
        if unknown := sorted(set(values) - set(known)):
            raise InputError(f"{cls.__name__} has no {', '.join(unknown)}; it has {', '.join(known)}.")
        hints = typing.get_type_hints(cls)
        try:
            return cls(**{name: _revive(hints[name], value) for name, value in values.items()})
        except TypeError as error:
            raise InputError(f"{cls.__name__} is incomplete: {error}") from None


def _present(items: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in items if name not in ABSENT or value != ABSENT[name]}


def _revive(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    arguments = typing.get_args(hint)
    origin = typing.get_origin(hint)
    if isinstance(hint, type) and issubclass(hint, _Spec):
        return hint.from_dict(value)
    if origin is tuple:
        inner = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        return tuple(_revive(h, v) for h, v in zip(inner, value, strict=True))
    if type(None) in arguments:
        return _revive(next(a for a in arguments if a is not type(None)), value)
    return value


@dataclass(frozen=True)
class BodySpec(_Spec):
    """Geometry of a body: anny's phenotypes, 0..1 each, and local changes of the face, -1..1 each.

    gender: "female" or "male"; age: anny's scale, 2/3 is a young adult and 1 is old; smile: 0..1; belly: of a
    pregnant woman, 0..1.
    """

    gender: str
    age: float
    muscle: float
    weight: float
    height: float
    proportions: float
    cup_size: float
    firmness: float
    african: float
    asian: float
    caucasian: float
    face: dict[str, float] = field(default_factory=dict)
    smile: float = 0.0
    belly: float = 0.0


@dataclass(frozen=True)
class SkinSpec(_Spec):
    """Appearance of skin and eyes. tone: 0 lightest .. 9 darkest; makeup, stubble, freckles: 0..1; iris: a name."""

    tone: float
    iris: str
    lip_colour: Colour | None = None
    makeup: float = 0.0
    stubble: float = 0.0
    freckles: float = 0.0
    brow_width: float = 1.0
    seed: int = 0


@dataclass(frozen=True)
class HairSpec(_Spec):
    """Hair: style, side of the parting (-1 right, 1 left), length (1 = as designed) are geometry; colour a name.

    fall: where long hair hangs: "" before the shoulders and behind them, "front" before both, "left" or "right" before
    this one of the person's shoulders and behind the other.
    """

    style: str
    colour: str
    side: int = 1
    length: float = 1.0
    seed: int = 0
    fall: str = ""


@dataclass(frozen=True)
class LikenessSpec(_Spec):
    """What of a person is photographed, by names of assets.

    skin: texture of the body; portraits: whose face is the upper half, and whose the lower; hair: a mesh that stands in
    for the strands of the style, or None. Only the last is geometry.
    """

    skin: str
    portraits: tuple[str, str]
    hair: str | None = None


@dataclass(frozen=True)
class PersonSpec(_Spec):
    """Everything of a person but clothes and pose. likeness: None for persons that are painted."""

    body: BodySpec
    skin: SkinSpec
    hair: HairSpec
    likeness: LikenessSpec | None = None


@dataclass(frozen=True)
class FabricSpec(_Spec):
    """Appearance of an article. weave and pattern: names of the painter; colours: main, second, accent.

    scale: of the pattern, 1 = as designed; graphic: whether a print sits on the chest; fade: washed-out denim, 0..1.
    """

    weave: str
    pattern: str
    colours: tuple[Colour, Colour, Colour]
    scale: float = 1.0
    graphic: bool = False
    fade: float = 0.0
    ripped: bool = False
    seed: int = 0


@dataclass(frozen=True)
class ArticleSpec(_Spec):
    """One article: the slot, the type ("tee", "blazer", "sneaker"), its cut (geometry) and its fabric (appearance).

    cut: parameters of the builder of that type, relative to the body where they can be, metres elsewhere.
    seed: of what the builder draws itself (wrinkles, small details of the geometry).
    """

    slot: str
    type: str
    cut: dict[str, float | int | bool | str]
    fabric: FabricSpec
    seed: int = 0


@dataclass(frozen=True)
class OutfitSpec(_Spec):
    """Up to one article per slot. tights: opacity of black legwear, 0 = none; glasses: a seed of their frame or None.

    Raises:
        InputError: a slot is unknown or taken twice, or a dress comes with a top or a bottom.
    """

    articles: tuple[ArticleSpec, ...]
    tights: float = 0.0
    glasses: int | None = None

    def __post_init__(self) -> None:
        slots = [article.slot for article in self.articles]
        if unknown := set(slots) - set(SLOTS):
            raise InputError(f"No slot {sorted(unknown)}; slots are {', '.join(SLOTS)}.")
        if len(set(slots)) < len(slots):
            raise InputError("An outfit has one article per slot.")
        if "dress" in slots and {"top", "bottom"} & set(slots):
            raise InputError("A dress takes the place of top and bottom.")

    def article(self, slot: str) -> ArticleSpec | None:
        """The article in a slot, or None."""
        return next((a for a in self.articles if a.slot == slot), None)


@dataclass(frozen=True)
class HeldSpec(_Spec):
    """What a hand does instead of what the pose says.

    kind: "phone", "cup", or "camera": it holds the camera itself, out of the picture; side: the person's own hand, "L"
    or "R"; aside, ahead, up: where the thing is, metres from the middle of the chest's front towards the side of that
    hand, to the front and upwards; colours: of its parts (appearance).
    """

    kind: str
    side: str
    aside: float = 0.0
    ahead: float = 0.2
    up: float = 0.0
    colours: tuple[Colour, Colour] = ((0.1, 0.1, 0.1), (0.1, 0.1, 0.1))


@dataclass(frozen=True)
class PoseSpec(_Spec):
    """A pose by name. mirror: left and right swapped; yaw_deg: turn of the whole body (0 front, 180 back).

    held: what a hand holds before the body, or None.
    """

    name: str
    mirror: bool = False
    yaw_deg: float = 0.0
    seed: int = 0
    held: HeldSpec | None = None


@dataclass(frozen=True)
class LensSpec(_Spec):
    """Where the camera of a photo stands that shows a part of a person.

    distance: metres from the person, which decides the perspective; rise, aside: metres above the middle of what is
    shown, and to the right of it; roll_deg: turn of the camera, clockwise; low: where in the framing's range the lower
    edge lies, 0 the highest .. 1 the lowest; headroom: metres above the hair.
    """

    distance: float = 3.0
    rise: float = 0.0
    aside: float = 0.0
    roll_deg: float = 0.0
    low: float = 0.5
    headroom: float = 0.06


@dataclass(frozen=True)
class ViewSpec(_Spec):
    """Camera, light and backdrop of one photo; lengths in metres, light and backdrop in linear RGB.

    framing: "full", "half" or one of `framing.CROPS`; zoom: visible height over the person's; shift_x: of the person,
    metres; eye_height: of the camera; key_direction: towards the light (camera sees along -z), one of the studio's;
    softness_deg: half-angle of the key light; lens: the camera of crops, in place of zoom and eye_height.
    """

    framing: str = "full"
    zoom: float = 1.1
    shift_x: float = 0.0
    eye_height: float = 1.1
    key_direction: Colour = (-0.55, 0.75, 0.95)
    softness_deg: float = 16.0
    key_colour: Colour = (0.60, 0.585, 0.57)
    fill_colour: Colour = (0.26, 0.265, 0.27)
    dome_colour: Colour = (0.46, 0.465, 0.475)
    backdrop: Colour = (0.84, 0.84, 0.85)
    lens: LensSpec | None = None


@dataclass(frozen=True)
class ArticleViewSpec(_Spec):
    """One photo of an article as people take them; lengths in metres, light in linear RGB.

    What lies or hangs does so on the plane z = 0; the camera looks along -z, the picture's up is +y.

    kind: "flat" or "hanger"; arrangement: of `article_photos.sampling.ARRANGEMENTS`; limb_deg: of left and right
    sleeve or leg, away from hanging straight down; elbow_deg: how far the forearms of sleeves turn in; gap: between the
    front edges of an open jacket, 0 closed; wrinkles: 0 ironed .. 2 out of the basket; sag: how far shoulders sink
    beside a hanger; turn_deg: of the article in the plane; tilt_deg, pan_deg: of the camera from the plane's normal,
    downwards and sideways; distance: of the camera; fill, shift: share of the picture that the article takes, and how
    far off the middle it is; key_direction, softness_deg: of the key light; hanger: of `hangers.HANGERS` or "".

    Appearance: backdrop: of `backdrops.BACKDROPS`, in its main colour and its scale; key_colour, fill_colour,
    dome_colour: light; exposure: factor; vignette: 0..1 loss of light in the corners; blur_px: of the lens at 256 rows.
    """

    slot: str
    kind: str
    arrangement: str
    backdrop: str
    backdrop_colour: Colour
    limb_deg: tuple[float, float] = (45.0, 45.0)
    elbow_deg: float = 0.0
    gap: float = 0.0
    wrinkles: float = 1.0
    sag: float = 0.0
    turn_deg: float = 0.0
    tilt_deg: float = 0.0
    pan_deg: float = 0.0
    distance: float = 1.8
    fill: float = 0.85
    shift: tuple[float, float] = (0.0, 0.0)
    key_direction: Colour = (-0.55, 0.75, 0.95)
    softness_deg: float = 16.0
    hanger: str = ""
    key_colour: Colour = (0.60, 0.585, 0.57)
    fill_colour: Colour = (0.26, 0.265, 0.27)
    dome_colour: Colour = (0.46, 0.465, 0.475)
    exposure: float = 1.0
    vignette: float = 0.0
    blur_px: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class LookSpec(_Spec):
    """One entry of a shard: a person in an outfit, and one pose and one view per photo. Enough to re-make it.

    article_views: the photos of the articles beside their packshots, at most one per slot and kind.

    Raises:
        InputError: poses and views differ in number.
    """

    person: PersonSpec
    outfit: OutfitSpec
    poses: tuple[PoseSpec, ...]
    views: tuple[ViewSpec, ...]
    article_views: tuple[ArticleViewSpec, ...] = ()

    def __post_init__(self) -> None:
        if not self.poses or len(self.poses) != len(self.views):
            raise InputError("A look needs one pose and one view per photo.")
