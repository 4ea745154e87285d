"""Errors as each public client reads them. The readers below do what its source does with a response."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import Pages

pytestmark = pytest.mark.browser

NIL = "00000000-0000-0000-0000-000000000000"


def python_sdk(response: httpx.Response) -> object:
    """``detail`` of the JSON, else the raw text."""
    return response.json().get("detail", response.text)


def javascript_sdk(response: httpx.Response) -> object:
    """``message`` of the JSON, else the status line."""
    return response.json().get("message") or f"HTTP {response.status_code}: {response.reason_phrase}"


def csharp_sdk(response: httpx.Response) -> object:
    """``error`` as a string, or its ``message``; then ``message``; then a ``detail`` that is a string."""
    body = response.json()
    error = body.get("error")
    if isinstance(error, dict) and "message" in error:
        return error["message"]
    if isinstance(error, str):
        return error
    return body.get("message") or body.get("detail")


def connector(response: httpx.Response) -> object:
    """Of the live service: a string under ``detail``."""
    detail = response.json()["detail"]
    assert isinstance(detail, str)
    return detail


READERS: list[Callable[[httpx.Response], object]] = [python_sdk, javascript_sdk, csharp_sdk, connector]

FAILURES: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("GET", "/v1/sessions", {"headers": {"Authorization": "Bearer short"}}, 401, "key"),
    ("GET", f"/v1/sessions/{NIL}", {}, 404, "no session"),
    ("POST", "/v1/sessions", {"json": {"agent_name": "agi-9"}}, 422, "agent"),
    ("POST", "/v1/sessions", {"json": {"max_steps": "x"}}, 422, "max_steps"),
    ("POST", "/v1/sessions", {"json": {"agent_name": ""}}, 422, "agent_name: String should have 1 or more characters"),
    ("POST", "/v1/sessions", {"json": {"goal": "x" * 10_001}}, 422, "at most 10000 characters"),
    ("GET", "/v1/sessions/", {}, 404, "Did you mean GET /v1/sessions?"),
    ("POST", f"/v1/sessions/{NIL}/message", {"json": {"message": ""}}, 422, "message"),
    (
        "POST",
        f"/v1/sessions/{NIL}/message",
        {"content": b"{", "headers": {"Content-Type": "application/json"}},
        400,
        "JSON",
    ),
    ("POST", f"/v1/sessions/{NIL}/messages", {"json": {"message": "x"}}, 405, "Did you mean"),
    ("GET", f"/v1/sessions/{NIL}/events", {}, 404, "no session"),
]


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(("method", "path", "options", "status", "words"), FAILURES)
def test_an_error_is_read_by_every_client(
    client: httpx.Client,
    method: str,
    path: str,
    options: dict[str, Any],
    status: int,
    words: str,
    read: Callable[[httpx.Response], object],
) -> None:
    response = client.request(method, path, **options)
    assert response.status_code == status
    said = read(response)
    assert isinstance(said, str)
    assert words in said


def test_what_the_sdks_send_with_every_request(client: httpx.Client, session: str, pages: Pages) -> None:
    """JSON announced on GET and on an empty POST, and the user agents of all three."""
    for agent in ("python-httpx/0.28.1", "agi-sdk-node/1.0.0", "agi-csharp/1.0.0"):
        headers = {"Content-Type": "application/json", "User-Agent": agent}
        assert client.get(f"{session}/status", headers=headers).json() == {"status": "ready"}
        assert client.post(f"{session}/pause", headers=headers).json()["success"] is True
        moved = client.post(f"{session}/navigate", json={"url": pages.url}, headers=headers)
        assert moved.json() == {"current_url": f"{pages.url}/"}


def test_what_the_csharp_sdk_sends(client: httpx.Client) -> None:
    """Enumerations without a hyphen, names of its own, and fields of an older generation of the API."""
    created = client.post(
        "/v1/sessions",
        json={
            "agent_name": "agi-0",
            "agent_session_type": "managedcdp",
            "cdp_ws_url": None,
            "model": "agi-0",
            "save_on_exit": False,
        },
    ).json()
    path = f"/v1/sessions/{created['session_id']}"
    sent = client.post(f"{path}/message", json={"message": "Reply with 'OK'", "context": "none", "config_updates": {}})
    assert sent.json()["success"] is True
    with client.stream("GET", f"{path}/events?after_id=0&sanitize=true") as response:
        assert b"event: done" in response.read()
    assert client.get(f"{path}/messages").json()["hasAgent"] is True
    assert client.delete(f"{path}?save_snapshot_mode=none").json()["deleted"] is True
