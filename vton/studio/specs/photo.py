"""What decides a photo: pose and view of a person, or how an article is laid out and photographed."""

from dataclasses import dataclass

from vton.studio.specs.form import Colour, Spec


@dataclass(frozen=True)
class HeldSpec(Spec):
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
class PoseSpec(Spec):
    """A pose by name. mirror: left and right swapped; yaw_deg: turn of the whole body (0 front, 180 back).

    held: what a hand holds before the body, or None.
    """

    name: str
    mirror: bool = False
    yaw_deg: float = 0.0
    seed: int = 0
    held: HeldSpec | None = None


@dataclass(frozen=True)
class LensSpec(Spec):
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
class SceneSpec(Spec):
    """Where a photo is taken, if not before light paper; by which light from all around, and through which lens.

    place: of `stages.PLACES`, and seed of what is there; environment: of `environments.ENVIRONMENTS`; rim: light from
    behind, 0..1; blur: diameter to which the lens draws a far point of light, as a share of the picture's height;
    soft_px: blur of the whole picture, at 256 rows.
    """

    place: str = "paper"
    seed: int = 0
    environment: str = "even"
    rim: float = 0.0
    blur: float = 0.0
    soft_px: float = 0.0


@dataclass(frozen=True)
class ViewSpec(Spec):
    """Camera, light and backdrop of one photo; lengths in metres, light and backdrop in linear RGB.

    framing: "full", "half" or one of `framing.CROPS`; zoom: visible height over the person's; shift_x: of the person,
    metres; eye_height: of the camera; key_direction: towards the light (camera sees along -z); softness_deg:
    half-angle of the key light; lens: the camera of crops, in place of zoom and eye_height; scene: place and light of
    photos that are not taken before light paper, of which place, seed, blur and soft_px are appearance.
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
    scene: SceneSpec | None = None


@dataclass(frozen=True)
class ArticleViewSpec(Spec):
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
