"""ACGPN (Yang et al. 2020, arXiv 2003.05863): body parts, clothes mask, clothes warping, content fusion."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin

from vton.conditioning.person.agnostic import PERSON_CHANNELS, TryOnInput
from vton.networks.garment_placement import place_by_joints
from vton.networks.geometric_matching import GarmentWarp, GeometricMatching
from vton.networks.stylegan2.layers import upsample2
from vton.networks.thin_plate_spline import warp
from vton.networks.tryon_output import TryOnOutput, compose
from vton.schema import SIDED_LABELS, SizeHW, as_size
from vton.schema.slots import TRYON_SLOTS
from vton.systems.acgpn.double_conv_unet import DoubleConvUNet
from vton.systems.acgpn.spatial_transformer import ClothesRefinement, SpatialTransformer, WarpedClothes

LABELS = len(SIDED_LABELS)
ARMS = [SIDED_LABELS.index(name) for name in ("left_arm", "right_arm")]
_SLOT_LABELS = [SIDED_LABELS.index(slot) for slot in TRYON_SLOTS]
SEMANTIC_CHANNELS = 1 + 3 + LABELS + 18 + 1 + 1
FUSION_CHANNELS = 3 + LABELS + 3 + 3 + 1


class ACGPN(ModelMixin, ConfigMixin):
    """The parts of ACGPN, each callable alone with the truth in place of what the part before predicts.

    Differences from the released code: nothing outside the erased region is drawn anew. Within it are the arms but for
    the hands, so all arms there are "newly exposed" ones, drawn by the fusion in the mean colour of the skin that is
    still seen; an arm that stays outside keeps its pixels. The garment enters the semantic parts laid on the person
    (``placed``), beside the outlines of the limbs. The fusion has a fourth channel, how much of the warped clothes it
    shows, so that prints arrive unblurred and shading can be added. Logits of labels go to their cross-entropy without
    a sigmoid.

    Two parts are lighter unless ``paper``. The spatial transformer pools away where things are, and learns little from
    few photos: `GeometricMatching` finds the control points, with the mask of the clothes as a further channel.
    The semantic parts work at half the canvas's size, and their logits are enlarged: a quarter of the work, and twice
    the view.

    Args:
        width: channels of the first level of the U-Nets; the refinement has half, the matching a third more (32
            by default, so that another system's run can be gone on with). ``ACGPN(**ACGPN.PAPER)`` has the paper's.
        levels, paper: see `DoubleConvUNet`. grid: control points per side. crop_hw: what the spline's network sees.
        placed: lay the garment on the person by the joints first, see `garment_placement`.
    """

    PAPER = {"width": 64, "levels": 5, "crop_hw": (256, 192), "placed": False, "paper": True}

    @register_to_config
    def __init__(self, width: int = 24, levels: int = 4, grid: int = 5, crop_hw: SizeHW = (128, 96),
                 placed: bool = True, paper: bool = False):
        super().__init__()
        self.placed, self.paper = placed, paper
        self.body_parts = DoubleConvUNet(SEMANTIC_CHANNELS, LABELS, width, levels, paper)
        self.clothes_mask = DoubleConvUNet(SEMANTIC_CHANNELS, 1, width, levels, paper)
        if paper:
            self.warp = SpatialTransformer(grid, crop_hw)
        else:
            matching = {"width": 4 * width // 3, "grid": grid, "crop_hw": crop_hw, "coarse": placed}
            self.warp = GeometricMatching(PERSON_CHANNELS + 1, **matching)
        self.refine = ClothesRefinement(width if paper else width // 2, levels, paper)
        self.fusion = DoubleConvUNet(FUSION_CHANNELS, 4, width, levels, paper)

    def predict_parts(self, inputs: TryOnInput, noise: torch.Tensor | None = None) -> torch.Tensor:
        """G1: logits of the labels without the new clothes, see `without_clothes`: [N, 16, H, W]."""
        return self._segment(self.body_parts, self._semantic(inputs, inputs.kept_parsing, noise))

    def predict_clothes(
        self, inputs: TryOnInput, parts: torch.Tensor, noise: torch.Tensor | None = None
    ) -> torch.Tensor:
        """G2: logits of the clothes' mask [N, 1, H, W], given body parts as planes [N, 16, H, W]."""
        return self._segment(self.clothes_mask, self._semantic(inputs, parts, noise))

    def fit_clothes(self, inputs: TryOnInput, mask: torch.Tensor) -> GarmentWarp:
        """The spline for a mask of the clothes [N, 1, H, W], 0 or 1."""
        return self.warp(inputs, mask if self.paper else torch.cat([inputs.person(), mask], 1))

    def warp_clothes(self, inputs: TryOnInput, mask: torch.Tensor) -> WarpedClothes:
        """The warping module, spline and refinement, for a mask of the clothes [N, 1, H, W], 0 or 1."""
        return self.refine(self.fit_clothes(inputs, mask), mask)

    def fuse(self, inputs: TryOnInput, parsing: torch.Tensor, clothes: torch.Tensor,
             noise: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """G3.

        Args:
            parsing: [N, 16, H, W], 0 or 1, with the new clothes, see `with_clothes`.
            clothes: [N, 3, H, W], -1..1; only what lies in the parsing's clothes is seen.

        Returns:
            RGB [N, 3, H, W], -1..1, and the share of ``clothes`` in the result [N, 1, H, W], 0 outside their mask.
        """
        mask = clothes_plane(inputs, parsing)
        noise = _silence(inputs) if noise is None else noise
        planes = [inputs.kept, parsing, clothes * mask, inputs.skin_planes, noise]
        raw = self.fusion(torch.cat(planes, 1)).float()
        return torch.tanh(raw[:, :3]), torch.sigmoid(raw[:, 3:]) * mask

    def forward(self, inputs: TryOnInput, generator: torch.Generator | None = None) -> TryOnOutput:
        """All parts, each on what the one before predicts (section 4 of the paper).

        Args:
            generator: of the noise plane, on the inputs' device; None for a plane of zeros.
        """
        noise = _silence(inputs)
        if generator is not None:
            noise = torch.randn(noise.shape, generator=generator, device=noise.device)
        parts = self.complete_parts(inputs, self.predict_parts(inputs, noise))
        mask = self.decide_mask(inputs, parts, self.predict_clothes(inputs, parts, noise))
        parsing = with_clothes(inputs, parts, mask)
        warped = self.warp_clothes(inputs, mask)
        rendered, share = self.fuse(inputs, parsing, warped.clothes, noise)
        return TryOnOutput(
            result=compose(inputs, warped.clothes, share, rendered),
            warped=warped.warp.warped,
            warped_mask=warped.warp.warped_mask,
            composition_mask=share * warped.alpha * inputs.erased,
            worn=mask * warped.warp.warped_mask * inputs.erased,
            grid=warped.warp.grid,
            steps={
                "clothes_mask": mask,
                "arms": parsing[:, ARMS].sum(1, keepdim=True) * inputs.erased,
                "refined": warped.refined,
                "clothes": warped.clothes,
                "rendered": rendered,
                "parsing": parsing,
            },
        )

    @staticmethod
    def complete_parts(inputs: TryOnInput, logits: torch.Tensor) -> torch.Tensor:
        """The likeliest label where erased, the photo's elsewhere, as planes: [N, 16, H, W], 0 or 1."""
        return torch.where(inputs.erased > 0.5, one_hot(logits.argmax(1)), inputs.kept_parsing)

    @staticmethod
    def decide_mask(inputs: TryOnInput, parts: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
        """Where the clothes are: above one half, widened by a pixel, not on predicted arms: [N, 1, H, W], 0 or 1."""
        mask = F.max_pool2d((logits > 0).float(), 3, 1, 1)
        return mask * (1 - parts[:, ARMS].sum(1, keepdim=True)) * inputs.erased

    def _segment(self, net: DoubleConvUNet, planes: torch.Tensor) -> torch.Tensor:
        if self.paper:
            return net(planes).float()
        return upsample2(net(F.avg_pool2d(planes, 2)).float())

    def _semantic(self, inputs: TryOnInput, parts: torch.Tensor, noise: torch.Tensor | None) -> torch.Tensor:
        garment, mask = inputs.garment, inputs.garment_mask
        if self.placed:
            garment, mask = warp(garment, mask, place_by_joints(inputs).grid(as_size(garment.shape[-2:])))
        noise = _silence(inputs) if noise is None else noise
        return torch.cat([mask, garment, parts, inputs.pose_maps, noise, inputs.limbs], 1)


def one_hot(labels: torch.Tensor) -> torch.Tensor:
    """``labels: [N, H, W]``, int64 -> [N, 16, H, W], float32."""
    return F.one_hot(labels, LABELS).permute(0, 3, 1, 2).float()


def without_clothes(labels: torch.Tensor, worn_mask: torch.Tensor) -> torch.Tensor:
    """The truth of G1: [N, H, W], the garment's own pixels (``worn_mask: [N, 1, H, W]``) turned to background."""
    return labels.masked_fill(worn_mask[:, 0] > 0.5, 0)


def with_clothes(inputs: TryOnInput, parts: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Body parts [N, 16, H, W] with the slot's label in ``mask: [N, 1, H, W]``: [N, 16, H, W], 0 or 1."""
    numbers = torch.tensor(_SLOT_LABELS, device=parts.device)[inputs.slot]
    clothes = one_hot(numbers[:, None, None])
    return torch.where(mask > 0.5, clothes, parts)


def clothes_plane(inputs: TryOnInput, parsing: torch.Tensor) -> torch.Tensor:
    """Where a parsing [N, 16, H, W] has the slot's label within the erased region: [N, 1, H, W]."""
    numbers = torch.tensor(_SLOT_LABELS, device=parsing.device)[inputs.slot]
    plane = parsing[torch.arange(len(inputs), device=parsing.device), numbers]
    return plane[:, None] * inputs.erased


def _silence(inputs: TryOnInput) -> torch.Tensor:
    return torch.zeros_like(inputs.erased)
