"""The folders of assets, and the persons that are painted from them."""

import functools
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from vton.schema import InputError
from vton.studio.accessories.kinds import HATS
from vton.studio.body.model import BodyModel
from vton.studio.body.shape import PosedBody
from vton.studio.fabrics.painting import linear
from vton.studio.likeness.casting import cast
from vton.studio.likeness.eyes import eye_albedo
from vton.studio.likeness.faces import FacePainter
from vton.studio.likeness.hair_meshes import NAMES, HairMeshes
from vton.studio.likeness.manifest import MANIFEST, verify
from vton.studio.likeness.painted_skin import SCALP_COVER, SkinPainter, tone_colour
from vton.studio.likeness.portraits import Portraits
from vton.studio.likeness.skins import SKINS, Skins
from vton.studio.raster.appearance import Material
from vton.studio.rendering.surface import Surface
from vton.studio.specs.form import Colour
from vton.studio.specs.look import LookSpec
from vton.studio.specs.person import LikenessSpec, PersonSpec

LIGHT_SKIN = 0.74
"""Factor of the lightest tone's albedo: photographs of light skin are not overexposed."""


def _dimming(tone: float) -> float:
    """Factor of the albedo of a tone, 0 lightest .. 9 darkest."""
    return LIGHT_SKIN + (1 - LIGHT_SKIN) * tone / 9


class Assets:
    """Photographs that persons are made of.

    Args:
        folder: holds the folders ``makehuman`` and ``portraits``.
        model: of the body.
        manifest: what the folders must hold.

    Raises:
        InputError: a file is missing or is not the expected one.
    """

    def __init__(self, folder: str | os.PathLike, model: BodyModel, manifest: Path = MANIFEST) -> None:
        folder = Path(folder)
        verify(folder, manifest)
        self.model = model
        self.portraits = Portraits(folder / "portraits")
        self.skins = Skins(folder / "makehuman" / "skins" / "textures", model)
        self._hair = HairMeshes(folder / "makehuman" / "hair")
        self._eyes = folder / "makehuman" / "eyes" / "materials"
        self._faces: dict[int, FacePainter] = {}

    def cast(self, looks: Sequence[LookSpec]) -> list[LookSpec]:
        """The looks with a likeness for each person, drawn from the person's own seed."""
        return cast(looks, self.portraits)

    def skin(self, person: PersonSpec, hair_colour: Colour, painter: SkinPainter) -> np.ndarray:
        """Albedo [size, size, 3] f32 linear of a person with a likeness, of the painter's size.

        Raises:
            InputError: the likeness names what the assets have not.
        """
        assert person.likeness is not None
        likeness, size = self._checked(person.likeness), painter.size
        if size not in self._faces:
            self._faces[size] = FacePainter(self.model, self.portraits, size)
        tone = person.skin.tone
        albedo = self.skins.albedo(likeness.skin, size, linear(tuple(tone_colour(tone))) * _dimming(tone))
        self._faces[size].paint(albedo, likeness.portraits)
        cover = SCALP_COVER.get(person.hair.style, 0.92)
        painter.patches["scalp"].paint(albedo, 0.75 * linear(hair_colour), cover)
        return np.clip(albedo, 0.004, 0.95, out=albedo)

    def hair(
        self, look: LookSpec, posed: PosedBody, colliders: Sequence[tuple[np.ndarray, np.ndarray]]
    ) -> Surface | None:
        """The hair of a posed person if it is a mesh: none under hats, which strands can be laid under."""
        name = self._mesh_of(look)
        return self._hair.surface(name, posed, colliders) if name else None

    def hair_material(self, look: LookSpec, colour: np.ndarray) -> Material | None:
        """The material of hair that is a mesh; colour: mean linear RGB [3]."""
        name = self._mesh_of(look)
        return self._hair.material(name, colour) if name else None

    @functools.lru_cache(maxsize=16)  # noqa: B019 (one per process)
    def eye(self, iris: str) -> Material:
        """The material of eyes of a colour."""
        return Material("eye", albedo=eye_albedo(self._eyes, iris), spec=0.8, rough=0.25)

    def _mesh_of(self, look: LookSpec) -> str | None:
        extra, likeness = look.outfit.article("accessory"), look.person.likeness
        return self._checked(likeness).hair if likeness and not (extra and extra.type in HATS) else None

    def _checked(self, likeness: LikenessSpec) -> LikenessSpec:
        """The likeness of a spec that anyone may have written, if all its names are known."""
        known = {likeness.skin: SKINS, likeness.hair: (None, *NAMES)} | dict.fromkeys(
            likeness.portraits, self.portraits.all
        )
        if unknown := [str(name) for name, names in known.items() if name not in names]:
            raise InputError(f"The assets have no {', '.join(unknown)}: use a spec that was made with them.")
        return likeness
