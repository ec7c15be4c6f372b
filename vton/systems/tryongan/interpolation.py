"""Try-on by interpolating styles (Lewis et al. 2021, arXiv 2101.02285, sections 3.3 to 3.5).

Of each channel of each layer, ``style = person + q * (garment - person)`` with q in 0..1, at the person's pose. The
generator stays as it is; q is searched for, so that the garment comes and the person stays.

The paper's losses are kept; three things are ours. The garment's aim is its photo's styles drawn at the person's pose,
so that the pictures to be compared lie over each other. The localisation is scale-free, and it also says where q
begins. The segmentation takes part in the garment's loss, since colours alone do not say where a hem is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import torch
from torch import nn

from vton.systems.tryongan.network import DressedPicture, Styles, TryOnGAN
from vton.systems.tryongan.regions import SlotLabels, localisation, share_of
from vton.systems.tryongan.search import Search, Steps, descend

LOSSES = ("localisation", "garment", "identity")


@dataclass(frozen=True)
class TryOnSettings:
    """Ours; the paper's constants are 0.01, 1 and 1, with 2,000 steps of 0.005.

    Attributes:
        localisation, garment, identity: weights of the losses; shape: of the segmentation in the garment's.
        sureness: of where q begins, in logits per unit of localisation.
    """

    localisation: float = 0.1
    garment: float = 1.0
    identity: float = 1.0
    shape: float = 0.5
    sureness: float = 3.0
    steps: Steps = Steps(30, 30, 0.1)

    def without(self, names: Iterable[str]) -> "TryOnSettings":
        """The same with some of `LOSSES` switched off."""
        off = {name: 0.0 for name in names if name in LOSSES}
        return TryOnSettings(**{**self.__dict__, **off})


class Fitting:
    """One person and one garment in the space of styles: what is to be kept, and what is to come.

    Args:
        network: frozen.
        person, garment: styles of the two photos, of one picture each.
        pose_map: ``[1, 16, h, w]``, the person's.
        slot: one of ``TRYON_SLOTS``.
        distance: of pictures.
    """

    def __init__(self, network: TryOnGAN, person: Styles, garment: Styles, pose_map: torch.Tensor, slot: str,
                 distance: nn.Module):
        self.network, self.person, self.garment, self.distance = network, person, garment, distance
        self.labels = SlotLabels.of(slot)
        with torch.no_grad():
            self.pose = network.pose(pose_map)
            before = network.synthesis(person, self.pose, watch=True)
            worn = network.synthesis(garment, self.pose, watch=True)
            assert before.activations is not None and worn.activations is not None  # both are watched
            both = [torch.cat(pair) for pair in zip(before.activations, worn.activations, strict=True)]
            self.cost = localisation(both, torch.cat([before.logits, worn.logits]), self.labels)
        self.before, self.worn = before._replace(activations=None), worn._replace(activations=None)
        self._aims: dict[int, Aim] = {}

    def mixed(self, q: list[torch.Tensor]) -> Styles:
        """The styles for ``q``, ``[C]`` of each layer, 0 (the person's) .. 1 (the garment's)."""
        pairs = zip(self.person, self.garment, q, strict=True)
        return [person + share * (garment - person) for person, garment, share in pairs]

    def constant(self, share: float) -> list[torch.Tensor]:
        """The same q everywhere."""
        return [torch.full_like(style[0], share) for style in self.person]

    def by_region(self, sureness: float) -> list[torch.Tensor]:
        """The q that localisation alone gives: the garment's styles in the channels that draw its region."""
        return [torch.sigmoid(-sureness * cost) for cost in self.cost]

    @torch.no_grad()
    def draw(self, q: list[torch.Tensor]) -> DressedPicture:
        """The whole picture for q."""
        return self.network.synthesis(self.mixed(q), self.pose)

    def terms(self, q: list[torch.Tensor], drawn: DressedPicture, settings: TryOnSettings) -> dict[str, torch.Tensor]:
        """The three losses without their weights, by name; of pictures of any of the generator's heights."""
        aim = self._aim(drawn.image.shape[2])
        shown = share_of(drawn.logits, self.labels.garment)
        garment = self.distance(drawn.image * shown.detach(), aim.garment).mean()
        shape = (shown - aim.shown).abs().mean()
        identity = self.distance(drawn.image * aim.kept, aim.identity).mean()
        cost = torch.cat([share * price for share, price in zip(q, self.cost, strict=True)]).mean()
        return {"localisation": cost, "garment": garment + settings.shape * shape, "identity": identity}

    def _aim(self, height: int) -> "Aim":
        if height not in self._aims:
            with torch.no_grad():
                before = self.network.synthesis(self.person, self.pose, until=height)
                worn = self.network.synthesis(self.garment, self.pose, until=height)
            shown = share_of(worn.logits, self.labels.garment)
            kept = share_of(before.logits, self.labels.kept)
            self._aims[height] = Aim(shown, worn.image * shown, kept, before.image * kept)
        return self._aims[height]


@dataclass(frozen=True)
class Aim:
    """What pictures of one height are compared with.

    Attributes:
        shown: ``[1, 1, h, w]``, 0..1, where the garment is to be; garment: ``[1, 3, h, w]``, the garment alone.
        kept: ``[1, 1, h, w]``, 0..1, what is to stay; identity: ``[1, 3, h, w]``, that alone.
    """

    shown: torch.Tensor
    garment: torch.Tensor
    kept: torch.Tensor
    identity: torch.Tensor


@dataclass(frozen=True)
class Fitted:
    """q: ``[C]`` of each layer, 0..1; drawn: the picture of it."""

    q: list[torch.Tensor]
    drawn: DressedPicture


def interpolate(fitting: Fitting, settings: TryOnSettings = TryOnSettings()) -> Search[Fitted]:
    """Searches for q.

    It begins where localisation puts it, or in the middle where that is switched off.
    """
    start = fitting.by_region(settings.sureness) if settings.localisation else fitting.constant(0.5)
    logits = [torch.logit(share).requires_grad_(True) for share in start]
    weights: Mapping[str, float] = {name: getattr(settings, name) for name in LOSSES}

    def loss_at(height: int) -> tuple[torch.Tensor, DressedPicture]:
        q = [torch.sigmoid(u) for u in logits]
        drawn = fitting.network.synthesis(fitting.mixed(q), fitting.pose, until=height)
        terms = fitting.terms(q, drawn, settings)
        return torch.stack([weights[name] * value for name, value in terms.items()]).sum(), drawn

    drawn = yield from descend("try-on", logits, settings.steps, fitting.network.heights, loss_at)
    return Fitted([torch.sigmoid(u).detach() for u in logits], drawn)
