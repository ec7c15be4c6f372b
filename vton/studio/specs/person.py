"""What decides a person: geometry (dear) of body and hair, appearance (cheap) of skin, eyes and colours."""

from dataclasses import dataclass, field

from vton.studio.specs.form import Colour, Spec


@dataclass(frozen=True)
class BodySpec(Spec):
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
class SkinSpec(Spec):
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
class HairSpec(Spec):
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
class LikenessSpec(Spec):
    """What of a person is photographed, by names of assets.

    skin: texture of the body; portraits: whose face is the upper half, and whose the lower; hair: a mesh that stands in
    for the strands of the style, or None. Only the last is geometry.
    """

    skin: str
    portraits: tuple[str, str]
    hair: str | None = None


@dataclass(frozen=True)
class PersonSpec(Spec):
    """Everything of a person but clothes and pose. likeness: None for persons that are painted."""

    body: BodySpec
    skin: SkinSpec
    hair: HairSpec
    likeness: LikenessSpec | None = None
