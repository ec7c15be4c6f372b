"""The body: shapes from specs, forward kinematics and skinning, and the smooth surface that is drawn and draped on."""

import functools
from collections.abc import Mapping

import numpy as np
import scipy.sparse as sparse

from vton.schema import InputError
from vton.studio.body.measures import Regions, measure
from vton.studio.body.phenotypes import phenotypes_of, shape_coefficients
from vton.studio.body.shape import BodyShape, BodySurface, PosedBody
from vton.studio.body.skinning import add_shapes, forward_kinematics, skin, transform_point
from vton.studio.body.standards import MANNEQUINS, STANDARD
from vton.studio.geometry.mesh import adjacency, subdivision_operator, vertex_normals
from vton.studio.specs.labels import LABEL
from vton.studio.specs.person import BodySpec

NECK_TOP, NECK_BOTTOM = 6.55, 6.2
"""Heights on the template in decimetres: above the first is face, below the second neck, whatever the bones say."""

CHEST_ROUNDS, CHEST_STRENGTH = 12, 0.6

BELLY = "stomach-pregnant-incr"
"""anny's local change behind `BodySpec.belly`."""


ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
LEG_BONES = ("upperleg", "lowerleg", "foot", "toe")
FOOT_BONES = ("foot", "toe")
TORSO_BONES = ("spine", "clavicle", "shoulder", "breast", "pelvis", "root")


def belongs(bones: tuple[str, ...], parts: tuple[str, ...]) -> np.ndarray:
    """[B] bool: the bones of these parts."""
    return np.array([any(part in bone for part in parts) for bone in bones])


def label_of(bone: str) -> int:
    """The class of a bone's skin in the parsing."""
    for label, parts in (("arms", ARM_BONES), ("feet", FOOT_BONES), ("legs", LEG_BONES), ("neck", ("neck",)),
                         ("torso", TORSO_BONES)):  # fmt: skip
        if any(part in bone for part in parts):
            return LABEL[label]
    return LABEL["face"]


class BodyModel:
    """What is the same for all bodies. V = 19158 vertices of MakeHuman's base mesh, B = 163 bones.

    Attributes:
        bones: names; bone_index: their numbers; parents: [B], -1 for the root, always before their children.
        template: [V, 3] f32, MakeHuman's neutral body in decimetres: the frame of face features, skin paint and hair.
        triangles, uv, uv_triangles: the skin, whose vertices come first (helpers and eyes follow).
        eye_triangles: of the eyeballs, "left" and "right"; the front of an eye is +z at rest.
        weights [V, K] f32, weight_bones [V, K] i32: skinning.
        regions: arms, legs, ... as [V] bool.
        masks: [1024, 1024] u8 in the UV square by name (lips, eyelids, ears, face, fingernails, toenails, aureolae,
            inside-mouth); the first row is v = 1.
        local_names: local changes that `BodySpec.face` may name, and that of the belly.
        keypoint_weights: [Q, V] sparse, COCO keypoints from vertices; keypoint_names: [Q].
    """

    def __init__(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Args: arrays: of the file that `baking.bake` writes."""
        self._arrays = dict(arrays)
        self.bones = tuple(str(b) for b in arrays["bones"])
        self.bone_index = {bone: i for i, bone in enumerate(self.bones)}
        self.parents = arrays["parents"]
        self.template = arrays["template"]
        self.triangles, self.uv = arrays["body_triangles"], arrays["uv"]
        self.uv_triangles = arrays["body_uv_triangles"]
        self.eye_triangles = {side: arrays[f"{side}_eye_triangles"] for side in ("left", "right")}
        self.weights, self.weight_bones = arrays["weights"], arrays["weight_bones"]
        self.masks = dict(zip((str(n) for n in arrays["mask_names"]), arrays["masks"], strict=True))
        self.local_names = tuple(str(name) for name in arrays["local_names"])
        self.keypoint_names = tuple(str(name) for name in arrays["keypoint_names"])
        self.keypoint_weights = sparse.csr_matrix(
            (arrays["keypoint_weights"], (arrays["keypoint_rows"], arrays["keypoint_vertices"])),
            shape=(len(self.keypoint_names), len(self.template)),
        )
        self.regions = self._regions()
        self._skin_count = int(self.triangles.max()) + 1

    def shape(self, spec: BodySpec) -> BodyShape:
        """The body of a spec, at rest.

        Raises:
            InputError: the spec names a change of the face that the model has not.
        """
        vertices, joints = self._blended(spec)
        floor = vertices[self.regions.body, 1].min()
        vertices[:, 1] -= floor
        joints[:, 1] -= floor
        self._flatten_areolae(vertices)
        by_name = dict(zip(self.bones, joints, strict=True))
        normals = vertex_normals(vertices, self.triangles)
        return BodyShape(self, spec, vertices, normals, by_name, measure(vertices, by_name, self.regions))

    @functools.cache  # noqa: B019 (one model per process)
    def mannequin(self, gender: str) -> BodyShape:
        """The hidden body of packshots, "female" or "male"."""
        return self.shape(MANNEQUINS[gender])

    @functools.cache  # noqa: B019 (one model per process)
    def standard(self) -> BodyShape:
        """The body in whose sizes the cloth of all garments is measured (`grading`)."""
        return self.shape(STANDARD)

    def pose(self, shape: BodyShape, rotations: Mapping[str, np.ndarray]) -> PosedBody:
        """A body in a pose, bare soles on y = 0, the middle between its ankles on x = z = 0.

        Args:
            shape: the body.
            rotations: [3, 3] by bone, in the axes of the world at rest, relative to the parent; others do not turn.
        """
        transforms = forward_kinematics(self.bones, self.parents, shape.joints, rotations)
        vertices = skin(shape.vertices, self.weights, self.weight_bones, transforms)
        ankles = [transform_point(transforms[self.bone_index[b]], shape.joints[b]) for b in ("foot.L", "foot.R")]
        centre = np.mean(ankles, 0)
        offset = np.array([-centre[0], -vertices[self.regions.body, 1].min(), -centre[2]])
        transforms[:, :3, 3] += offset
        vertices += offset.astype(np.float32)
        normals = vertex_normals(vertices, self.triangles)
        return PosedBody(shape, transforms, vertices, normals, self.surface(vertices))

    def surface(self, vertices: np.ndarray) -> BodySurface:
        """The smooth surface of vertices [V, 3]."""
        operator, triangles = self._subdivision
        fine = operator @ vertices[: self._skin_count]
        uv, uv_triangles = self._fine_uv
        return BodySurface(
            fine, vertex_normals(fine, triangles), triangles, uv, uv_triangles, self.surface_labels, self.surface_toes
        )

    @functools.cached_property
    def surface_labels(self) -> np.ndarray:
        """[T] u8 class of the parsing of each of the surface's triangles."""
        of_bone = np.array([label_of(bone) for bone in self.bones], np.uint8)
        of_vertex = of_bone[self._main_bones()]
        height = self.template[:, 1]
        of_vertex[(of_vertex == LABEL["neck"]) & (height > NECK_TOP)] = LABEL["face"]
        of_vertex[(of_vertex == LABEL["face"]) & (height < NECK_BOTTOM)] = LABEL["neck"]
        return np.tile(np.sort(of_vertex[self.triangles], 1)[:, 1], 4)

    @functools.cached_property
    def surface_toes(self) -> np.ndarray:
        """[T] bool, the toes among the surface's triangles."""
        of_vertex = belongs(self.bones, ("toe",))[self._main_bones()]
        return np.tile(of_vertex[self.triangles].sum(1) >= 2, 4)

    @functools.cached_property
    def surface_fingers(self) -> np.ndarray:
        """Which of the surface's vertices are of fingers, bool."""
        of_vertex = belongs(self.bones, ("finger",))[self._main_bones()][: self._skin_count]
        return self._subdivision[0] @ of_vertex.astype(np.float32) > 0.5

    @functools.cached_property
    def surface_left(self) -> np.ndarray:
        """Which of the surface's vertices lie in the left half of the template, bool."""
        return (self._subdivision[0] @ self.template[: self._skin_count])[:, 0] >= 0

    @functools.cached_property
    def collider_vertices(self) -> np.ndarray:
        """Numbers of the surface's vertices that cloth lies on (areolae left out)."""
        chosen = np.zeros(self._skin_count, np.float32)
        chosen[self.areolae] = 1
        return np.flatnonzero(self._subdivision[0] @ chosen <= 0.3)

    @functools.cached_property
    def _subdivision(self) -> tuple[sparse.csr_matrix, np.ndarray]:
        return subdivision_operator(self.triangles, self._skin_count)

    @functools.cached_property
    def _fine_uv(self) -> tuple[np.ndarray, np.ndarray]:
        operator, triangles = subdivision_operator(self.uv_triangles, len(self.uv))
        return (operator @ self.uv).astype(np.float32), triangles

    @functools.cached_property
    def areolae(self) -> np.ndarray:
        """Vertices of the areolae and two rings around them."""
        mask = self.masks["aureolae"]
        uv = self.uv[self.uv_triangles.ravel()]
        row = np.clip(((1 - uv[:, 1]) * len(mask)).astype(int), 0, len(mask) - 1)
        column = np.clip((uv[:, 0] * len(mask)).astype(int), 0, len(mask) - 1)
        chosen = np.zeros(self._skin_count, bool)
        chosen[self.triangles.ravel()[mask[row, column] > 13]] = True
        for _ in range(3):
            chosen[self.triangles[chosen[self.triangles].any(1)]] = True
        return np.flatnonzero(chosen & self.regions.torso[: self._skin_count])

    @functools.cached_property
    def _areola_neighbours(self) -> sparse.csr_matrix:
        rows = adjacency(self.triangles, self._skin_count)[self.areolae]
        return sparse.diags(1 / np.asarray(rows.sum(1)).ravel()) @ rows

    def _flatten_areolae(self, vertices: np.ndarray) -> None:
        """Cloth shows no nipples: they are smoothed away in place."""
        for _ in range(CHEST_ROUNDS):
            mean = self._areola_neighbours @ vertices[: self._skin_count]
            vertices[self.areolae] += CHEST_STRENGTH * (mean - vertices[self.areolae])

    def _blended(self, spec: BodySpec) -> tuple[np.ndarray, np.ndarray]:
        if unknown := sorted(set(spec.face) - (set(self.local_names) - {BELLY})):
            raise InputError(f"The body has no change of the face {', '.join(unknown)}.")
        arrays = self._arrays
        coefficients = shape_coefficients(phenotypes_of(spec), arrays["phenotype_mask"], arrays["phenotype_projection"])
        vertices = arrays["rest_vertices"].copy()
        add_shapes(vertices, arrays["basis"], (coefficients * arrays["basis_scale"]).astype(np.float32))
        joints = arrays["rest_joints"] + np.tensordot(coefficients, arrays["basis_joints"], 1)
        rows = {name: 2 * i for i, name in enumerate(self.local_names)}
        changes = [(rows[name] + (value < 0), abs(value)) for name, value in (spec.face | {BELLY: spec.belly}).items()]
        starts, last = arrays["local_starts"], 2 * len(rows)
        for row, amount in [*changes, (last, spec.smile)]:
            if not amount:
                continue
            part = slice(starts[row], starts[row + 1])
            vertices[arrays["local_vertices"][part]] += np.float32(amount) * arrays["local_offsets"][part]
            joints += amount * arrays["local_joints"][row]
        return vertices, joints

    def _main_bones(self) -> np.ndarray:
        return self.weight_bones[np.arange(len(self.weights)), self.weights.argmax(1)]

    def _regions(self) -> Regions:
        body = np.zeros(len(self.template), bool)
        body[self.triangles] = True
        main = self._main_bones()
        arm, leg, foot = (belongs(self.bones, p)[main] & body for p in (ARM_BONES, LEG_BONES, FOOT_BONES))
        head = np.array([label_of(b) == LABEL["face"] or b in ("neck02", "neck03") for b in self.bones])[main] & body
        return Regions(body, arm, leg, foot, head)
