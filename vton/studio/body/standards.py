"""Bodies that are the same for all: the mannequins of packshots, and the one in whose sizes cloth is measured."""

from dataclasses import replace

from vton.studio.specs.person import BodySpec

MANNEQUINS = {
    gender: BodySpec(
        gender=gender,
        age=0.68,
        muscle=muscle,
        weight=0.42,
        height=0.62,
        proportions=0.8,
        cup_size=0.5,
        firmness=0.7,
        african=0.33,
        asian=0.33,
        caucasian=0.34,
    )
    for gender, muscle in (("female", 0.5), ("male", 0.55))
}

STANDARD = replace(MANNEQUINS["female"], height=0.42)
"""A body of middle sizes for a man or a woman."""
