"""The pack of heads: windows around the heads of studio photos, with regions and joints, decoded once.

It holds ``heads.npy`` [M,S,S,3] uint8, ``regions.npy`` [M,S,S] uint8 (numbers of `REGIONS`), ``joints.npy`` [M,8,3]
float32 (see `window_joints`), ``heads.json`` (of each head, ``person``: the key of the outfit, whose photos show one
person in one look; ``photo``: its number among that outfit's photos of the whole person; and whether it is
``held_out``) and ``meta.json``. ``coarse.npy`` and ``coarse_regions.npy``, of the shapes of heads and regions, are what
the body's generator draws there; `vton.generation.head_training.coarse` adds them.
"""

from pathlib import Path

import numpy as np

from vton.data.pack import Pack
from vton.data.pack_folder import memory_maps
from vton.schema import REGIONS

HEAD_SIZE = 128


class HeadPack(Pack):
    """A pack of heads; ``len()`` counts them.

    See `Pack`; the arrays are told at the top of this file.

    Attributes:
        person: ``[M]``, int: heads of one person in one look have the same number.
        coarse, coarse_regions: None where nobody has added them.
    """

    kind = "heads"
    array_names = ("heads", "regions", "joints")
    heads: np.ndarray
    regions: np.ndarray
    joints: np.ndarray

    def __init__(self, folder):
        super().__init__(folder)
        added = ("coarse", "coarse_regions")
        there = all((Path(folder) / f"{name}.npy").is_file() for name in added)
        arrays = memory_maps(Path(folder), added) if there else dict.fromkeys(added)
        self.coarse, self.coarse_regions = (arrays[name] for name in added)
        _, self.person = np.unique([head["person"] for head in self.facts], return_inverse=True)

    def __len__(self) -> int:
        return len(self.heads)

    @property
    def size(self) -> int:
        """Height and width of the windows."""
        return self.meta["size"]

    def is_whole(self) -> bool:
        """See `Pack`."""
        rows_ok = len(self.heads) == len(self.regions) == len(self.joints) == len(self.facts)
        return rows_ok and self.heads.shape[1] == self.size and self.meta["regions"] == list(REGIONS)

    def indices(self, held_out: bool) -> np.ndarray:
        """Numbers of the heads that are (or are not) held out, ascending."""
        return np.flatnonzero([head["held_out"] == held_out for head in self.facts])
