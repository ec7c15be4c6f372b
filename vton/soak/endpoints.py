"""The named endpoints as a script sees them: parameters, their types, and a request that works."""

from __future__ import annotations

from typing import Any

from vton.schema import SLOTS, Task
from vton.systems import systems

FILE, FILES, TEXT, NUMBER = "file", "files", "text", "number"
_WORN = {slot: FILE for slot in SLOTS}
_PAIR = {"person": FILE, "garment": FILE, "slot": TEXT}
PARAMETERS: dict[str, dict[str, str]] = {
    "generate": {
        **_WORN, "pose": TEXT, "seed": NUMBER, "count": NUMBER, "psi": NUMBER, "pose_photo": FILE, "wear": TEXT,
    },
    "lookbook": {**_WORN, "tried": FILES, "poses": TEXT, "seed": NUMBER, "psi": NUMBER},
    "mix": {
        "source": FILE, "target": FILE, "transfer": TEXT, "strength": NUMBER, "source_seed": NUMBER,
        "target_seed": NUMBER,
    },
    "pose": {"photo": FILE, "backend": TEXT},
    "cutout": {"photo": FILE},
    "tryon": {**_PAIR, "system": TEXT, "background": TEXT},
    "compare": {**_PAIR, "systems": TEXT, "background": TEXT},
    "verify": {"picture": FILE},
}  # fmt: skip


def working(endpoint: str, uploads: dict[str, Any]) -> dict[str, Any]:
    """Arguments that work.

    Args:
        endpoint: a key of ``PARAMETERS``.
        uploads: the good files, as they are sent: "person", "garment", "trousers" and "made", a PNG with recipe.
    """
    values: dict[str, Any] = dict.fromkeys(PARAMETERS[endpoint])
    return values | {
        "generate": {"top": uploads["garment"], "pose": "stand", "seed": 3, "count": 1, "psi": 0.8},
        "lookbook": {"top": uploads["garment"], "tried": [uploads["trousers"]], "poses": "stand", "seed": 5,
                     "psi": 0.8},
        "mix": {"target": uploads.get("made"), "transfer": "colour", "strength": 0.5, "source_seed": 9},
        "pose": {"photo": uploads["person"], "backend": "auto"},
        "cutout": {"photo": uploads["trousers"]},
        "tryon": {"person": uploads["person"], "garment": uploads["garment"], "slot": "top", "system": "",
                  "background": "keep"},
        "compare": {"person": uploads["person"], "garment": uploads["garment"], "slot": "auto",
                    "systems": ",".join([*systems(Task.TRY_ON)][:2]), "background": "plain"},
        "verify": {"picture": uploads["person"]},
    }[endpoint]  # fmt: skip


def data_of(endpoint: str, values: dict[str, Any]) -> list[Any]:
    """Arguments in the order that the API wants."""
    return [values[name] for name in PARAMETERS[endpoint]]
