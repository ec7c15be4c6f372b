"""PhotoUNets with weights set by hand: each map lights up where the photo has a certain colour.

They stand in for trained ones where the way to the network and back is tested: what they should find can be drawn.
"""

import cv2
import numpy as np
import torch

from vton.hub import write_manifest
from vton.readers.photo_unet import PhotoUNet
from vton.schema import PARSER_LABELS, SLOTS, Pose

GREY = 128
SIZE_HW = (256, 192)


def directions(count):
    """Evenly spread unit vectors: [count, 3] (a Fibonacci sphere)."""
    i = np.arange(count) + 0.5
    z, turn = 1 - 2 * i / count, np.pi * (1 + 5**0.5) * i
    r = np.sqrt(1 - z * z)
    return np.stack([r * np.cos(turn), r * np.sin(turn), z], axis=1)


def colours(count):
    """The colours that the maps look for: [count, 3], uint8."""
    return np.round(GREY + 120 * directions(count)).astype(np.uint8)


DRAWN_JOINTS = 14  # eyes and ears lie too close together for discs
JOINT_COLOURS = colours(DRAWN_JOINTS)
LABEL_COLOURS = np.concatenate([np.full((1, 3), GREY, np.uint8), colours(len(PARSER_LABELS) - 1)])


def colour_network(wanted, bias, stride, pooled, size_hw=SIZE_HW, gain=25.0):
    """A PhotoUNet of which map i is ``gain * (colour . wanted[i]) + bias[i]`` and ``pooled`` is constant.

    Args:
        wanted: [C, 3] directions of colour from grey; bias: [C]; pooled: [P] logits.
    """
    network = PhotoUNet(size_hw, (6, 6, 8, 8, 8), (0, 0, 0, 0), len(wanted), stride, len(pooled))
    taps = torch.zeros(3, 3)
    taps[1:, 1:] = 0.25  # the mean of a 2x2 block
    signs = torch.zeros(6, 3)
    for colour in range(3):
        signs[2 * colour, colour], signs[2 * colour + 1, colour] = 1, -1
    with torch.no_grad():
        network.stem[0].weight.copy_(signs[:, :, None, None] * taps)
        network.down[0].reduce[0].weight.copy_(torch.eye(6)[:, :, None, None] * taps)
        for up in network.up:
            up.narrow[1].weight.zero_()
        network.head.weight.zero_()
        network.head.weight[:, :, 1, 1] = gain * torch.tensor(wanted, dtype=torch.float32) @ signs.T
        network.head.bias.copy_(torch.tensor(bias, dtype=torch.float32))
        network.pool_head.weight.zero_()
        network.pool_head.bias.copy_(torch.tensor(pooled, dtype=torch.float32))
    return network


def save(network, folder):
    """Writes a checkpoint folder."""
    network.save_pretrained(folder)
    write_manifest(folder)
    return folder


def pose_checkpoint(folder, person=5.0, visible=5.0):
    """Looks for `JOINT_COLOURS`; never sees an eye or an ear."""
    unseen = 18 - DRAWN_JOINTS
    wanted = np.concatenate([directions(DRAWN_JOINTS), np.zeros((unseen, 3))])
    pooled = [visible] * DRAWN_JOINTS + [-6.0] * unseen + [person]
    return save(colour_network(wanted, np.zeros(18), 4, pooled, gain=40.0), folder)


def parser_checkpoint(folder, person=5.0):
    """Looks for `LABEL_COLOURS`; grey is the background."""
    count = len(PARSER_LABELS)
    wanted = np.concatenate([np.zeros((1, 3)), directions(count - 1)])
    return save(colour_network(wanted, [12.0] + [0.0] * (count - 1), 2, [person]), folder)


def garment_checkpoint(folder, slot="bottom", garment=True):
    """Takes for a garment what is redder than grey."""
    pooled = [3.0 if name == slot else 0.0 for name in SLOTS] + [-3.0 if garment else 9.0, 0.0]
    return save(colour_network([[1.0, 0, 0]], [-8.0], 2, pooled, (256, 256)), folder)


def figure(height, left, top, size_hw):
    """A standing figure of that height without symmetry, the top left corner of its joints there; no eyes, no ears."""
    unit = np.array(
        [[20, 0], [20, 13], [9, 15], [4, 29], [0, 42], [31, 15], [37, 28], [44, 40], [13, 46], [12, 72], [10, 100],
         [27, 46], [30, 71], [33, 99]], float
    )  # fmt: skip
    xy = np.zeros((18, 2))
    xy[:DRAWN_JOINTS] = unit * height / 100 + (left, top)
    return Pose(xy, np.arange(18) < DRAWN_JOINTS, size_hw)


def draw_joints(pose, image_u8=None, radius=None):
    """A disc in its colour at every joint, on grey or on the given picture; about a cell of the maps in radius."""
    image = np.full((*pose.size_hw, 3), GREY, np.uint8) if image_u8 is None else image_u8.copy()
    radius = max(pose.size_hw[0] / SIZE_HW[0], pose.size_hw[1] / SIZE_HW[1]) * 5.5 if radius is None else radius
    for joint in np.flatnonzero(pose.present):
        x, y = np.round((pose.keypoints_xy[joint] - 0.5) * 16).astype(int)
        colour = JOINT_COLOURS[joint].tolist()
        cv2.circle(image, (int(x), int(y)), round(radius * 16), colour, -1, cv2.LINE_AA, shift=4)
    return image
