"""Lines about events."""

import pytest

from outrider.cli.progress import open_view, step_line
from outrider.client import Event


def test_a_line_has_the_time_the_kind_and_the_text() -> None:
    event = Event("step", {"text": "click “Add to basket”: done", "message_id": 4}, 4)
    assert step_line(event, 1.25) == "   1.2 s  step    click “Add to basket”: done"


def test_a_long_text_stays_one_line_of_bounded_length() -> None:
    line = step_line(Event("done", {"text": "word\n" * 400}, 9), 0.0)
    assert "\n" not in line
    assert line.endswith("…")
    assert len(line) < 330


def test_an_event_of_a_newer_server_is_shown_by_its_own_name() -> None:
    assert step_line(Event("cheered", {}, 1), 0.0).split() == ["0.0", "s", "cheered"]


def test_progress_goes_to_standard_error_only(capsys: pytest.CaptureFixture[str]) -> None:
    with open_view() as view:
        view.say("hello [bold]")
        view.show(Event("thought", {"text": "hm"}, 1))
        with view.prompt():
            pass
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.splitlines()[0] == "hello [bold]"
    assert shown.err.splitlines()[1].endswith("think   hm")
