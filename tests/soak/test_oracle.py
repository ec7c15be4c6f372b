"""The judge: what each fault looks like, and that good answers have none."""

import pytest

from vton.soak.jobs import Outcome
from vton.soak.oracle import alike, faults_of, message_of, told_to_wait
from vton.soak.report import Report, spread
from vton.soak.server import Sample
from vton.soak.wire import Answer


def said(text, **more):
    return Answer("error", data={"error": text}, **more)


@pytest.mark.parametrize(
    "answer",
    [
        said("The seed must be a whole number: send one from 0 to 9007199254740991."),
        said("Send pictures with handle_file(...), or upload them at /gradio_api/upload first."),
        said("&lt;b&gt; is not an image this program can read: use a PNG, JPEG or WebP file."),
        said("Use 5/6 or a range such as 3-7, and top/bottom."),
        Answer("refused", 503, '{"detail": "Queue is full. Max size is 32 and size is 32."}'),
        Answer("refused", 422, '{"detail": [{"msg": "Input should be a valid list", "input": 3}]}'),
        Answer("complete", data=[{"path": "/tmp/x/y.png", "url": "http://127.0.0.1:1/file=/tmp/x/y.png"}, "top"]),
        Answer("left"),
    ],
)
def test_good_answers_have_no_faults(answer):
    assert faults_of(answer) == []


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (said(None), "empty message"),
        (said(" "), "empty message"),
        (Answer("error", data="None"), "empty message"),
        (Answer("error", data=None), "empty message"),
        (said("Cannot read /srv/uploads/a.png: no such file."), "path told"),
        (said("Cannot open '/etc/hostname'."), "path told"),
        (said("See lib/python3.11/site-packages."), "path told"),
        (said("C:\\Users\\me is missing."), "path told"),
        (said('Traceback (most recent call last): File "x.py", line 3, in f'), "traceback told"),
        (said("The upstream Gradio app has raised an exception."), "opaque message"),
        (said("1 validation error for ImageData"), "opaque message"),
        (said("No preset <img src=x>."), "markup"),
        (said("One line\nand another."), "several lines"),
        (said("word " * 100), "long message"),
        (Answer("refused", 500, "Internal Server Error"), "opaque message"),
        (Answer("unanswered"), "unanswered"),
        (Answer("complete", data=["<p>Cannot read /srv/data/a.png</p>"]), "path told"),
        (Answer("complete", data=["<p><img src=x onerror=vtonmark></p>"]), "markup"),
        (Answer("complete", data=[], said=["Look at /srv/data/a.png"]), "path told"),
    ],
)
def test_every_fault_is_seen(answer, fault):
    assert fault in faults_of(answer)


def test_who_is_told_to_wait():
    assert told_to_wait(Answer("refused", 503, '{"detail": "Queue is full."}'))
    assert told_to_wait(said("Too many visitors at once, 5 before you with about 8 s of work: try again in 2 s."))
    assert not told_to_wait(said("No person found: try again.")) and not told_to_wait(said(None))


def test_a_path_that_the_client_sent_is_no_secret_and_a_result_can_be_wrong():
    answer = said("No pose preset '/etc/hostname': use stand or wide.")
    assert faults_of(answer, '"/etc/hostname"') == [] and faults_of(answer, '"/etc/other"') == ["path told"]
    assert faults_of(Answer("complete", data=[1]), must_refuse=True) == ["not refused"]
    assert faults_of(Answer("complete", said=["Dress: this picture is no longer here."]), must_refuse=True) == []


def test_answers_are_alike_when_their_words_are():
    assert alike([said("Upload it again."), said("Upload it again.", seconds=3)])
    assert not alike([said("Upload it again."), said("No person found.")])
    assert not alike([said("Upload it again."), Answer("complete", data=[])])
    assert message_of(Answer("refused", 400, '{"detail": "no"}')) == "no"


def sample(rss_mb):
    return Sample(rss_mb, rss_mb, 9, 9, 9, 1.0)


def test_the_report_counts_and_names_the_bars_that_were_missed():
    report = Report({"seed": 3}, baseline=sample(1000), end=sample(1090))
    for number in range(7):
        report.add(Outcome(number, "file", "pose", "a file", [Answer("complete", seconds=number)]))
    assert report.missed() == [] and report.to_dict()["requests"] == 7
    for number in range(7):
        report.add(Outcome(number, "file", "pose", "a file", [said(None)], ["empty message"]))
    report.end, report.left, report.deaths = sample(1200), {"SIGTERM": ["a.png"]}, 1
    found = report.to_dict()
    assert len(found["examples"]["empty message"]) == 5 and found["faults"] == {"empty message": 7}
    assert set(found["missed"]) == {
        "7 x empty message", "1 deaths", "memory grew by 20 %", "1 files left after SIGTERM",
    }  # fmt: skip


def test_spread_of_seconds():
    assert spread([2.0]) == {"count": 1, "median": 2.0, "p95": 2.0, "max": 2.0}
    assert spread([float(n) for n in range(101)]) == {"count": 101, "median": 50.0, "p95": 95.0, "max": 100.0}
