"""Projection and try-on by search: they come nearer, keep what they must, end early, and stop without a trace."""

import pytest
import torch
from safetensors.torch import save_file
from tiny.random_networks import random_lpips

from vton.conditioning.pose.heatmaps import pose_heatmaps
from vton.conditioning.pose.presets import preset_poses
from vton.systems.tryongan.distance import LaplacianDistance, load_distance
from vton.systems.tryongan.interpolation import LOSSES, Fitting, TryOnSettings, interpolate
from vton.systems.tryongan.network import NUM_LABELS
from vton.systems.tryongan.projection import PhotoTensors, ProjectionSettings, likeness, project, tune
from vton.systems.tryongan.regions import SlotLabels, localisation
from vton.systems.tryongan.search import PATIENCE, Steps, descend, finished

SETTINGS = ProjectionSettings(Steps(6, 12, 0.1))


@pytest.fixture
def photos(network):
    """Two pictures that the generator can draw."""
    pose_map = pose_heatmaps(list(preset_poses().values())[:2], network.pose_hw)
    with torch.no_grad():
        drawn = network(torch.randn(2, 16, generator=torch.Generator().manual_seed(3)), pose_map)
    labels = torch.nn.functional.one_hot(drawn.logits.argmax(1), NUM_LABELS).movedim(3, 1).float()
    return PhotoTensors(drawn.image, labels, pose_map)


@pytest.fixture
def fitting(network, photos):
    """The first in what the second wears."""
    styles = network.styles(network.mapping(torch.randn(2, 16, generator=torch.Generator().manual_seed(3))))
    person, garment = ([one[i : i + 1] for one in styles] for i in (0, 1))
    return Fitting(network, person, garment, photos.pose_map[:1], "top", LaplacianDistance())


def test_the_distance_is_zero_for_equal_pictures_alone_and_symmetric():
    a, b = torch.rand(2, 2, 3, 64, 48).unbind(0)
    distance = LaplacianDistance()
    assert (distance(a, a) == 0).all() and (distance(a, b) > 0).all()
    assert torch.allclose(distance(a, b), distance(b, a)) and distance(a, b).shape == (2,)


def test_lpips_takes_pictures_of_every_height_of_a_search(tmp_path):
    save_file(random_lpips("alexnet"), tmp_path / "lpips.safetensors")
    distance = load_distance(tmp_path / "lpips.safetensors")
    for height in (32, 64, 128):
        a, b = torch.rand(2, 1, 3, height, height * 3 // 4).unbind(0)
        assert (distance(a, a) == 0).all() and (distance(a, b) > 0).all()
    assert distance.name == "lpips_alexnet" and load_distance().name == "laplacian"


def test_projection_comes_nearer_than_the_encoder(network, photos):
    def error(ws):
        return likeness(network.draw(ws, photos.pose_map), photos, LaplacianDistance(), SETTINGS).item()

    start = network.encode(photos.image, photos.labels)
    moments = []
    ws = finished(project(network, photos, LaplacianDistance(), SETTINGS), moments.append)
    assert error(ws) < 0.8 * error(start) and ws.shape == start.shape
    assert [moment.done for moment in moments] == list(range(1, 19)) and moments[-1].of == 18
    assert moments[0].image.shape == (2, 3, 32, 24) and moments[-1].image.shape == (2, 3, 64, 48)


def test_tuning_changes_a_copy_of_the_generator(network, photos):
    before = {name: value.clone() for name, value in network.state_dict().items()}
    settings = ProjectionSettings(SETTINGS.steps, Steps(2, 4, 0.01))
    ws = network.encode(photos.image, photos.labels)
    tuned = finished(tune(network, ws, photos, LaplacianDistance(), settings))
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    drawn = [net.draw(ws, photos.pose_map) for net in (tuned, network)]
    near, far = (likeness(one, photos, LaplacianDistance(), settings) for one in drawn)
    assert near < far
    assert finished(tune(network, ws, photos, LaplacianDistance(), SETTINGS)) is network


def test_a_search_that_is_stopped_leaves_the_network_as_it_was(network, photos):
    before = {name: value.clone() for name, value in network.state_dict().items()}

    def stop(moment):
        if moment.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        finished(project(network, photos, LaplacianDistance(), SETTINGS), stop)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert not any(parameter.requires_grad or parameter.grad is not None for parameter in network.parameters())


def test_a_height_is_left_when_nothing_gets_better(network, photos):
    x = torch.zeros(1, requires_grad=True)
    drawn = network.draw(network.mapping(torch.zeros(1, 16)), photos.pose_map[:1])
    moments = []
    finished(descend("nothing", [x], Steps(100, 100, 0.1), network.heights, lambda height: (0 * x.sum() + 1, drawn)),
             moments.append)  # fmt: skip
    assert len(moments) == 2 * (PATIENCE + 1)


def test_at_q_0_it_is_the_person_and_at_q_1_the_garments_photo(fitting):
    assert torch.equal(fitting.draw(fitting.constant(0.0)).image, fitting.before.image)
    assert torch.allclose(fitting.draw(fitting.constant(1.0)).image, fitting.worn.image, atol=1e-5)
    unedited = fitting.terms(fitting.constant(0.0), fitting.before, TryOnSettings())
    assert unedited["identity"] == 0 and unedited["localisation"] == 0 and unedited["garment"] > 0
    swapped = fitting.terms(fitting.constant(1.0), fitting.worn, TryOnSettings())
    assert swapped["garment"].abs() < 1e-6 and swapped["identity"] > 0


def test_the_search_beats_the_person_at_the_garment_and_the_swap_at_the_identity(fitting):
    settings = TryOnSettings(steps=Steps(8, 12, 0.2))
    fitted = finished(interpolate(fitting, settings))
    assert all(0 <= q.min() and q.max() <= 1 for q in fitted.q)
    ends = fitting.terms(fitted.q, fitted.drawn, settings)
    unedited = fitting.terms(fitting.constant(0.0), fitting.before, settings)
    swapped = fitting.terms(fitting.constant(1.0), fitting.worn, settings)
    assert ends["garment"] < unedited["garment"] and ends["identity"] < swapped["identity"]


@pytest.mark.parametrize("loss", LOSSES)
def test_without_a_loss_its_part_gets_worse(fitting, loss):
    settings = TryOnSettings(localisation=0.5, steps=Steps(8, 12, 0.2))
    ends = []
    for chosen in (settings, settings.without([loss])):
        fitted = finished(interpolate(fitting, chosen))
        ends.append(fitting.terms(fitted.q, fitted.drawn, settings)[loss].item())
    assert ends[0] < ends[1]


def test_channels_that_draw_the_garment_alone_cost_nothing():
    slot = SlotLabels.of("top")
    logits = torch.full((1, NUM_LABELS, 8, 6), -20.0)
    logits[:, slot.garment[0], :4], logits[:, slot.kept[0], 4:] = 20.0, 20.0
    activation = torch.zeros(1, 3, 8, 6)
    activation[:, 0, :4] = 2.0  # the garment's
    activation[:, 1, 4:] = 3.0  # the other region's
    activation[:, 2] = 1.0
    (cost,) = localisation([activation], logits, slot)
    assert torch.allclose(cost, torch.tensor([-1.0, 1.0, 0.0]), atol=1e-3)


def test_each_label_is_of_one_kind_for_a_slot():
    for slot in ("top", "outer", "bottom", "dress"):
        labels = SlotLabels.of(slot)
        groups = [*labels.edited, *labels.free, *labels.kept]
        assert sorted(groups) == list(range(1, NUM_LABELS)) and set(labels.garment) <= set(labels.edited)
