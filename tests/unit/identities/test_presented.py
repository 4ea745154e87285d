"""Where a key may stand in a request."""

import pytest

from outrider.identities.presented import is_token, presented_key
from outrider.problems import OutriderError


@pytest.mark.row("A28")
@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"authorization": "Bearer abc"}, None),
        ({"authorization": " bearer   abc "}, None),
        ({"x-api-key": "abc"}, None),
        ({"api_key": " abc\t"}, None),
        ({}, "abc"),
        ({"authorization": "Bearer abc", "x-api-key": "abc", "api_key": "abc"}, "abc"),
        # A proxy's own log-in is not ours.
        ({"authorization": "Basic dTpw", "api_key": "abc"}, None),
    ],
)
def test_the_places_of_a_key(headers: dict[str, str], query: str | None) -> None:
    assert presented_key(headers, query) == "abc"


@pytest.mark.row("A9", "A27", "X27")
@pytest.mark.parametrize(
    ("headers", "query", "reason"),
    [
        ({}, None, "no “Authorization” header"),
        ({}, "", "no “Authorization” header"),
        ({"x-api-key": ""}, None, "no “Authorization” header"),
        ({"authorization": "abc"}, None, "does not start with “Bearer ”"),
        ({"authorization": "Basic dTpw"}, None, "does not start with “Bearer ”"),
        ({"authorization": ""}, None, "does not start with “Bearer ”"),
        ({"authorization": "Bearer"}, None, "nothing follows"),
        ({"authorization": "Bearer abc", "api_key": "abd"}, None, "two different keys"),
        ({"x-api-key": "abc", "api_key": "abd"}, None, "two different keys"),
        ({"x-api-key": "abc"}, "abd", "two different keys"),
        ({"x-api-key": "abc"}, " abc", "two different keys"),
    ],
)
def test_a_request_without_one_key_is_refused(headers: dict[str, str], query: str | None, reason: str) -> None:
    with pytest.raises(OutriderError) as caught:
        presented_key(headers, query)
    assert caught.value.code == "UNAUTHORIZED"
    assert reason in caught.value.cause
    assert "abc" not in str(caught.value.as_envelope("r"))


@pytest.mark.parametrize(("key", "expected"), [("a.b.c", True), ("a.b", False), ("abc", False), ("a.b.c.d", False)])
def test_three_parts_make_a_token(key: str, expected: bool) -> None:
    assert is_token(key) is expected
