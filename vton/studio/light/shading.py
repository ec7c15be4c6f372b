"""The light of one point: cloth, skin, hair, hard things and eyes under a key, a fill and a dome."""

import math

import numba
import numpy as np

from vton.studio.raster.interpolation import CAVITY, LOD, NORMAL, SHADE, SLOPE_U, SLOPE_V, TANGENT, VIEW, U, V
from vton.studio.raster.zbuffer import CHANNELS, sample_texture

CLOTH, SKIN, HAIR, HARD, EYE = range(5)
"""Codes of `appearance.KINDS`."""

KIND, TEXTURE, BUMP, UV_SCALE, ROUGH, SHEEN, TRANSLUCENCY, INSIDE, FIRST_PART, PARTS = range(10)
MATERIAL_COLUMNS = 10

KEY, KEY_COLOUR, FILL, FILL_COLOUR, DOME_COLOUR = range(5)
"""Rows of the [5, 3] lights."""

SKIN_WRAP = np.array([0.35, 0.16, 0.10], np.float32)
"""How far red, green and blue light spread under the skin."""

SKIN_DOME = np.float32(0.16)
"""Least ambient light of skin: in its hollows light comes through the flesh."""

STEEPEST_BUMP = 0.7
SHOULDER = np.float32(0.8)
CATCH_LIGHT = 0.9
EYE_DOME, EYE_KEY = np.float32(0.65), np.float32(0.45)
"""Least light that eyes get under brows and lids, so that they stay readable."""


@numba.njit(cache=True, fastmath=True)
def shade_points(pixel, surface, part, cell, weight, back, geometry, dome, lights_seen, materials, colours, textures,
                 table, lights, image):  # fmt: skip
    """Adds weight * tone-mapped colour of every point to image [H * W, 3].

    Args: as in ``points.Points``; dome [C], lights_seen [C, 2] of the cells; materials [S, MATERIAL_COLUMNS] per
    surface; colours [P, 4] linear RGB and highlights of the parts; textures, table of ``zbuffer.pack_textures``.
    """
    rgb, texel = np.empty(3, np.float32), np.empty(CHANNELS, np.float32)
    albedo, normal = np.empty(3, np.float32), np.empty(3, np.float32)
    for m in range(pixel.shape[0]):
        g, material = geometry[m], materials[surface[m]]
        row = int(material[FIRST_PART]) + min(part[m], int(material[PARTS]) - 1)
        _surface(g, material, colours[row], textures, table, texel, albedo, normal)
        inside = material[INSIDE] if back[m] else np.float32(1.0)
        kind, spec = int(material[KIND]), colours[row, 3]
        visible = dome[cell[m]]
        key, fill = lights_seen[cell[m], 0], lights_seen[cell[m], 1]
        if kind == HAIR:
            _hair(g, albedo, spec, visible * g[CAVITY], key, fill, lights, rgb)
        else:
            if kind == EYE:
                visible, key, fill = max(visible, EYE_DOME), max(key, EYE_KEY), max(fill, EYE_KEY)
            elif kind == SKIN:
                visible = max(visible, SKIN_DOME)
            ambient = visible * g[CAVITY] * (1.0 + 0.25 * (normal[1] - g[NORMAL + 1]))
            _diffuse(normal, albedo, kind, material[TRANSLUCENCY], ambient, key, fill, inside, lights, rgb)
            _sheen(g, normal, albedo, material[SHEEN] * ambient, lights, rgb)
            if spec > 0.0:
                _highlights(g, normal, albedo, spec, material[ROUGH], visible * inside, key, fill, lights, rgb)
            if kind == EYE:
                _catch_light(normal, lights, rgb)
        for k in range(3):
            image[pixel[m], k] += weight[m] * tone(rgb[k])


@numba.njit(cache=True, fastmath=True)
def tone(x):
    """Linear up to the shoulder, then towards 1."""
    if x < SHOULDER:
        return x
    return SHOULDER + (1 - SHOULDER) * (1 - math.exp(-(x - SHOULDER) / (1 - SHOULDER)))


@numba.njit(cache=True, fastmath=True)
def _surface(g, material, colour, textures, table, texel, albedo, normal):
    """Sets albedo and the bumped normal of a point."""
    for k in range(3):
        albedo[k] = colour[k] * g[SHADE]
        normal[k] = g[NORMAL + k]
    texture = int(material[TEXTURE])
    if texture < 0:
        return
    scale, size = material[UV_SCALE], table[texture, 1]
    lod = g[LOD] + math.log2(size * scale)
    sample_texture(textures, table[texture, 0], size, g[U] * scale, g[V] * scale, lod, texel)
    for k in range(3):
        albedo[k] *= texel[k]
    su, sv = texel[3] * scale * material[BUMP], texel[4] * scale * material[BUMP]
    steep = np.float32(0.0)
    for k in range(3):
        tilt = su * g[SLOPE_U + k] + sv * g[SLOPE_V + k]
        steep += tilt * tilt
    if steep <= 0.0:
        return
    limit = min(1.0, STEEPEST_BUMP / math.sqrt(steep))
    length = np.float32(0.0)
    for k in range(3):
        normal[k] -= limit * (su * g[SLOPE_U + k] + sv * g[SLOPE_V + k])
        length += normal[k] * normal[k]
    for k in range(3):
        normal[k] /= math.sqrt(length)


@numba.njit(cache=True, fastmath=True)
def _dot(a, at, lights, row):
    return a[at] * lights[row, 0] + a[at + 1] * lights[row, 1] + a[at + 2] * lights[row, 2]


@numba.njit(cache=True, fastmath=True)
def _diffuse(normal, albedo, kind, translucency, ambient, key, fill, inside, lights, rgb):
    to_key, to_fill = _dot(normal, 0, lights, KEY), _dot(normal, 0, lights, FILL)
    for k in range(3):
        wrap, seen = translucency, key
        if kind == SKIN:
            wrap = SKIN_WRAP[k]
            if k == 0:
                seen = key**0.8
        lit = ambient * lights[DOME_COLOUR, k]
        lit += seen * max((to_key + wrap) / (1 + wrap), 0.0) * lights[KEY_COLOUR, k]
        lit += fill * max((to_fill + wrap) / (1 + wrap), 0.0) * lights[FILL_COLOUR, k]
        rgb[k] = albedo[k] * inside * lit


@numba.njit(cache=True, fastmath=True)
def _sheen(g, normal, albedo, sheen, lights, rgb):
    if sheen <= 0.0:
        return
    facing = max(normal[0] * g[VIEW] + normal[1] * g[VIEW + 1] + normal[2] * g[VIEW + 2], 0.02)
    edge = sheen * (1 - facing) ** 3
    for k in range(3):
        rgb[k] += edge * (0.35 + 0.65 * albedo[k]) * lights[DOME_COLOUR, k]


@numba.njit(cache=True, fastmath=True)
def _lobe(g, normal, lights, row, sharpness):
    """Blinn's highlight of one light."""
    x, y, z = lights[row, 0] + g[VIEW], lights[row, 1] + g[VIEW + 1], lights[row, 2] + g[VIEW + 2]
    half = (normal[0] * x + normal[1] * y + normal[2] * z) / math.sqrt(x * x + y * y + z * z)
    facing = _dot(normal, 0, lights, row)
    if half <= 0.0 or facing <= 0.0:
        return 0.0
    return facing * (sharpness + 8) / 25.0 * half**sharpness


@numba.njit(cache=True, fastmath=True)
def _highlights(g, normal, albedo, spec, rough, visible, key, fill, lights, rgb):
    facing = max(normal[0] * g[VIEW] + normal[1] * g[VIEW + 1] + normal[2] * g[VIEW + 2], 0.02)
    fresnel = 0.04 + 0.96 * (1 - facing) ** 5 * (1.0 - 0.7 * rough)
    sharpness = 2.0 / (rough**4 + 1e-4) - 1.0
    lamps = key * _lobe(g, normal, lights, KEY, sharpness) * lights[KEY_COLOUR, 1]
    lamps += fill * _lobe(g, normal, lights, FILL, sharpness) * lights[FILL_COLOUR, 1]
    mirror_y = 2 * facing * normal[1] - g[VIEW + 1]
    mirror_z = 2 * facing * normal[2] - g[VIEW + 2]
    room = visible * max(0.55 + 0.45 * mirror_y + 0.35 * mirror_z, 0.12)
    # above 2 a part is metal: its highlights take its colour
    metal = min(max(spec - 2.0, 0.0), 1.0)
    for k in range(3):
        tint = 1.0 - metal + metal * (0.3 + albedo[k]) * 4.0
        rgb[k] += spec * fresnel * tint * (lamps + room * lights[DOME_COLOUR, k] * 1.6)


@numba.njit(cache=True, fastmath=True)
def _catch_light(normal, lights, rgb):
    """The window in an eye: a spot towards the upper side of the key, whatever the occlusion."""
    side = -0.30 if lights[KEY, 0] < 0 else 0.30
    x, y, z = normal[0] - side, normal[1] - 0.28, normal[2] - 0.91
    spot = math.exp(-(x * x + y * y + z * z) / 0.018)
    for k in range(3):
        rgb[k] += CATCH_LIGHT * spot * (0.4 + 0.6 * lights[KEY_COLOUR, 1])


@numba.njit(cache=True, fastmath=True)
def _across(g, lights, row):
    """Cosine along a strand, sine across it, and how near the view is to the cone of the mirrored light."""
    along, view = _dot(g, TANGENT, lights, row), 0.0
    for k in range(3):
        view += g[TANGENT + k] * g[VIEW + k]
    across = math.sqrt(max(0.0, 1 - along * along))
    mirrored = max(0.0, across * math.sqrt(max(0.0, 1 - view * view)) - along * view)
    return across, mirrored


@numba.njit(cache=True, fastmath=True)
def _hair(g, albedo, spec, ambient, key, fill, lights, rgb):
    """Kajiya and Kay's hair with two highlights, of which the wider one takes the hair's colour."""
    to_key, to_fill = _dot(g, NORMAL, lights, KEY), _dot(g, NORMAL, lights, FILL)
    across, mirrored = _across(g, lights, KEY)
    across_fill, mirrored_fill = _across(g, lights, FILL)
    reach = min(max(0.4 + to_key, 0.0), 1.0) * key
    body = 0.55 * across + 0.45 * max(0.0, to_key)
    body_fill = 0.25 * across_fill + 0.25 * max(0.0, to_fill)
    narrow, wide = 0.06 * mirrored**60, mirrored**14
    shine = spec * g[CAVITY]
    for k in range(3):
        lit = 0.9 * ambient * lights[DOME_COLOUR, k] + reach * body * lights[KEY_COLOUR, k]
        lit += fill * body_fill * lights[FILL_COLOUR, k]
        gloss = reach * (narrow + wide * (1.2 * albedo[k] + 0.012)) * lights[KEY_COLOUR, k]
        gloss += fill * mirrored_fill**14 * 0.5 * (albedo[k] + 0.008) * lights[FILL_COLOUR, k]
        rgb[k] = albedo[k] * lit + shine * gloss
