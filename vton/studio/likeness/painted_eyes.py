"""Eyes, painted: irises, pupils and whites, and the eyeballs as surfaces."""

import numpy as np

from vton.schema import InputError
from vton.studio.body.model import BodyModel
from vton.studio.body.shape import PosedBody
from vton.studio.raster.appearance import Material
from vton.studio.rendering.surface import Surface
from vton.studio.specs.labels import FACE

IRISES: dict[str, tuple[float, float, float]] = {
    "dark": (0.05, 0.025, 0.012),
    "brown": (0.09, 0.045, 0.02),
    "lightbrown": (0.16, 0.09, 0.035),
    "green": (0.10, 0.13, 0.06),
    "blue": (0.08, 0.16, 0.24),
    "grey": (0.16, 0.20, 0.22),
    "deepblue": (0.06, 0.10, 0.20),
}
"""Linear RGB by name."""


def eye_material(iris: str, size: int = 128) -> Material:
    """An eyeball seen from the front; a little whiter than real ones so that it reads at 256 pixels.

    Raises:
        InputError: there is no such iris.
    """
    if iris not in IRISES:
        raise InputError(f"No iris {iris!r}; there are {', '.join(IRISES)}.")
    centres = (np.arange(size, dtype=np.float32) + 0.5) / size * 2 - 1
    x, y = np.meshgrid(centres, -centres)
    radius, turn = np.hypot(x, y), np.arctan2(y, x)
    shadow = np.clip(1.05 - 0.45 * np.clip(y - 0.05, 0, 1), 0.3, 1) * (1 - 0.2 * np.clip(radius - 0.4, 0, 1))
    albedo = np.array([0.58, 0.55, 0.54], np.float32) * shadow[..., None]
    fibres = 0.75 + 0.25 * np.cos(turn * 23 + 2 * np.sin(turn * 7)) * np.clip(radius / 0.3, 0, 1)
    fibres *= 1 - 0.75 * np.clip((radius - 0.42) / 0.09, 0, 1)
    ring = np.clip((0.53 - radius) / 0.03, 0, 1)[..., None]
    albedo += ring * (np.asarray(IRISES[iris], np.float32) * fibres[..., None] - albedo)
    albedo *= (1 - np.clip((0.23 - radius) / 0.03, 0, 1))[..., None]
    return Material("eye", albedo=(0.008 + albedo).astype(np.float32), spec=0.8, rough=0.25)


def eye_surfaces(model: BodyModel, posed: PosedBody, material: str = "eyes") -> list[Surface]:
    """Both eyeballs of a posed body; what is +z at rest faces where the eyes look."""
    surfaces = []
    for triangles in model.eye_triangles.values():
        used, compact = np.unique(triangles, return_inverse=True)
        rest = posed.shape.vertices[used]
        low, high = rest.min(0), rest.max(0)
        uv = 0.5 + (rest[:, :2] - (low + high)[:2] / 2) / (high[1] - low[1])
        vertices, normals = posed.vertices[used], posed.vertices[used] - posed.vertices[used].mean(0)
        normals = normals / np.linalg.norm(normals, axis=1, keepdims=True)
        surfaces.append(
            Surface(
                vertices,
                normals.astype(np.float32),
                compact.reshape(-1, 3).astype(np.int32),
                uv.astype(np.float32),
                label=FACE,
                material=material,
                casts_shadow=False,
            )  # fmt: skip
        )
    return surfaces
