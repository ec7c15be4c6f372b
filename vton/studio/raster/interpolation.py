"""Surface values at shading points, between the corners of their triangles."""

import numba
import numpy as np

U, V, LOD, NORMAL, SLOPE_U, SLOPE_V, VIEW, TANGENT, CAVITY, SHADE = 0, 1, 2, 3, 6, 9, 12, 15, 18, 19

COLUMNS = 20
"""Of ``Points.geometry``; LOD is log2 of uv units per point, SLOPE_* turn a slope of the bump into a tilt in metres."""


@numba.njit(cache=True, fastmath=True)
def _blend(values, i, j, k, w0, w1, w2, out, at):
    for n in range(3):
        out[at + n] = w0 * values[i, n] + w1 * values[j, n] + w2 * values[k, n]


@numba.njit(cache=True, fastmath=True)
def _normalise(out, at, sign):
    length = np.sqrt(out[at] ** 2 + out[at + 1] ** 2 + out[at + 2] ** 2) + np.float32(1e-9)
    for n in range(3):
        out[at + n] *= sign / length


@numba.njit(cache=True, fastmath=True)
def _slopes(vertices, i, j, k, uv, a, b, c, out):
    """Sets the vectors that a slope of the bump along u and along v tilts the normal by; returns twice the uv area."""
    u1, v1 = uv[b, 0] - uv[a, 0], uv[b, 1] - uv[a, 1]
    u2, v2 = uv[c, 0] - uv[a, 0], uv[c, 1] - uv[a, 1]
    size = u1 * v2 - u2 * v1
    for n in range(6):
        out[SLOPE_U + n] = 0.0
    if abs(size) < 1e-14:
        return np.float32(0.0)
    along_u, along_v = np.float32(1e-12), np.float32(1e-12)
    for n in range(3):
        e1, e2 = vertices[j, n] - vertices[i, n], vertices[k, n] - vertices[i, n]
        out[SLOPE_U + n] = (e1 * v2 - e2 * v1) / size
        out[SLOPE_V + n] = (e2 * u1 - e1 * u2) / size
        along_u += out[SLOPE_U + n] ** 2
        along_v += out[SLOPE_V + n] ** 2
    for n in range(3):
        out[SLOPE_U + n] /= along_u
        out[SLOPE_V + n] /= along_v
    return abs(size)


@numba.njit(cache=True, fastmath=True)
def interpolate(
    of, weights, back, triangles, uv_triangles, vertices, normals, tangents, cavity, shade, uv, area, step, eye, axis,
    values, positions,
):  # fmt: skip
    parallel = axis[0] ** 2 + axis[1] ** 2 + axis[2] ** 2 > 0.5
    for m in range(of.shape[0]):
        t, out = of[m], values[m]
        w0, w1 = weights[m, 0], weights[m, 1]
        w2 = np.float32(1.0) - w0 - w1
        i, j, k = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        a, b, c = uv_triangles[t, 0], uv_triangles[t, 1], uv_triangles[t, 2]
        out[U] = w0 * uv[a, 0] + w1 * uv[b, 0] + w2 * uv[c, 0]
        out[V] = w0 * uv[a, 1] + w1 * uv[b, 1] + w2 * uv[c, 1]
        _blend(normals, i, j, k, w0, w1, w2, out, NORMAL)
        _normalise(out, NORMAL, np.float32(-1.0 if back[t] else 1.0))
        uv_area = _slopes(vertices, i, j, k, uv, a, b, c, out)
        out[LOD] = step[m] + 0.5 * np.log2((uv_area + np.float32(1e-16)) / (abs(area[t]) + np.float32(1e-6)))
        _blend(vertices, i, j, k, w0, w1, w2, positions[m], 0)
        for n in range(3):
            out[VIEW + n] = axis[n] if parallel else eye[n] - positions[m, n]
        _normalise(out, VIEW, np.float32(1.0))
        _blend(tangents, i, j, k, w0, w1, w2, out, TANGENT)
        _normalise(out, TANGENT, np.float32(1.0))
        out[CAVITY] = w0 * cavity[i] + w1 * cavity[j] + w2 * cavity[k]
        out[SHADE] = w0 * shade[i] + w1 * shade[j] + w2 * shade[k]
