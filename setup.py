"""Which packages the wheel holds: all in vton/, so that a new folder needs no line, and the bundled weights."""

from setuptools import find_packages, setup

setup(packages=["vton.checkpoints", *find_packages(include=["vton", "vton.*"])])
