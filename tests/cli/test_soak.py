"""`python -m vton soak`: what it refuses before it starts a server."""

import pytest

from vton.cli import main


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (["--minutes", "0"], "above 0"),
        (["--clients", "0"], "above 0"),
        (["--burst", "-3"], "above 0"),
        (["--app", "nosuchfile.py"], "nosuchfile.py"),
        (["--out", "report.txt"], ".json"),
    ],
)
def test_wrong_options_are_refused_in_one_line(flags, says, refuse):
    refuse(main(["soak", *flags]), says)
