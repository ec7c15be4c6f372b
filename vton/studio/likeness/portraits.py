"""The portraits: their pictures and facts, and which of them may be used."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

HEADWEAR = """female09 female12 female14 female16 female21 female24 female30 female39 female41 female43 female46
female73 female79 female82 female94 male11 male15 male23 male29""".split()
GLASSES = ["female69", "male95"]
HARD_LIGHT = "female13 female34 female35 female50 male16 male24 male50 male65 male66 male68 male77 male82".split()
FRINGE = ["male05", "male63", "male71"]
HANDS_AND_PAINT = ["female54", "female64", "female92"]
DARK = """female00 female05 female07 female10 female13 female20 female26 female32 female34 female35 female42 female44
female55 female57 female60 female61 female62 female63 female67 female80 female81 female83 female95 female97 male00
male07 male18 male19 male20 male21 male25 male27 male30 male31 male33 male36 male49 male53 male58 male61 male66 male67
male76 male79 male81 male82 male84 male87 male88 male91 male92 male97 male98""".split()
MEDIUM = """female06 female18 female23 female40 female47 female53 female72 female75 female92 female99 male03 male05
male10 male22 male26 male34 male37 male40 male43 male45 male51 male52 male55 male59 male64 male72 male73 male75 male80
male83 male85 male86 male89 male94 male99""".split()
"""Of what tone a face is, as the eye judges it; all others are light. The lamp decides how light a cheek is too."""

LIGHTNESS = {"dark": (0, 50), "medium": (50, 68), "light": (68, 100)}
"""Within which the CIE L of a cheek is believed, by tone."""

OPEN_MOUTH = """female00 female07 female11 female14 female16 female22 female23 female24 female26 female27 female29
female32 female33 female37 female38 female40 female42 female45 female48 female52 female57 female59 female60 female63
female69 female71 female73 female74 female76 female78 female81 female82 female87 female88 female89 female91 female95
female96 female97 female99 male01 male06 male14 male22 male24 male25 male26 male34 male39 male44 male55 male69
male76 male79 male86 male96 male98 male99""".split()
"""Teeth would be painted on the lips of the studio's closed mouths."""

POOR_POINTS = "female15 female28 female31 female65 female66 male47 male69".split()
"""Another run of the detector put the lips elsewhere."""

LARGEST_YAW = 0.3


@dataclass(frozen=True)
class Portrait:
    """What is known of a portrait.

    sex; years; lightness: CIE L of the skin; points: [468, 2] pixels; yaw: about the share of the face's half width by
    which the nose is turned aside.
    """

    name: str
    sex: str
    years: float
    lightness: float
    points: np.ndarray
    yaw: float


class Portraits:
    """The usable portraits of a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        facts = json.loads((folder / "portraits.json").read_text())
        self.all = {name: _portrait(name, entry) for name, entry in sorted(facts.items())}

    @functools.cached_property
    def usable(self) -> tuple[Portrait, ...]:
        """Those seen from the front with a closed mouth and nothing before their faces."""
        refused = {*HEADWEAR, *GLASSES, *HARD_LIGHT, *FRINGE, *HANDS_AND_PAINT, *OPEN_MOUTH, *POOR_POINTS}
        return tuple(p for p in self.all.values() if p.name not in refused and abs(p.yaw) < LARGEST_YAW)

    def points(self, name: str) -> np.ndarray:
        """The 468 face points of a portrait, [468, 2] pixels."""
        return self.all[name].points

    @functools.lru_cache(maxsize=64)  # noqa: B019 (one per process)
    def image_u8(self, name: str) -> np.ndarray:
        """RGB [512, 512, 3]."""
        return np.asarray(cv2.imread(str(self.folder / f"{name}.webp"), cv2.IMREAD_COLOR), np.uint8)[..., ::-1]


def _portrait(name: str, entry: dict) -> Portrait:
    points = np.asarray(entry["mesh468"], np.float64)[:, :2]
    tone = "dark" if name in DARK else "medium" if name in MEDIUM else "light"
    lightness = float(np.clip(entry["cheek_lab"][0], *LIGHTNESS[tone]))
    return Portrait(name, entry["sex"], float(entry["age"]), lightness, points, float(entry["yaw"]))
