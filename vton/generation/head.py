"""The face of a picture, drawn anew by the generator of heads in its window."""

import torch

from vton.conditioning.pose.head_window import (
    head_window,
    inset_share,
    joint_planes,
    put_window,
    sample_window,
    window_joints,
)
from vton.networks.head_inset import HeadInset
from vton.networks.stylegan2.generator import SynthesisOutput
from vton.schema import Pose, as_size

_LEAST = 1e-6  # share of a region


def with_head(output: SynthesisOutput, inset: HeadInset, latent: torch.Tensor, pose: Pose) -> SynthesisOutput:
    """The picture and its parsing with another face; as they are where the pose has none.

    Args:
        output: of the spatial mode, one picture of any size; latent: ``[1, z_dim]``, who it is.
    """
    pose = pose.fit(as_size(output.image.shape[2:]))
    window, size = head_window(pose), inset.config["size"]
    if window is None:
        return output
    whole = output.parsing_logits
    assert whole is not None
    image, logits = (sample_window(x, window, size) for x in (output.image, whole))
    joints = torch.from_numpy(window_joints(pose, window))[None].to(image.device)
    head = inset(latent, image, logits, joint_planes(joints, size))
    # Shares of the regions are mixed, not logits: a trace of the steep ones of an enlarged picture outweighs the head.
    before, drawn = logits.float().softmax(1), head.logits.float().softmax(1)
    share = inset_share(before, drawn)
    image = put_window(output.image, head.image, window, share)
    regions = put_window(whole.float().softmax(1), drawn, window, share)
    return output._replace(image=image, parsing_logits=regions.clamp(min=_LEAST).log())
