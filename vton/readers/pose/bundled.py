"""The bundled pose backend: heatmaps of a PhotoUNet (after Xiao et al. 2018, arXiv 1804.06208), looked at twice."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vton.readers.base import NO_PERSON, check_photo
from vton.readers.photo_network import BundledBackend, PhotoNetwork, View, first_views, tile_views
from vton.readers.pose.heatmap_decoding import PRESENCE
from vton.readers.pose.people import FoundPerson, heat_of, main_person, people_in
from vton.schema import InputError, Pose, SizeHW
from vton.schema.pose import MIN_JOINTS

CHECKPOINT = "pose-bundled"
LEAST_CONFIDENCE = 0.1  # of a joint; one that is less sure is missing
# Room around a person for the closer look, in parts of the longer side of the joints' box.
_PADDING = 0.15
_FEW_JOINTS, _PADDING_OF_FEW = 10, 0.5  # with few joints the body may reach far beyond them
_LOW, _ON = 1.1, 1.8  # height over width of a photo that is looked at as if it went on, and how far
_LEAST_PERSON = 0.5  # probability that somebody is there
_SUSPICION = 0.1  # that of the whole photo below which its tiles are not searched: small people show that much
_LEAST_PERSON_OF_TILE = 0.95  # among many crops some look like anything
_LEAST_CERTAINTY = 2.5  # sum of the confidences: a face with shoulders has about five
_DOUBTFUL = 9.0  # sum of the confidences below which the first look is not enough
_CLOSER_LOOKS = 2  # at most
_LEAST_GAIN = 1.15  # in scale: below it a closer look shows nothing new


class BundledPoseEstimator(BundledBackend):
    """COCO-18 of the main person.

    Args:
        checkpoint: bundled name, folder or Hub id; ``pose-bundled`` by default.

    Raises:
        InputError: the checkpoint is missing, corrupt or of another network.
    """

    bundled_as = CHECKPOINT

    def __init__(self, checkpoint: str | Path | None = None) -> None:
        self._network = PhotoNetwork(checkpoint or CHECKPOINT, map_channels=18, pooled=19)

    def estimate(self, image_u8: np.ndarray) -> Pose:
        """Finds the main person's joints.

        Args:
            image_u8: [H, W, 3] or [H, W], uint8.

        Returns:
            The pose in photo pixels. Confidence: probability of the place times the chance that the joint can be seen;
            a joint below 0.1 is missing.

        Raises:
            InputError: nobody there.
        """
        image = check_photo(image_u8)
        person = self._first_look(image)
        for _ in range(_CLOSER_LOOKS):
            padding = _PADDING if (person.peak > 0).sum() >= _FEW_JOINTS else _PADDING_OF_FEW
            view = View.around(image, person.box, padding, self._network.size_hw)
            if view.transform.scale < _LEAST_GAIN * person.scale:
                break
            person = self._closer_look(view, person)
        inside = ((person.xy >= 0) & (person.xy <= image.shape[1::-1])).all(axis=1)
        confidence = np.where(inside, person.peak, 0)
        if (confidence > 0).sum() < MIN_JOINTS or confidence.sum() < _LEAST_CERTAINTY:
            raise InputError(NO_PERSON)
        return Pose(np.where(confidence[:, None] > 0, person.xy, 0), confidence, image.shape[:2])

    def _first_look(self, image_u8: np.ndarray) -> FoundPerson:
        """The main person, in photo pixels; where the whole photo leaves it in doubt, its tiles are searched too."""
        width = image_u8.shape[1]
        views = first_views(image_u8, self._network.size_hw)
        if len(views) == 1 and image_u8.shape[0] < _LOW * width:
            views.append(_going_on(image_u8, self._network.size_hw))
        people, suspicion = self._people(views, _LEAST_PERSON)
        best = main_person(people, width)
        if suspicion >= _SUSPICION and (best is None or best.peak.sum() < _DOUBTFUL):
            people += self._people(tile_views(image_u8, self._network.size_hw), _LEAST_PERSON_OF_TILE)[0]
            best = main_person(people, width)
        if best is None:
            raise InputError(NO_PERSON)
        return best

    def _people(self, views: list[View], least: float) -> tuple[list[FoundPerson], float]:
        """People in the views that show somebody with a probability of ``least``, and the largest probability."""
        if not views:
            return [], 0.0
        maps, pooled = self._network(views)
        probability = _sigmoid(pooled[:, PRESENCE])
        shown = np.flatnonzero(probability >= least)
        people = [self._in_photo(p, pooled[i], views[i]) for i in shown for p in people_in(heat_of(maps[i]))]
        return people, float(probability.max())

    def _closer_look(self, view: View, person: FoundPerson) -> FoundPerson:
        """The same person from a closer view; as before when that view shows nobody."""
        (maps,), (logits,) = self._network([view])
        hint = np.where(person.peak[:, None] > 0, view.to_canvas(person.xy) / self._network.map_stride, np.nan)
        closer = [self._in_photo(p, logits, view) for p in people_in(heat_of(maps), hint)]
        return closer[0] if closer and (closer[0].peak > 0).sum() >= MIN_JOINTS else person

    def _in_photo(self, person: FoundPerson, logits: np.ndarray, view: View) -> FoundPerson:
        confidence = person.peak * _sigmoid(logits[:PRESENCE])
        confidence = np.where(confidence < LEAST_CONFIDENCE, 0, confidence)
        return FoundPerson(view.to_photo(person.xy * self._network.map_stride), confidence, view.transform.scale)


def _going_on(image_u8: np.ndarray, canvas_hw: SizeHW) -> View:
    """The middle of a low photo, as if it went on below: near people who are cut at the hips are large there."""
    h, w = image_u8.shape[:2]
    high = round(_ON * h)
    wide = round(high * canvas_hw[1] / canvas_hw[0])
    return View.beyond(image_u8, ((w - wide) // 2, 0, (w - wide) // 2 + wide, high), canvas_hw)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(x, -30, 30)))
