"""What is told of a library's error: the right row, and no key."""

import pytest
from pydantic_ai import exceptions as ai
from pydantic_ai.exceptions import FallbackExceptionGroup

from outrider.agents.models.failures import failure_of
from outrider.config import ModelSettings
from outrider.problems import OutriderError

SETTINGS = ModelSettings.model_validate({"provider": "openai", "model": "gpt"})


def refused(key: str) -> ai.ModelHTTPError:
    return ai.ModelHTTPError(401, "gpt", {"message": f"Incorrect key {key}"})


def test_no_key_is_told_whichever_of_the_models_has_failed() -> None:
    error = FallbackExceptionGroup("all failed", [refused("own-key-1"), refused("other-key-2")])
    problem = failure_of(error, "gpt", SETTINGS, {"own-key-1", "other-key-2", ""})

    assert isinstance(problem, OutriderError)
    assert "Incorrect key ‹key›" in problem.message


def test_what_the_library_knows_a_model_can_not_do_is_the_request() -> None:
    problem = failure_of(ai.UserError("JSON output is not supported by this model."), "gpt", SETTINGS, ())

    assert isinstance(problem, OutriderError)
    assert (problem.code, "not supported" in problem.message) == ("MODEL_REQUEST_REJECTED", True)


def test_a_local_model_that_is_the_last_of_the_fallbacks_says_itself_what_it_has() -> None:
    ended = OutriderError("MODEL_KEEPS_ENDING", model="mine")

    assert failure_of(FallbackExceptionGroup("all failed", [refused("x"), ended]), "gpt", SETTINGS, ()) is ended


@pytest.mark.parametrize("error", [ValueError("a defect"), KeyError("x")])
def test_what_is_no_failure_of_a_model_stays_what_it_is(error: Exception) -> None:
    assert failure_of(error, "gpt", SETTINGS, ()) is error
