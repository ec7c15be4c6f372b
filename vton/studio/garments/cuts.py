"""How garments are cut: for each type and gender a cut drawn at random, and never a colour.

Lengths are metres, or relative to the body where `building.py` says so (``hem``, ``hem_leg``, ``sleeve``, ``rise``).
"""

import numpy as np

from vton.studio.garments.wardrobe import KINDS
from vton.studio.specs.choices import between, chance, choose

CutValues = dict[str, float | int | bool | str]


def draw_cut(rng: np.random.Generator, type_: str, gender: str) -> CutValues:
    """The cut of an article of a type for a gender ("female", "male")."""
    kind = KINDS[type_].kind
    draw = {"top": _top, "outer": _outer, "pants": _pants, "skirt": _skirt, "dress": _dress}[kind]
    return draw(rng, type_, gender == "male")


def _top(rng: np.random.Generator, type_: str, man: bool) -> CutValues:
    fit = choose(rng, {0.35: 1.5, 1.0: 5, 1.6: 2} if man else {0.3: 2.5, 0.9: 4, 1.6: 1.6})
    cut: CutValues = {
        "ease": 0.005,
        "chest_ease": round(0.002 + 0.018 * fit + 0.004 * man, 4),
        "waist_ease": round(0.002 + (0.026 if man else 0.030) * fit, 4),
        "hem_ease": round(0.002 + 0.020 * fit, 4),
        "straight": round(min(0.9, 0.25 + 0.35 * fit + 0.2 * man), 3),
        "sleeve": 1.0,
        "sleeve_ease": round(0.004 + 0.016 * fit, 4),
        "cuff_ease": round(0.004 + 0.014 * fit, 4),
        "hem": between(rng, 1.0, 1.3) if man else between(rng, 0.85, 1.2),
        "neck_shape": "crew",
        "neck_width": between(rng, 0.072, 0.082) if man else between(rng, 0.075, 0.095),
        "neck_depth": between(rng, 0.025, 0.045) if man else between(rng, 0.03, 0.07),
        "collar": "none",
        "tuck": False,
    }
    cut.update(_TOPS[type_](rng, man))
    if cut["neck_shape"] == "v" and float(cut["neck_depth"]) < 0.09:
        cut["neck_depth"] = between(rng, 0.09, 0.115 if man else 0.13)
    return cut


def _tee(rng: np.random.Generator, man: bool) -> CutValues:
    shapes = {"crew": 5, "v": 1} if man else {"crew": 4, "v": 1.2, "boat": 0.5}
    return {"sleeve": between(rng, 0.29, 0.40) if man else between(rng, 0.24, 0.38), "neck_shape": choose(rng, shapes)}


def _longsleeve(rng: np.random.Generator, man: bool) -> CutValues:
    shapes = {"crew": 4, "v": 0.6} if man else {"crew": 3, "boat": 1, "v": 1, "square": 0.5}
    return {"neck_shape": choose(rng, shapes), "cuff_ease": 0.006, "sleeve_ease": 0.010}


def _tank(rng: np.random.Generator, man: bool) -> CutValues:
    depth = between(rng, 0.06, 0.09) if man else between(rng, 0.08, 0.12)
    return {
        "sleeve": 0.0,
        "armhole": between(rng, -0.02, 0.0),
        "neck_width": between(rng, 0.085, 0.10),
        "neck_depth": depth,
    }


def _cami(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "sleeve": 0.0, "armhole": 0.0, "strap": between(rng, 0.005, 0.012), "chest_ease": 0.006, "waist_ease": 0.018,
        "neck_width": 0.02, "neck_depth": 0.0,
    }  # fmt: skip


def _crop(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "hem": between(rng, 0.1, 0.35), "chest_ease": 0.008, "waist_ease": 0.012, "sleeve_ease": 0.010,
        "sleeve": choose(rng, {0.0: 1, 0.19: 1, 0.32: 1}), "neck_shape": choose(rng, {"crew": 1, "square": 1, "v": 1}),
        "neck_depth": between(rng, 0.05, 0.09), "neck_width": 0.092,
    }  # fmt: skip


def _polo(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "sleeve": between(rng, 0.28, 0.38), "collar": "shirt", "placket": 0.16, "buttons": 3, "neck_width": 0.070,
        "neck_depth": 0.024, "neck_depth_back": 0.0, "cuff_ease": 0.008, "rib_cuff": 0.022,
    }  # fmt: skip


def _sweatshirt(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "rib_hem": 0.05, "rib_cuff": 0.055, "cuff_ease": 0.0, "gather": True, "neck_depth": between(rng, 0.03, 0.045),
        "hem": between(rng, 0.9, 1.15) if man else between(rng, 0.8, 1.05), "chest_ease": 0.030, "sleeve_ease": 0.024,
        "waist_ease": 0.034,
    }  # fmt: skip


def _hoodie(rng: np.random.Generator, man: bool) -> CutValues:
    zipped = chance(rng, 0.25)
    return _sweatshirt(rng, man) | {"collar": "hood", "kangaroo": not zipped, "zip": zipped, "neck_depth": 0.05}


def _sweater(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "rib_hem": 0.05, "rib_cuff": 0.06, "cuff_ease": 0.003, "hem": between(rng, 0.9, 1.2),
        "neck_shape": choose(rng, {"crew": 3, "v": 1}), "neck_depth": between(rng, 0.03, 0.05),
        "sleeve_ease": between(rng, 0.016, 0.026), "chest_ease": between(rng, 0.016, 0.032),
    }  # fmt: skip


def _turtleneck(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "collar": "turtle", "neck_width": 0.060, "neck_depth": 0.0, "neck_depth_back": 0.0, "rib_hem": 0.03,
        "rib_cuff": 0.05, "cuff_ease": 0.002, "sleeve_ease": 0.012, "chest_ease": 0.010, "waist_ease": 0.016,
    }  # fmt: skip


def _shirt(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "collar": "shirt", "placket": 9.0, "buttons": 7, "cuff": 0.06, "cuff_ease": 0.008, "hem_curve": 0.040,
        "hem": between(rng, 1.2, 1.45), "neck_width": 0.068, "neck_depth": 0.022, "neck_depth_back": 0.0,
        "pocket": chance(rng, 0.4), "waist_ease": between(rng, 0.028, 0.042),
    }  # fmt: skip


def _blouse(rng: np.random.Generator, man: bool) -> CutValues:
    collar = choose(rng, {"none": 2, "shirt": 1, "turtle": 0.3})
    cut: CutValues = {
        "collar": collar, "sleeve": choose(rng, {1.0: 3, 0.48: 1}), "sleeve_ease": 0.040, "cuff_ease": 0.024,
        "cuff": 0.04, "chest_ease": 0.022, "waist_ease": 0.036,
    }  # fmt: skip
    if collar == "none":
        return cut | {"neck_shape": choose(rng, {"v": 2, "crew": 1}), "neck_depth": between(rng, 0.04, 0.11)}
    return cut | {"neck_width": 0.066, "neck_depth": 0.02, "neck_depth_back": 0.0}


_TOPS = {
    "tee": _tee, "longsleeve": _longsleeve, "tank": _tank, "cami": _cami, "crop": _crop, "polo": _polo,
    "sweatshirt": _sweatshirt, "hoodie": _hoodie, "sweater": _sweater, "turtleneck": _turtleneck, "shirt": _shirt,
    "blouse": _blouse,
}  # fmt: skip


def _outer(rng: np.random.Generator, type_: str, man: bool) -> CutValues:
    room = rng.random()
    cut: CutValues = {
        "ease": 0.012, "chest_ease": round(0.026 + 0.012 * room, 4), "waist_ease": round(0.030 + 0.016 * room, 4),
        "hem_ease": round(0.032 + 0.014 * room, 4), "straight": 0.7 if man else 0.5, "sleeve": 1.02,
        "sleeve_ease": round(0.020 + 0.008 * room, 4), "cuff_ease": 0.016, "neck_shape": "crew", "neck_width": 0.078,
        "neck_depth": 0.02, "open": between(rng, 0.012, 0.045), "hem": between(rng, 1.15, 1.45), "pockets": True,
        "collar": "none", "buttons": 0,
    }  # fmt: skip
    return cut | _OUTERS[type_](rng, man)


def _blazer(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "collar": "lapel", "button_height": between(rng, 0.0, 0.22), "buttons": 2, "hem": between(rng, 1.3, 1.55),
        "straight": 0.55 if man else 0.3, "waist_ease": 0.026 if man else 0.020,
    }  # fmt: skip


def _coat(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "collar": "lapel", "button_height": between(rng, 0.1, 0.35), "buttons": 3, "flare": between(rng, 0.015, 0.06),
        "hem_leg": between(rng, 0.1, 0.5) if man else between(rng, -0.1, 0.5), "straight": 0.7 if man else 0.55,
    }  # fmt: skip


def _denimjacket(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "collar": "shirt", "open": between(rng, 0.012, 0.028), "hem": between(rng, 0.6, 0.85), "cuff": 0.045,
        "chest_pockets": True, "buttons": 6, "stitch": True, "yoke": True, "waistband": 0.04, "neck_width": 0.074,
    }  # fmt: skip


def _bomber(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "collar": "rib", "rib_hem": 0.06, "rib_cuff": 0.05, "hem": between(rng, 0.7, 0.95), "zip": True,
        "waist_ease": 0.042, "hem_ease": 0.020, "gather": True,
    }  # fmt: skip


def _leatherjacket(rng: np.random.Generator, man: bool) -> CutValues:
    return {"collar": "lapel", "button_height": 0.35, "hem": between(rng, 0.65, 0.9), "zip": True}


def _cardigan(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "neck_shape": "v", "neck_depth": 0.12, "band": 0.03, "rib_hem": 0.05, "rib_cuff": 0.05, "buttons": 5,
        "hem": between(rng, 0.95, 1.25) if man else between(rng, 0.9, 1.5), "pockets": chance(rng, 0.5),
    }  # fmt: skip


def _puffer(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "collar": "stand", "puff": between(rng, 0.010, 0.015), "quilt": between(rng, 0.06, 0.10), "zip": True,
        "hem": between(rng, 0.8, 1.35), "chest_ease": 0.034, "waist_ease": 0.038, "sleeve_ease": 0.028,
        "cuff_ease": 0.010,
    }  # fmt: skip


def _gilet(rng: np.random.Generator, man: bool) -> CutValues:
    return {
        "collar": "stand", "sleeve": 0.0, "armhole": 0.005, "puff": 0.010, "quilt": 0.07, "zip": True,
        "hem": between(rng, 0.85, 1.1),
    }  # fmt: skip


def _trench(rng: np.random.Generator, man: bool) -> CutValues:
    return _coat(rng, man) | {"belt": chance(rng, 0.5)}


_OUTERS = {
    "blazer": _blazer, "coat": _coat, "trench": _trench, "denimjacket": _denimjacket, "bomber": _bomber,
    "leatherjacket": _leatherjacket, "cardigan": _cardigan, "puffer": _puffer, "gilet": _gilet,
}  # fmt: skip

LEG_RADII: dict[str, tuple[float, float]] = {
    "skinny": (0.053, 0.042), "straight": (0.067, 0.063), "wide": (0.086, 0.094), "chino": (0.067, 0.060),
    "suitpants": (0.071, 0.067), "legging": (0.050, 0.040), "jogger": (0.074, 0.055), "shorts": (0.095, 0.095),
    "flare": (0.067, 0.092), "cargo": (0.081, 0.077),
}  # fmt: skip
"""Of knee and hem, metres; on average thinner than ready-made trousers lie flat because the leg is round."""


def _pants(rng: np.random.Generator, type_: str, man: bool) -> CutValues:
    knee, hem = LEG_RADII[type_]
    wide = 1.03 if man else 1.0
    cut: CutValues = {
        "ease": 0.005, "hip_ease": 0.010 if man else 0.007, "waistband": 0.036, "pockets": True, "fly": True,
        "rise": between(rng, 0.3, 0.65) if man else between(rng, 0.0, 0.4),
        "knee_radius": round(knee * wide * between(rng, 0.96, 1.05), 4),
        "hem_radius": round(hem * wide * between(rng, 0.95, 1.06), 4),
        "leg": between(rng, 0.0, 0.02) if type_ in ("wide", "flare") else between(rng, 0.015, 0.05),
    }  # fmt: skip
    if type_ in ("skinny", "straight", "flare"):
        cut["stitch"] = True
    elif type_ == "legging":
        cut |= {"ease": 0.003, "hip_ease": 0.0, "fly": False, "pockets": False}
        cut |= {"waistband": 0.05, "rise": 0.0, "leg": 0.05}
    elif type_ == "jogger":
        cut |= {"rib_cuff": 0.06, "fly": False, "drawcord": True, "hip_ease": 0.016, "leg": 0.055}
        cut["side_stripe"] = chance(rng, 0.25)
    elif type_ == "shorts":
        del cut["leg"]
        cut["thigh"] = between(rng, 0.08, 0.4) if man else between(rng, 0.3, 0.72)
    elif type_ == "cargo":
        cut["cargo"] = True
    else:
        cut["crease"] = type_ in ("suitpants", "wide") and chance(rng, 0.6)
    return cut


def _skirt(rng: np.random.Generator, type_: str, man: bool) -> CutValues:
    cut: CutValues = {"ease": 0.005, "rise": between(rng, -0.05, 0.2), "waistband": 0.035}
    cut |= {
        "mini": lambda: {"flare": between(rng, 0.05, 0.30), "hem_leg": between(rng, 0.45, 0.7)},
        "midi": lambda: {"flare": between(rng, 0.12, 0.28), "hem_leg": between(rng, -0.35, 0.0)},
        "maxi": lambda: {"flare": between(rng, 0.12, 0.22), "hem_leg": between(rng, -0.85, -0.6)},
        "pencil": lambda: {"flare": 0.0, "taper": between(rng, 0.88, 0.97), "hip_ease": 0.004,
                           "hem_leg": between(rng, -0.1, 0.25)},
        "pleated": lambda: {"flare": between(rng, 0.15, 0.24), "hem_leg": between(rng, -0.35, 0.5),
                            "pleats": int(rng.integers(14, 26))},
    }[type_]()  # fmt: skip
    if type_ in ("mini", "midi", "maxi") and chance(rng, 0.45):
        cut["ruffle"] = between(rng, 0.05, 0.25)
    return cut


def _dress(rng: np.random.Generator, type_: str, man: bool) -> CutValues:
    cut: CutValues = {
        "ease": 0.005, "chest_ease": 0.010, "waist_ease": 0.010, "hem_ease": 0.014, "straight": 0.1, "armhole": -0.008,
        "sleeve": choose(rng, {0.0: 1.2, 0.16: 0.6, 0.32: 1, 0.55: 0.5, 1.0: 0.9}), "sleeve_ease": 0.018,
        "cuff_ease": 0.018, "neck_shape": choose(rng, {"crew": 1, "v": 1.4, "square": 0.8, "boat": 0.4}),
        "neck_width": between(rng, 0.085, 0.105), "neck_depth": between(rng, 0.05, 0.12), "collar": "none",
        "hem_leg": between(rng, -0.3, 0.5), "flare": between(rng, 0.12, 0.28), "belt": False,
    }  # fmt: skip
    return cut | _DRESSES[type_](rng)


_DRESSES = {
    "sheath": lambda rng: {"flare": between(rng, 0.0, 0.04), "taper": 0.95},
    "aline": lambda rng: {"belt": chance(rng, 0.4)},
    "slip": lambda rng: {"sleeve": 0.0, "strap": between(rng, 0.004, 0.009), "flare": between(rng, 0.08, 0.16),
                         "neck_width": 0.02, "neck_depth": 0.0, "hem_leg": between(rng, -0.6, 0.1)},
    "maxidress": lambda rng: {"hem_leg": between(rng, -0.9, -0.65), "flare": between(rng, 0.14, 0.22),
                              "belt": chance(rng, 0.4)},
    "shirtdress": lambda rng: {"collar": "shirt", "placket": 9.0, "buttons": 9, "cuff": 0.05, "neck_shape": "crew",
                               "sleeve": choose(rng, {1.0: 1, 0.35: 1}), "neck_width": 0.07, "neck_depth": 0.025,
                               "neck_depth_back": 0.0, "belt": True, "chest_ease": 0.018, "cuff_ease": 0.010,
                               "flare": between(rng, 0.08, 0.16)},
    "knitdress": lambda rng: {"sleeve": 1.0, "collar": choose(rng, {"turtle": 1, "none": 1}), "flare": 0.02,
                              "cuff_ease": 0.003, "neck_shape": "crew", "neck_width": 0.06, "neck_depth": 0.01,
                              "neck_depth_back": 0.0, "rib_cuff": 0.05, "rib_hem": 0.04, "straight": 0.3},
}  # fmt: skip
