"""Styles of a photo in a file: the weights that understand them are named in it."""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from vton.schema import InputError, Pose

_KIND = "vton styles"
_MAX_BYTES = 4_000_000


@dataclass(frozen=True)
class Latent:
    """What draws a person: styles and pose.

    Attributes:
        ws: ``[1, num_ws, w_dim]``, float32; pose: on a canvas of the generator's shape.
        system, revision: the weights that the styles belong to.
    """

    ws: torch.Tensor
    pose: Pose
    system: str
    revision: str

    def to_bytes(self) -> bytes:
        """A safetensors file."""
        facts = {"kind": _KIND, "system": self.system, "revision": self.revision,
                 "pose": json.dumps(self.pose.to_openpose())}  # fmt: skip
        return save({"ws": self.ws.detach().cpu().contiguous()}, facts)

    @classmethod
    def read(cls, path: str | Path, system: str, revision: str, shape: tuple[int, ...]) -> "Latent":
        """Reads what `to_bytes` gave.

        Args:
            system, revision, shape: of the weights at hand, and of their ``ws``.

        Raises:
            InputError: no such file, something else, or styles that belong to other weights.
        """
        path = Path(path)
        try:
            if path.stat().st_size > _MAX_BYTES:
                raise InputError(f"'{path.name}' is too large for styles: use a file that `vton project` wrote.")
            with safe_open(path, "pt") as file:
                facts = file.metadata() or {}
                ws = file.get_tensor("ws") if facts.get("kind") == _KIND else None
        except (OSError, SafetensorError) as error:
            raise InputError(f"Cannot read '{path.name}': use a file that `vton project` wrote.") from error
        if ws is None:
            raise InputError(f"'{path.name}' holds no styles: use a file that `vton project` wrote.")
        if (facts.get("system"), facts.get("revision")) != (system, revision) or tuple(ws.shape) != shape:
            raise InputError(f"'{path.name}' belongs to other weights of {system}: project its photo again.")
        if not torch.isfinite(ws).all():
            raise InputError(f"'{path.name}' is damaged: project its photo again.")
        return cls(ws.float(), Pose.from_openpose(facts.get("pose", "")), system, revision)
