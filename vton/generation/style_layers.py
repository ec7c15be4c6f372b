"""Which style layers carry colour and pose: the transfer table of Yildirim et al. 2019 (arXiv 1908.08847).

The paper numbers 18 layers at 1024x768, two per resolution (1-2: 4x3, ... 17-18: 1024x768), and takes colour
from the source on layers 13-18 and pose on layers 1-3. Here the same table is written by resolution, so that
it holds at other sizes: colour = resolutions of at least a quarter of the height, pose = 4x3 and the first
layer of 8x6.

StyleGAN2 has one convolution at 4x3 and one style more for the last toRGB. So layers 1 and 2 share ``ws`` 0,
layer k is ``ws`` k-2, and the last layer also owns the last ``ws``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from vton.schema import InputError, SizeHW

Transfer = str | tuple[int, int] | Sequence[int]


@dataclass(frozen=True)
class StyleLayers:
    """The numbered layers of one generator.

    Attributes:
        size_hw: size of its images.
        ws_heights: height in pixels of each ``ws`` index (``StyleGAN2Generator.layer_heights``).
    """

    size_hw: SizeHW
    ws_heights: tuple[int, ...]

    def __post_init__(self):
        heights = sorted(set(self.ws_heights))
        expected = [heights[0], *(h for h in heights[1:] for _ in range(2)), heights[-1]]
        if list(self.ws_heights) != expected or heights[-1] != self.size_hw[0]:
            raise ValueError(f"not the layers of a StyleGAN2 generator: {self.ws_heights}")

    @property
    def resolutions(self) -> tuple[int, ...]:
        """Heights, from coarse to fine."""
        return tuple(sorted(set(self.ws_heights)))

    @property
    def count(self) -> int:
        """Number of layers as the paper counts them: two per resolution."""
        return 2 * len(self.resolutions)

    def height(self, layer: int) -> int:
        """Height in pixels of layer 1..count."""
        return self.resolutions[(layer - 1) // 2]

    @property
    def colour(self) -> tuple[int, int]:
        """First and last layer of the colour transfer."""
        first = next(k for k in range(1, self.count + 1) if 4 * self.height(k) >= self.size_hw[0])
        return first, self.count

    @property
    def pose(self) -> tuple[int, int]:
        """First and last layer of the pose transfer."""
        return 1, 3

    def parse(self, transfer: Transfer) -> tuple[int, int]:
        """Turn "colour", "pose", "5-9", "7" or (5, 9) into the first and last layer.

        Raises:
            InputError: not one of these, or layers that this generator does not have.
        """
        if isinstance(transfer, str):
            word = transfer.strip().lower()
            if word in ("colour", "color"):
                return self.colour
            if word == "pose":
                return self.pose
            ends = word.split("-") if "-" in word else [word, word]
        else:
            ends = [str(end) for end in transfer or ()]
        if len(ends) != 2 or not all(map(_is_layer, ends)):
            raise InputError(f"Transfer must be colour, pose or a range of layers such as 5-{self.count}.")
        first, last = (int(end) for end in ends)
        if not 1 <= first <= last <= self.count:
            raise InputError(
                f"Layers {first}-{last} do not exist: this model has layers 1-{self.count}, low to high."
            )
        return first, last

    def name(self, transfer: Transfer) -> str:
        """What a recipe keeps: "colour", "pose" or "5-9"."""
        first, last = self.parse(transfer)
        if isinstance(transfer, str) and not transfer.strip()[:1].isdecimal():
            return "pose" if transfer.strip().lower() == "pose" else "colour"
        return f"{first}-{last}"

    def ws_indices(self, layers: tuple[int, int]) -> list[int]:
        """The ``ws`` indices that the layers first..last own."""
        first, last = layers
        indices = {max(0, layer - 2) for layer in range(first, last + 1)}
        if last == self.count:
            indices.add(len(self.ws_heights) - 1)
        return sorted(indices)

    def covers_colour(self, layers: tuple[int, int]) -> bool:
        """Whether a range holds every colour layer."""
        return layers[0] <= self.colour[0] and layers[1] >= self.colour[1]

    def covers_pose(self, layers: tuple[int, int]) -> bool:
        """Whether a range holds every pose layer."""
        return layers[0] <= self.pose[0] and layers[1] >= self.pose[1]

    def text(self, transfer: Transfer) -> str:
        """For the user, e.g. "layers 9-14 of 14, 64x48 to 256x192"."""
        first, last = self.parse(transfer)
        span = f"layer {first}" if first == last else f"layers {first}-{last}"
        low, high = (self._size_text(self.height(layer)) for layer in (first, last))
        return f"{span} of {self.count}, " + (low if low == high else f"{low} to {high}")

    def _size_text(self, height: int) -> str:
        return f"{height}x{height * self.size_hw[1] // self.size_hw[0]}"


def _is_layer(text: str) -> bool:
    return text.strip().isdecimal() and text.strip().isascii() and len(text) < 5
