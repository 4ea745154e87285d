"""What an answer with a failure repeats of the request's path."""

import json

import pytest

from outrider.api.errors import error_response
from outrider.problems import OutriderError


def told(segment: str) -> str:
    problem = OutriderError("SESSION_NOT_FOUND", session_id=segment)
    answer = error_response(problem, "req_1", "http://127.0.0.1:1", f"/v1/sessions/{segment}")
    return str(json.loads(bytes(answer.body))["message"])


@pytest.mark.parametrize("segment", [" ", " i", "“", "no\n"])
def test_what_is_too_short_for_a_secret_leaves_the_words_as_they_are(segment: str) -> None:
    assert told(segment) == f"There is no session “{segment}”."


@pytest.mark.parametrize("segment", ["p$ss", "two words", "päss"])
def test_what_is_no_name_and_no_id_is_not_repeated(segment: str) -> None:
    assert told(segment) == "There is no session “…”."
