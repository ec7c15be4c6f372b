"""The camera that frames a figure, and where its joints are in the photo."""

import numpy as np

from vton.schema import COCO18, MPII16, InputError
from vton.studio.figures.figure import Figure
from vton.studio.photos import keypoints
from vton.studio.raster.camera import StudioCamera
from vton.studio.rendering.framing import CAMERA_M, CROPS, FRAMINGS, Landmarks, crop_camera
from vton.studio.rendering.surface import Surface
from vton.studio.specs.labels import HAT
from vton.studio.specs.photo import ViewSpec

CENTRING = 0.7
"""How far the camera follows a person whose pose leans out to one side."""

SHORTEST_M = 1.5
"""Persons below this height do not fill the picture."""

HALF_SHARE = 0.60


def camera_of(figure: Figure, view: ViewSpec) -> StudioCamera:
    """The camera that frames a figure as a view asks for."""
    if view.framing in CROPS:
        landmarks = Landmarks.of(figure.posed.shape, figure.posed.transforms)
        tops = [s.vertices[:, 1].max() for s in figure.surfaces if s.drawn and s.material == "hair" or _is_hat(s)]
        return crop_camera(landmarks.raised(max(tops, default=0.0)), view)
    points = np.concatenate([s.vertices for s in figure.surfaces if s.drawn])
    top = float(points[:, 1].max())
    middle = CENTRING * float(points[:, 0].min() + points[:, 0].max()) / 2 + view.shift_x
    tall = max(top, SHORTEST_M)
    height, target_y = tall * view.zoom, tall * 0.5 - 0.004
    if view.framing == "half":
        height *= HALF_SHARE
        target_y = top + 0.04 * tall - height / 2
    elif view.framing != "full":
        raise InputError(f"No framing {view.framing!r}: use {', '.join(FRAMINGS)}.")
    return StudioCamera((middle, view.eye_height, CAMERA_M), (middle, target_y, 0.0), height)


def _is_hat(surface: Surface) -> bool:
    return not isinstance(surface.label, np.ndarray) and surface.label == HAT


def joints_of(figure: Figure, camera: StudioCamera, size_hw: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """COCO-18 and MPII-16 joints of a figure, [18,3] and [16,3] f32: x, y in pixels and visibility."""
    places = np.concatenate([keypoints.coco18(figure.posed), keypoints.mpii16(figure.posed)])
    xy = camera.project(places, size_hw)[:, :2]
    visible = keypoints.visibility((*COCO18, *MPII16), places, figure.posed, figure.surfaces, camera.eye)
    outside = (xy < 0).any(1) | (xy[:, 0] > size_hw[1]) | (xy[:, 1] > size_hw[0])
    table = np.column_stack([xy, np.where(outside, 0, visible)]).astype(np.float32)
    return table[: len(COCO18)], table[len(COCO18) :]
