"""Codes that clients decide by: their spelling and status are for good."""

import pytest

from outrider.problems import CATALOGUE

FROZEN = {
    "IDEMPOTENCY_CONFLICT": 409,
    "IDEMPOTENCY_IN_FLIGHT": 409,
    "IDEMPOTENCY_KEY_INVALID": 400,
    "IDEMPOTENCY_NOT_REPLAYABLE": 409,
    "IDEMPOTENCY_OUTCOME_UNKNOWN": 409,
    "INTERNAL_ERROR": 500,
    "MAINTENANCE": 503,
    "MALFORMED_JSON": 400,
    "METHOD_NOT_ALLOWED": 405,
    "OVERLOADED": 503,
    "PAYLOAD_TOO_LARGE": 413,
    "PRECONDITION_INVALID": 400,
    "REQUEST_NOT_FOUND": 404,
    "REQUEST_TIMEOUT": 408,
    "ROUTE_NOT_FOUND": 404,
    "SCOPE_MISSING": 403,
    "SERVER_TIMEOUT": 504,
    "UNAUTHORIZED": 401,
    "UNKNOWN": 500,
    "UNPROCESSABLE": 422,
    "UNSUPPORTED_MEDIA_TYPE": 415,
    "VERSION_CONFLICT": 409,
}
#: What the same request may meet with success, sooner or later.
RETRYABLE = {
    "IDEMPOTENCY_IN_FLIGHT",
    "INTERNAL_ERROR",
    "MAINTENANCE",
    "OVERLOADED",
    "REQUEST_TIMEOUT",
    "SERVER_TIMEOUT",
}


@pytest.mark.row("X17")
@pytest.mark.parametrize("code", FROZEN)
def test_a_code_is_as_it_was(code: str) -> None:
    row = CATALOGUE[code]
    assert (row.status, row.retryable) == (FROZEN[code], code in RETRYABLE)
