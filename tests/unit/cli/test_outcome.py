"""What ``outrider run`` prints about an outcome."""

import pytest

from outrider.cli.exits import Exit
from outrider.cli.run import print_outcome
from outrider.cli.task import Outcome
from outrider.client import ServerError
from outrider.problems import OutriderError


def test_an_answer_as_json_has_its_evidence() -> None:
    metadata = {"evidence": [{"field": "name", "url": "http://a/", "quote": "Lamp"}], "steps": 3, "seconds": 1.5}
    shown = Outcome("s1", "finished", {"name": "Lamp"}, metadata).as_json()
    assert shown == {
        "session_id": "s1",
        "status": "finished",
        "result": {"name": "Lamp"},
        "evidence": metadata["evidence"],
        "missing": [],
        "steps": 3,
        "seconds": 1.5,
        "usage": None,
        "question": None,
        "error": None,
    }


def test_an_error_as_json_is_the_envelopes_error_with_the_request_id() -> None:
    problem = ServerError("UNAUTHORIZED", message="No.", cause="Because.", fix="Do.", request_id="req_1")
    error = Outcome(None, "error", error=problem, exit=Exit.USAGE).as_json()["error"]
    assert (error["code"], error["message"], error["cause"], error["hint"]) == (
        "UNAUTHORIZED",
        "No.",
        "Because.",
        "Do.",
    )
    assert error["requestId"] == "req_1"


def test_an_error_of_our_own_has_no_request_id() -> None:
    problem = OutriderError("SERVER_UNREACHABLE", url="http://a", reason="It is off.")
    assert Outcome(None, "error", error=problem).as_json()["error"]["requestId"] == ""


def test_a_text_is_printed_as_it_is_and_json_readably() -> None:
    assert Outcome("s", "finished", "OK").text == "OK"
    assert Outcome("s", "finished", {"price": "£1"}).text == '{\n  "price": "£1"\n}'


def test_what_the_answer_lacks_is_told_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    print_outcome(Outcome("s", "finished", "Lamp", {"missing": ["colour", "size"]}), as_json=False)
    assert capsys.readouterr() == ("Lamp\n", "missing: colour; size\n")


def test_a_whole_answer_stands_alone(capsys: pytest.CaptureFixture[str]) -> None:
    print_outcome(Outcome("s", "finished", "Lamp", {"missing": []}), as_json=False)
    assert capsys.readouterr() == ("Lamp\n", "")
