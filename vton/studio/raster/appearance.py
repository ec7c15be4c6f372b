"""How surfaces look, and the tables that the shader reads it from."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from vton.schema import InputError
from vton.studio.raster.zbuffer import pack_textures

KINDS = ("cloth", "skin", "hair", "hard", "eye")


@dataclass
class Material:
    """How a surface looks. Colours are linear RGB.

    Attributes:
        kind: one of KINDS.
        colours: [P, 3] f32, one per part; multiplied with the albedo texture.
        albedo: [S, S, 3] f32 linear, row 0 is v = 1; S a power of two. None is white.
        bump: [S, S] f32 height in metres, of the same size as the albedo if there are both.
        bump_scale: factor of the bump.
        uv_scale: how often the textures repeat over one uv unit.
        spec: strength of highlights, one number or [P] per part; 1 is a polished dielectric.
        rough: 0.1 mirror-like .. 0.8 dull.
        sheen: light edge of fuzzy cloth.
        translucency: how far light wraps around, 0..0.4.
        inside: brightness of the surface's back.
    """

    kind: str = "cloth"
    colours: np.ndarray = field(default_factory=lambda: np.ones((1, 3), np.float32))
    albedo: np.ndarray | None = None
    bump: np.ndarray | None = None
    bump_scale: float = 1.0
    uv_scale: float = 1.0
    spec: float | np.ndarray = 0.0
    rough: float = 0.6
    sheen: float = 0.0
    translucency: float = 0.1
    inside: float = 0.6


def pack_materials(
    materials: Sequence[Material],
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Rows [S, MATERIAL_COLUMNS], colours [P, 4] of all parts, packed textures and their table; textures once each."""
    distinct: dict[int, Material] = {id(m): m for m in materials}
    numbers, textures, starts, colours = {}, [], {}, []
    for key, material in distinct.items():
        if material.kind not in KINDS:
            raise InputError(f"No kind of material {material.kind!r}; there are {', '.join(KINDS)}.")
        numbers[key] = -1
        if material.albedo is not None or material.bump is not None:
            numbers[key] = len(textures)
            textures.append((material.albedo, material.bump))
        parts = np.atleast_2d(np.asarray(material.colours, np.float32))
        starts[key] = sum(map(len, colours)), len(parts)
        spec = np.broadcast_to(np.asarray(material.spec, np.float32), len(parts))
        colours.append(np.concatenate([parts, spec[:, None]], 1))
    rows = [
        (
            KINDS.index(m.kind),
            numbers[id(m)],
            m.bump_scale,
            m.uv_scale,
            m.rough,
            m.sheen,
            m.translucency,
            m.inside,
            *starts[id(m)],
        )  # fmt: skip
        for m in materials
    ]
    values, table = pack_textures(textures)
    return np.array(rows, np.float32), np.concatenate(colours), values, table.reshape(-1, 2)
