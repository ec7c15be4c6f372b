"""Joints to maps and back."""

import torch

from vton.networks.heatmap_decoding import decode_joints, joint_targets


def test_targets_are_distributions_that_decode_to_the_joints():
    xy = torch.tensor([[[40.0, 60.0], [41.5, 63.25], [100.2, 20.9], [3.0, 5.0], [187.0, 250.0]]])
    target = joint_targets(xy, (64, 48), 4, 1.5)
    assert torch.allclose(target.sum((2, 3)), torch.ones(1, 5), atol=1e-5)
    found, share = decode_joints(target.clamp(min=1e-12).log(), 4)
    error = (found - xy).norm(dim=2)[0]
    assert (error[:3] < 0.5).all() and (error[3:] < 5).all()
    assert (share > 0.9).all() and (share <= 1.001).all()


def test_the_higher_of_two_peaks_wins_and_the_share_says_so():
    two = joint_targets(torch.tensor([[[40.0, 60.0]], [[150.0, 200.0]]]), (64, 48), 4, 1.5)
    mixed = (0.7 * two[0] + 0.3 * two[1])[None]
    found, share = decode_joints(mixed.clamp(min=1e-12).log(), 4)
    assert (found[0, 0] - torch.tensor([40.0, 60.0])).norm() < 0.5
    assert 0.6 < float(share) < 0.75


def test_flat_maps_are_unsure():
    assert float(decode_joints(torch.zeros(1, 1, 64, 48))[1]) < 0.05
