"""IPTC's terms for where a picture comes from, https://cv.iptc.org/newscodes/digitalsourcetype."""

from enum import StrEnum

_VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"


class DigitalSourceType(StrEnum):
    """Those of the pictures that are made here."""

    GENERATED = _VOCABULARY + "trainedAlgorithmicMedia"
    """Drawn by a trained network from nothing but its inputs."""
    COMPOSITE = _VOCABULARY + "compositeWithTrainedAlgorithmicMedia"
    """Photos and what a trained network drew, in one picture: a try-on, a sheet."""
