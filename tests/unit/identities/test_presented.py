"""Where a key may stand in a request."""

import pytest
from starlette.datastructures import Headers

from outrider.identities.presented import is_token, presented_key
from outrider.problems import OutriderError


@pytest.mark.row("A28")
@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({"authorization": "Bearer abc"}, []),
        ({"authorization": " bearer   abc "}, []),
        ({"x-api-key": "abc"}, []),
        ({"api_key": " abc\t"}, []),
        ({}, ["abc"]),
        ({"authorization": "Bearer abc", "x-api-key": "abc", "api_key": "abc"}, ["abc", "abc"]),
        # A proxy's own log-in is not ours.
        ({"authorization": "Basic dTpw", "api_key": "abc"}, []),
    ],
)
def test_the_places_of_a_key(headers: dict[str, str], query: list[str]) -> None:
    assert presented_key(headers, query) == "abc"


@pytest.mark.row("A9", "A27", "X27")
@pytest.mark.parametrize(
    ("headers", "query", "reason"),
    [
        ({}, [], "no “Authorization” header"),
        ({}, [""], "no “Authorization” header"),
        ({"x-api-key": ""}, [], "no “Authorization” header"),
        ({"authorization": "abc"}, [], "does not start with “Bearer ”"),
        ({"authorization": "Basic dTpw"}, [], "does not start with “Bearer ”"),
        ({"authorization": ""}, [], "does not start with “Bearer ”"),
        ({"authorization": "Bearer"}, [], "nothing follows"),
        ({"authorization": "Bearer abc", "api_key": "abd"}, [], "two different keys"),
        ({"x-api-key": "abc", "api_key": "abd"}, [], "two different keys"),
        ({"x-api-key": "abc"}, ["abd"], "two different keys"),
        ({"x-api-key": "abc"}, [" abc"], "two different keys"),
        ({}, ["abc", "abd"], "two different keys"),
    ],
)
def test_a_request_without_one_key_is_refused(headers: dict[str, str], query: list[str], reason: str) -> None:
    with pytest.raises(OutriderError) as caught:
        presented_key(headers, query)
    assert caught.value.code == "UNAUTHORIZED"
    assert reason in caught.value.cause
    assert "abc" not in str(caught.value.as_envelope("r"))


@pytest.mark.parametrize("name", ["authorization", "x-api-key", "api_key"])
def test_a_header_that_comes_twice_brings_two_keys(name: str) -> None:
    with pytest.raises(OutriderError) as caught:
        presented_key(Headers(raw=[(name.encode(), b"Bearer abc"), (name.encode(), b"Bearer abd")]))
    assert "two different keys" in caught.value.cause


@pytest.mark.parametrize(("key", "expected"), [("a.b.c", True), ("a.b", False), ("abc", False), ("a.b.c.d", False)])
def test_three_parts_make_a_token(key: str, expected: bool) -> None:
    assert is_token(key) is expected
