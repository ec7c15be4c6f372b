"""How the command line refuses, for the tests of all verbs."""

import pytest


@pytest.fixture
def refuse(capsys):
    """``refuse(code, *words)``: code 2 and one line of error that holds the words; no path, no traceback."""

    def refuse(code, *words):
        error = capsys.readouterr().err
        assert code == 2 and error.startswith("error: ") and error.count("\n") == 1, error
        assert "Traceback" not in error and "/tmp" not in error
        for word in words:
            assert word in error

    return refuse
