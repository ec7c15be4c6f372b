"""What decides the bytes of a data set."""

from dataclasses import asdict, dataclass
from typing import Any

from vton.schema import InputError
from vton.studio.rendering.framing import parse_shares

OUTFITS_PER_SHARD = 20

SIZES = {256: (256, 192), 512: (512, 384), 1024: (1024, 768)}
"""Photo sizes [height, width] by the name of ``--size``."""

LATER = ("assets", "framings", "occlusions", "wear", "worn", "sets")
"""Settings that earlier versions had not."""

SHARES = ("half", "turned", "occlusions", "wear", "worn", "sets")


@dataclass(frozen=True)
class Settings:
    """What decides a dataset's bytes.

    outfits: geometries; looks: appearances of each; poses: photos of each look; half, turned: share of half-body
    framings, and of three-quarter, side and back views; per_shard: outfits that share a file; assets: whether persons
    are made of photographs; framings: shares as in `framing.parse_shares`, in place of ``half``; occlusions: share of
    photos in which hair, a phone, a cup or a bag lies before the clothes; wear: share of outfits that are worn half
    tucked, open, closed, rolled up ... where their articles can be; worn: share of outfits whose articles are also cut
    from the photo of another wearer; sets: share of outfits that are photographed in other places and lights than
    before light paper.
    """

    outfits: int
    poses: int = 2
    looks: int = 6
    size: int = 256
    seed: int = 0
    half: float = 0.0
    turned: float = 0.0
    per_shard: int = OUTFITS_PER_SHARD
    assets: bool = False
    framings: str = ""
    occlusions: float = 0.0
    wear: float = 0.0
    worn: float = 0.0
    sets: float = 0.0

    def __post_init__(self) -> None:
        if self.size not in SIZES:
            raise InputError(f"--size must be one of {', '.join(map(str, SIZES))}.")
        if min(self.outfits, self.poses, self.looks) < 1 or not 0 <= self.seed <= 999:
            raise InputError("--outfits, --poses and --looks must be at least 1, and --seed 0 to 999.")
        if not all(0 <= getattr(self, name) <= 1 for name in SHARES):
            raise InputError(f"{', '.join(f'--{name}' for name in SHARES)} are shares between 0 and 1.")
        parse_shares(self.framings)
        if self.framings and self.half:
            raise InputError("--half is a part of --framings: write half=P there.")

    def to_dict(self) -> dict[str, Any]:
        """What an earlier run is compared by; what earlier versions had not is not mentioned where it is not used."""
        return {name: value for name, value in asdict(self).items() if value or name not in LATER}

    def shards(self) -> list[tuple[str, range]]:
        """Name of each shard, and the outfits in it."""
        starts = range(0, self.outfits, self.per_shard)
        return [
            (f"studio-{self.seed:03d}-{start // self.per_shard:05d}.tar",
             range(start, min(start + self.per_shard, self.outfits)))
            for start in starts
        ]  # fmt: skip
