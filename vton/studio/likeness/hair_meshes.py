"""MakeHuman's hair: polygons with pictures of strands, fitted to a head, led over clothes and dyed."""

import functools
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from vton.studio.body.shape import PosedBody
from vton.studio.geometry.mesh import vertex_normals
from vton.studio.hair.strands import DOWN, Colliders
from vton.studio.likeness.bindings import Proxy, read_proxy
from vton.studio.likeness.faces import TO_LINEAR
from vton.studio.raster.appearance import Material
from vton.studio.rendering.surface import Surface
from vton.studio.specs.labels import HAIR

MESHES: dict[str, tuple[str, ...]] = {
    "bob": ("bob02",),
    "lob": ("bob02", "long01"),
    "long": ("long01",),
    "longwave": ("long01",),
    "ponytail": ("ponytail01",),
    "lowpony": ("ponytail01", "braid01"),
    "pixie": ("short03",),
    "side": ("short03", "short04"),
    "quiff": ("short04", "short02"),
    "messy": ("short02",),
    "crop": ("short02", "short01"),
    "twa": ("short01",),
}
"""Meshes that may stand in for the strands of a style."""

NAMES = tuple(sorted({name for names in MESHES.values() for name in names}))

TEXTURE_PX, ALPHA_PX = 1024, 1024
CONTRAST = 0.8
LIGHTEST, DARKEST = 2.2, 0.25
"""Strands lighter or darker than these factors of the mean are held there."""

GAP_M, REACH_M = 0.006, 0.06
"""How far hair lies off clothes, and from how deep in them it is led out."""


class HairMeshes:
    """The meshes of a folder, each read when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def surface(
        self, name: str, posed: PosedBody, colliders: Sequence[tuple[np.ndarray, np.ndarray]]
    ) -> Surface:
        """The hair of a posed person.

        Args:
            name: of the mesh.
            posed: the body in its pose.
            colliders: vertices and unit normals [N, 3] of what hair falls on.
        """
        proxy, alpha = self._proxy(name), self._picture(name)[1]
        vertices = proxy.posed(posed)
        height, normals = Colliders(colliders, float(vertices[:, 1].min()) - 0.1).height(vertices, REACH_M)
        vertices = (vertices + normals * np.clip(GAP_M - height, 0, REACH_M)[:, None]).astype(np.float32)
        centre = posed.joint("head")
        outwards = vertices - centre
        facing = vertex_normals(vertices, proxy.triangles)
        facing = np.where((facing * outwards).sum(1, keepdims=True) < 0, -facing, facing)
        tangents = DOWN - facing * (facing @ DOWN)[:, None]
        tangents /= np.linalg.norm(tangents, axis=1, keepdims=True) + 1e-6
        return Surface(
            vertices, facing.astype(np.float32), proxy.triangles, proxy.uv, proxy.uv_triangles,
            tangents=tangents.astype(np.float32), label=HAIR, material="hair", alpha=alpha,
        )  # fmt: skip

    def material(self, name: str, colour: np.ndarray) -> Material:
        """Hair of a mean linear colour [3]."""
        return Material("hair", colours=colour[None], albedo=self._picture(name)[0], spec=0.6)

    @functools.lru_cache(maxsize=len(NAMES))  # noqa: B019 (one per process)
    def _proxy(self, name: str) -> Proxy:
        return read_proxy(self.folder / name, name)

    @functools.lru_cache(maxsize=len(NAMES))  # noqa: B019 (one per process)
    def _picture(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Lightness over its mean [S, S, 3] f32, and how solid the hair is [A, A] f32 0..1."""
        pixels = cv2.imread(str(self.folder / name / f"{name}_diffuse.webp"), cv2.IMREAD_UNCHANGED)
        assert pixels is not None, name
        solid = pixels[..., 3].astype(np.float32) / 255
        grey = cv2.LUT(pixels[..., :3], TO_LINEAR).max(-1)
        mean = float(grey[solid > 0.5].mean())
        share = np.clip((grey / mean) ** CONTRAST, DARKEST, LIGHTEST)
        share = np.where(solid > 0.1, share, 1.0).astype(np.float32)
        share = cv2.resize(share, (TEXTURE_PX, TEXTURE_PX), interpolation=cv2.INTER_AREA)
        alpha = cv2.resize(solid, (ALPHA_PX, ALPHA_PX), interpolation=cv2.INTER_AREA)
        return np.ascontiguousarray(np.repeat(share[..., None], 3, 2)), alpha
