"""MakeHuman's proxies: meshes of their own whose vertices are tied to triangles of the base mesh (.obj and .mhclo)."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vton.studio.body.shape import PosedBody

AXES = {"x_scale": 0, "y_scale": 1, "z_scale": 2}


@dataclass(frozen=True, eq=False)
class Proxy:
    """A mesh that follows the body.

    triangles, uv_triangles: [T, 3] i32; uv: [U, 2] f32, v upwards; corners [V, 3] i32, shares and offsets [V, 3] f32:
    each vertex is its shares of three vertices of the base mesh and an offset; scales: per axis two vertices of the
    base mesh and their distance along it for which the offsets are meant.
    """

    triangles: np.ndarray
    uv: np.ndarray
    uv_triangles: np.ndarray
    corners: np.ndarray
    shares: np.ndarray
    offsets: np.ndarray
    scales: tuple[tuple[int, int, float], ...]

    def fitted(self, vertices: np.ndarray) -> np.ndarray:
        """The proxy's vertices [V, 3] on a resting body [19158, 3], in the body's unit."""
        scale = [abs(vertices[a, i] - vertices[b, i]) / length for i, (a, b, length) in enumerate(self.scales)]
        on_body = np.einsum("vk,vkc->vc", self.shares, vertices[self.corners])
        return (on_body + self.offsets * np.array(scale)).astype(np.float32)

    def posed(self, posed: PosedBody) -> np.ndarray:
        """The proxy's vertices [V, 3] f32 on a posed body: fitted at rest and then moved like what they are tied to."""
        model = posed.shape.model
        rest = np.column_stack([self.fitted(posed.shape.vertices), np.ones(len(self.corners))])
        moved = np.zeros((len(rest), 3))
        for k in range(3):
            weights = model.weights[self.corners[:, k]] * self.shares[:, k : k + 1]
            matrices = posed.transforms[model.weight_bones[self.corners[:, k]], :3]
            moved += np.einsum("vb,vbij,vj->vi", weights, matrices, rest)
        return moved.astype(np.float32)


def read_proxy(folder: Path, name: str) -> Proxy:
    """Reads ``<name>.obj`` and ``<name>.mhclo`` of a folder."""
    uv, corners = [], []
    for words in map(str.split, (folder / f"{name}.obj").read_text().splitlines()):
        if words[:1] == ["vt"]:
            uv.append([float(w) for w in words[1:3]])
        elif words[:1] == ["f"]:
            face = [tuple(int(i) - 1 for i in w.split("/")[:2]) for w in words[1:]]
            corners.extend([face[0], *face[i : i + 2]] for i in range(1, len(face) - 1))
    both = np.array(corners, np.int32)
    rows, scales, reading = [], {}, False
    for words in map(str.split, (folder / f"{name}.mhclo").read_text().splitlines()):
        if words[:1] and words[0] in AXES:
            scales[AXES[words[0]]] = (int(words[1]), int(words[2]), float(words[3]))
        elif words[:1] == ["verts"]:
            reading = True
        elif words[:1] == ["delete_verts"]:
            break
        elif reading and words and words[0].isdigit():
            rows.append([float(w) for w in words] if len(words) == 9 else [int(words[0])] * 3 + [1.0] + [0.0] * 5)
    table = np.array(rows)
    return Proxy(
        np.ascontiguousarray(both[..., 0]),
        np.array(uv, np.float32),
        np.ascontiguousarray(both[..., 1]),
        table[:, :3].astype(np.int32),
        table[:, 3:6].astype(np.float32),
        table[:, 6:9].astype(np.float32),
        tuple(scales[axis] for axis in range(3)),
    )
