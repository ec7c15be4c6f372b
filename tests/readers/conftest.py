"""Backends on colour-reading networks; see ``tiny.colour_networks``."""

import socket

import pytest
from tiny.colour_networks import garment_checkpoint, parser_checkpoint, pose_checkpoint

from vton.readers.garment.bundled import BundledGarmentSegmenter
from vton.readers.parser.bundled import BundledParser
from vton.readers.pose.bundled import BundledPoseEstimator


@pytest.fixture(scope="session")
def pose_estimator(tmp_path_factory):
    return BundledPoseEstimator(pose_checkpoint(tmp_path_factory.mktemp("networks") / "pose"))


@pytest.fixture(scope="session")
def parser(tmp_path_factory):
    return BundledParser(parser_checkpoint(tmp_path_factory.mktemp("networks") / "parser"))


@pytest.fixture(scope="session")
def segmenter(tmp_path_factory):
    return BundledGarmentSegmenter(garment_checkpoint(tmp_path_factory.mktemp("networks") / "garment"))


@pytest.fixture
def no_network_and_an_empty_cache(monkeypatch, tmp_path):
    def refuse(*_):
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
