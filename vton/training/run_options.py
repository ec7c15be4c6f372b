"""What a command says of a run beside its configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class RunOptions:
    """Folders and files of a run.

    Attributes:
        data: folders of packs.
        initial: run or checkpoint folder whose weights start the run; parts_from: such a folder by part.
        features: EfficientNet-Lite0 weights; lpips_weights: LPIPS weights; None where the file is not given.
    """

    data: tuple[str, ...]
    initial: Path | None = None
    parts_from: Mapping[str, Path] = field(default_factory=dict)
    features: Path | None = None
    lpips_weights: Path | None = None
