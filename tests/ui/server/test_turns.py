"""Whose turn it is: visitors alternate, leave the line when they are gone, and hear when there are too many."""

import threading
import time
from types import SimpleNamespace

import pytest

from vton.schema import InputError
from vton.ui.server.turns import MOST_JOBS_EACH, Turns
from vton.ui.server.visitor import Gone, Visitor


class Line(SimpleNamespace):
    """A queue of events as Gradio keeps it, as far as `Visitor` looks; ``told`` lists what was shown."""

    def __init__(self, *names):
        waiting = {name: SimpleNamespace(alive=True, session_hash=name) for name in names}
        super().__init__(event_ids_to_events=waiting, told=[])

    def set_progress(self, event, units):
        self.told.append((event, units[0].desc))

    def visitor(self, name):
        return Visitor(self, name, name)


def wait_for(condition):
    limit = time.time() + 20
    while not condition():
        assert time.time() < limit, "waited for nothing"
        time.sleep(0.002)


def start(work, *args):
    thread = threading.Thread(target=work, args=args, daemon=True)
    thread.start()
    return thread


def in_line(turns, count):
    wait_for(lambda: len(turns._line) == count)


def work_in_line(turns, work, names):
    """Does ``work(name)`` for each name, in threads that come into the line in that order while another works."""
    with turns.turn("picture"):
        threads = []
        for number, name in enumerate(names, 1):
            threads.append(start(work, name))
            in_line(turns, number)
    [thread.join(20) for thread in threads]


def test_jobs_of_several_steps_alternate():
    turns, line, order = Turns(), Line("a", "b"), []

    def work(name):
        with turns.turn("picture", 4, line.visitor(name)):
            for number in range(4):
                if number:
                    turns.pass_on()
                order.append(name)

    work_in_line(turns, work, "ab")
    assert "".join(order) == "abababab"


def test_first_come_first_served():
    turns, order = Turns(), []

    def work(name):
        with turns.turn("picture", visitor=Line(name).visitor(name)):
            order.append(name)

    work_in_line(turns, work, "ghcabdef")
    assert "".join(order) == "ghcabdef"


def test_a_turn_within_a_turn_is_the_same_turn():
    turns = Turns()
    with turns.turn("picture"), turns.turn("photo"):
        assert turns._holder.kind == "picture"
    assert turns._holder is None
    with turns.turn("picture"):
        pass
    assert turns.seconds("photo") is None and turns.seconds("picture") >= 0


@pytest.mark.parametrize("leave", ["closed", "cancelled"])
def test_who_left_neither_waits_nor_goes_on(leave):
    turns, line, steps, ended = Turns(), Line("a", "b"), [], []

    def left(name):
        if leave == "closed":
            line.event_ids_to_events[name].alive = False
        else:
            del line.event_ids_to_events[name]

    def work(name):
        try:
            with turns.turn("picture", 9, line.visitor(name)):
                for _ in range(9):
                    steps.append(name)
                    left(name)
                    turns.pass_on()
        except Gone as error:
            ended.append(name)
            assert not error.print_exception

    with turns.turn("picture"):
        waiting = start(work, "a")
        in_line(turns, 1)
        left("a")
        waiting.join(20)
        assert ended == ["a"] and not turns._line
    start(work, "b").join(20)
    assert ended == ["a", "b"] and steps == ["b"] and turns._holder is None


def test_place_and_seconds_are_told():
    turns, line = Turns(), Line("a", "b")
    turns._seconds["picture"] = 2.0

    def work(name):
        with turns.turn("picture", 1, line.visitor(name)):
            pass

    with turns.turn("picture"):
        threads = []
        for number, name in enumerate("ab", 1):
            threads.append(start(work, name))
            in_line(turns, number)
        wait_for(lambda: len(line.told) >= 2)
        assert ("a", "1 before you, about 4 s") in line.told and ("b", "2 before you, about 6 s") in line.told
    [thread.join(20) for thread in threads]
    assert line.told[-1] == ("b", "Your turn")


def test_too_much_work_is_refused_at_once_with_the_time_to_come_back():
    turns, line = Turns(most_seconds=5), Line("a", "b", "c")
    turns._seconds["picture"] = 1.0
    with turns.turn("picture", 20, line.visitor("a")):  # alone it may be long
        started = time.perf_counter()
        refused = []

        def work():
            with pytest.raises(InputError) as error, turns.turn("picture", 1, line.visitor("b")):
                pass
            refused.append(str(error.value))

        start(work).join(20)
        assert time.perf_counter() - started < 1
        assert refused == ["Too many visitors at once, 1 before you with about 20 s of work: try again in 16 s."]
        admitted = line.visitor("c")
        admitted.admitted = True
        waits = start(lambda: turns.turn("picture", 1, admitted).__enter__())
        in_line(turns, 1)
    waits.join(20)


def test_one_visitor_cannot_fill_the_line():
    turns, line = Turns(most_seconds=99), Line("a", "b")
    threads, refused = [], []

    def work(name):
        try:
            with turns.turn("picture", 1, line.visitor(name)):
                pass
        except InputError as error:
            refused.append((name, str(error)))

    with turns.turn("picture"):
        for number in range(1, MOST_JOBS_EACH + 1):
            threads.append(start(work, "a"))
            in_line(turns, number)
        start(work, "a").join(20)
        threads.append(start(work, "b"))
        in_line(turns, MOST_JOBS_EACH + 1)
    [thread.join(20) for thread in threads]
    assert len(refused) == 1 and refused[0][0] == "a" and "cancel" in refused[0][1]


def test_the_first_step_which_loads_a_network_is_not_measured():
    turns = Turns()
    with turns.turn("picture"):
        time.sleep(0.05)
    for _ in range(2):
        with turns.turn("picture"):
            pass
    assert turns.seconds("picture") < 0.02
