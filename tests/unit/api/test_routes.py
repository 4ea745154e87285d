"""What is said to a request that misses."""

import time

import pytest

from outrider.api.routes import RouteTable

TABLE = RouteTable(
    [
        ("/v1/sessions", ["GET", "POST"]),
        ("/v1/sessions", ["DELETE"]),
        ("/v1/sessions/{session_id}", ["GET"]),
        ("/v1/sessions/{session_id}", ["DELETE"]),
        ("/v1/sessions/{session_id}/message", ["POST"]),
        ("/v1/sessions/{session_id}/messages", ["GET"]),
    ]
)


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1/sessions", {"GET", "POST", "DELETE", "HEAD", "OPTIONS"}),
        ("/v1/sessions/a.b+c", {"GET", "DELETE", "HEAD", "OPTIONS"}),
        ("/v1/sessions/x/message", {"POST", "OPTIONS"}),
        ("/v1/sessions/x/y/message", set()),
        ("/v1/sessions/", set()),
    ],
)
def test_methods_of_a_path(path: str, methods: set[str]) -> None:
    assert TABLE.methods(path) == methods


@pytest.mark.parametrize(
    ("method", "path", "suggestion"),
    [
        ("POST", "/v1/sessions/x/messages", " Did you mean POST /v1/sessions/x/message?"),
        ("GET", "/v1/sessions/x/message", " Did you mean GET /v1/sessions/x/messages?"),
        ("GET", "/v1/session", " Did you mean GET /v1/sessions?"),
        ("GET", "/v1/sessions/", " Did you mean GET /v1/sessions?"),
        ("GET", "/sessions", " Did you mean GET /v1/sessions?"),
        ("PATCH", "/v1/sessions", ""),
        ("GET", "/favicon.ico", ""),
    ],
)
def test_suggestions(method: str, path: str, suggestion: str) -> None:
    assert TABLE.suggestion(method, path) == suggestion


def test_a_very_long_path_is_not_compared() -> None:
    started = time.perf_counter()
    assert TABLE.suggestion("GET", "/v1/sessions/" + "a" * 60_000) == ""
    assert time.perf_counter() - started < 0.1
