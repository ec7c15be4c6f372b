"""Eight visitors who come at the same moment right after the start: each gets what a visitor gets who comes alone."""

from first_requests import KINDS, outcome, start


def test_parallel_first_requests_are_answered_as_quiet_ones():
    quiet, parallel = map(outcome, [start("quiet"), start("parallel")])
    assert list(quiet["answers"]) == list(KINDS)
    assert not [said for said in quiet["answers"].values() if said.startswith("error")]
    assert parallel["answers"] == quiet["answers"]
    assert not quiet["unguarded"] and not parallel["unguarded"]
