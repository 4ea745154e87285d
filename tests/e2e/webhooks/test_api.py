"""The webhooks API: what it answers, and every way to ask wrongly."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from benchmarks.sides.receiver import Receiver
from tests.e2e.api.serving import ServerProcess, problem_of

from outrider.identities.keys import issue_key
from outrider.interfaces.identities import Organisation
from outrider.storage import Database, SqlKeyStore

ENDPOINTS, DELIVERIES = "/v1/webhooks/endpoints", "/v1/webhooks/deliveries"
URL = "http://127.0.0.1:9/hook"


@pytest.fixture(scope="module")
def stranger(server: ServerProcess) -> Iterator[httpx.Client]:
    """A client of another organisation."""
    key, record = issue_key("strangers")

    async def add() -> None:
        async with await Database.open(server.data_dir / "outrider.db") as database:
            store = SqlKeyStore(database)
            await store.add_organisation(Organisation(id="strangers", short_name="strangers"))
            await store.add_key(record)

    asyncio.run(add())
    with server.client(key) as opened:
        yield opened


@pytest.fixture
def endpoint(client: httpx.Client) -> Iterator[dict[str, Any]]:
    """A disabled endpoint, so that nothing is sent to it."""
    created = client.post(ENDPOINTS, json={"url": URL, "enabled": False, "description": "mine"})
    assert created.status_code == 200, created.text
    yield created.json()
    client.delete(f"{ENDPOINTS}/{created.json()['id']}")


def test_an_endpoint_shows_its_secret_once(client: httpx.Client, endpoint: dict[str, Any]) -> None:
    assert endpoint["secret"].startswith("whsec_")
    shown = client.get(f"{ENDPOINTS}/{endpoint['id']}").json()

    assert shown == {name: value for name, value in endpoint.items() if name != "secret"}
    assert shown["scope"] == "organisation"
    assert shown["events"] is None
    assert shown in client.get(ENDPOINTS).json()["endpoints"]
    for path in (ENDPOINTS, f"{ENDPOINTS}/{endpoint['id']}", DELIVERIES):
        assert "whsec_" not in client.get(path).text


def test_an_endpoint_is_changed_and_deleted(client: httpx.Client, endpoint: dict[str, Any]) -> None:
    path = f"{ENDPOINTS}/{endpoint['id']}"
    events = ["task.error", "task.error", "task.completed"]
    changed = client.patch(path, json={"url": f"{URL}/new", "events": events}).json()

    assert (changed["url"], changed["events"]) == (f"{URL}/new", ["task.error", "task.completed"])
    assert (changed["description"], changed["enabled"]) == ("mine", False)
    assert client.patch(path, json={"events": None, "description": ""}).json()["events"] is None
    assert client.patch(path, json={}).json()["url"] == f"{URL}/new"
    assert client.delete(path).json()["deleted"] is True
    problem_of(client.delete(path), 404, "WEBHOOK_ENDPOINT_NOT_FOUND")
    problem_of(client.get(path), 404, "WEBHOOK_ENDPOINT_NOT_FOUND")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"url": None},
        {"url": 7},
        {"url": [URL]},
        {"url": URL, "events": "task.error"},
        {"url": URL, "events": []},
        {"url": URL, "events": ["task.done"]},
        {"url": URL, "events": ["task.error"] * 51},
        {"url": URL, "event": ["task.error"]},
        {"url": URL, "enabled": "yes"},
        {"url": URL, "description": "x" * 501},
        {"url": URL, "description": "\u0000"},
        {"url": URL, "secret": "whsec_mine"},
        [URL],
        "text",
    ],
)
def test_wrong_fields_are_named(client: httpx.Client, body: Any) -> None:
    error = problem_of(client.post(ENDPOINTS, json=body), 422, "UNPROCESSABLE")

    assert error["details"]["fields"]


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "no scheme"),
        ("example.org/hook", "no scheme"),
        ("ftp://example.org/", "not http"),
        ("http://", "no valid host"),
        ("http://example.org:99999/", "be parsed"),
        (f"http://example.org/{'x' * 2000}", "2000 are allowed"),
        ("http://exa mple.org/", "space"),
        ("https://user:secret-of-mine@example.org/", "a user or a password"),
        ("http://10.0.0.7/hook", "private address"),
        ("http://169.254.169.254/latest", "metadata"),
        ("http://[::1]:8080/hook", "loopback"),
        ("http://0x0a.1/hook", "private address"),
    ],
)
def test_an_address_that_may_not_be_reached_is_refused(
    client: httpx.Client, endpoint: dict[str, Any], url: str, reason: str
) -> None:
    for response in (
        client.post(ENDPOINTS, json={"url": url}),
        client.patch(f"{ENDPOINTS}/{endpoint['id']}", json={"url": url}),
    ):
        error = problem_of(response, 422, "WEBHOOK_URL_REFUSED")
        assert reason in error["message"]
        assert "secret-of-mine" not in response.text


def test_the_server_does_not_deliver_to_itself(client: httpx.Client, server: ServerProcess) -> None:
    problem_of(client.post(ENDPOINTS, json={"url": f"{server.url}/v1/sessions"}), 422, "WEBHOOK_URL_REFUSED")


@pytest.mark.parametrize("url", ["http://10.0.0.7/hook", "http://a:secret-of-mine@example.org/", "http://[::1]:8080/"])
def test_a_session_can_not_name_such_an_address_either(client: httpx.Client, url: str) -> None:
    refused = client.post("/v1/sessions", json={"webhook_url": url})
    problem_of(refused, 422, "WEBHOOK_URL_REFUSED")

    assert "secret-of-mine" not in refused.text
    assert client.get("/v1/sessions").json() == []


def test_the_same_url_twice_is_refused(client: httpx.Client, endpoint: dict[str, Any]) -> None:
    error = problem_of(client.post(ENDPOINTS, json={"url": URL}), 409, "WEBHOOK_ENDPOINT_EXISTS")
    assert endpoint["id"] in error["message"]

    other = client.post(ENDPOINTS, json={"url": f"{URL}/other", "enabled": False}).json()
    path = f"{ENDPOINTS}/{other['id']}"
    problem_of(client.patch(path, json={"url": URL}), 409, "WEBHOOK_ENDPOINT_EXISTS")
    assert client.patch(path, json={"url": f"{URL}/other"}).status_code == 200
    client.delete(path)


def test_endpoints_of_others_are_not_there(
    client: httpx.Client, stranger: httpx.Client, endpoint: dict[str, Any]
) -> None:
    path = f"{ENDPOINTS}/{endpoint['id']}"
    for response in (
        stranger.get(path),
        stranger.patch(path, json={"enabled": True}),
        stranger.delete(path),
        stranger.post(f"{path}/rotate"),
    ):
        problem_of(response, 404, "WEBHOOK_ENDPOINT_NOT_FOUND")
    assert stranger.get(ENDPOINTS).json() == {"endpoints": [], "next_after": None}
    assert stranger.get(DELIVERIES, params={"endpoint": endpoint["id"]}).json()["deliveries"] == []
    mine = stranger.post(ENDPOINTS, json={"url": URL, "enabled": False})
    assert mine.status_code == 200
    stranger.delete(f"{ENDPOINTS}/{mine.json()['id']}")
    assert client.get(path).json()["enabled"] is False


@pytest.mark.parametrize("endpoint_id", ["nothing", "we_", "%00", "x" * 500, "we_%27%20OR%201"])
def test_an_endpoint_that_is_not_there_is_404(client: httpx.Client, endpoint_id: str) -> None:
    problem_of(client.get(f"{ENDPOINTS}/{endpoint_id}"), 404, "WEBHOOK_ENDPOINT_NOT_FOUND")
    problem_of(client.post(f"{ENDPOINTS}/{endpoint_id}/rotate"), 404, "WEBHOOK_ENDPOINT_NOT_FOUND")


def test_a_key_is_asked_for_first(server: ServerProcess) -> None:
    for method, path in (("POST", ENDPOINTS), ("GET", DELIVERIES), ("POST", "/v1/webhooks/session-secret/rotate")):
        problem_of(httpx.request(method, f"{server.url}{path}", content="not json"), 401, "UNAUTHORIZED")


def test_a_body_that_is_no_json_is_refused(client: httpx.Client) -> None:
    json = {"Content-Type": "application/json"}
    problem_of(client.post(ENDPOINTS, content="{", headers=json), 400, "MALFORMED_JSON")
    problem_of(client.post(ENDPOINTS, data={"url": URL}), 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "body", [{"overlap_seconds": -1}, {"overlap_seconds": "1"}, {"overlap_seconds": 1e9}, {"x": 1}]
)
def test_a_rotation_asks_for_a_sensible_overlap(
    client: httpx.Client, endpoint: dict[str, Any], body: dict[str, Any]
) -> None:
    for path in (f"{ENDPOINTS}/{endpoint['id']}", "/v1/webhooks/session-secret"):
        problem_of(client.post(f"{path}/rotate", json=body), 422, "UNPROCESSABLE")


def test_a_rotation_shows_a_new_secret(client: httpx.Client, endpoint: dict[str, Any]) -> None:
    rotated = client.post(f"{ENDPOINTS}/{endpoint['id']}/rotate", json={"overlap_seconds": 60}).json()

    assert rotated["secret"].startswith("whsec_")
    assert rotated["secret"] != endpoint["secret"]
    assert rotated["previous_expires_at"].endswith("Z")
    for _ in range(3):
        assert client.post(f"{ENDPOINTS}/{endpoint['id']}/rotate").status_code == 200
    problem_of(client.post(f"{ENDPOINTS}/{endpoint['id']}/rotate"), 409, "WEBHOOK_SECRETS_LIMIT")
    assert client.post(f"{ENDPOINTS}/{endpoint['id']}/rotate", json={"overlap_seconds": 0}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "status=done",
        "event=task.done",
        "limit=x",
        "before=x",
        "endpoint=%00",
    ],
)
def test_a_ledger_is_asked_with_known_words(client: httpx.Client, query: str) -> None:
    error = problem_of(client.get(f"{DELIVERIES}?{query}"), 422, "UNPROCESSABLE")

    (wrong,) = error["details"]["fields"]
    assert wrong["field"] == query.partition("=")[0]


def test_a_delivery_that_is_not_there_is_404(client: httpx.Client) -> None:
    for number in (1_000_000, 2**53 - 1):
        problem_of(client.get(f"{DELIVERIES}/{number}"), 404, "WEBHOOK_DELIVERY_NOT_FOUND")
        problem_of(client.post(f"{DELIVERIES}/{number}/replay"), 404, "WEBHOOK_DELIVERY_NOT_FOUND")
    for text in ("0", "-1", "x", str(2**64)):
        problem_of(client.get(f"{DELIVERIES}/{text}"), 422, "UNPROCESSABLE")


@pytest.mark.browser
def test_the_ledger_is_read_in_pages_and_replayed(
    client: httpx.Client, stranger: httpx.Client, receiver: Receiver
) -> None:
    created = [client.post("/v1/sessions", json={"webhook_url": receiver.url}).json()["session_id"] for _ in range(2)]
    for session_id in created:
        client.delete(f"/v1/sessions/{session_id}")
    receiver.wait(lambda got: len(got.accepted) == 4)
    mine = {"session_id": created[0]}
    first = client.get(DELIVERIES, params={**mine, "limit": 1}).json()
    second = client.get(DELIVERIES, params={**mine, "limit": 1, "before": first["next_before"]}).json()
    (deleted,), (made,) = first["deliveries"], second["deliveries"]

    assert (deleted["event"], made["event"]) == ("session.deleted", "session.created")
    assert made["payload"]["session"]["id"] == created[0]
    assert made["status"] == "delivered"
    assert made["attempts"][0]["status_code"] == 200
    assert client.get(DELIVERIES, params={**mine, "status": "failed"}).json()["deliveries"] == []
    problem_of(stranger.get(f"{DELIVERIES}/{made['id']}"), 404, "WEBHOOK_DELIVERY_NOT_FOUND")
    problem_of(stranger.post(f"{DELIVERIES}/{made['id']}/replay"), 404, "WEBHOOK_DELIVERY_NOT_FOUND")

    fixed = client.patch(f"{ENDPOINTS}/{made['endpoint_id']}", json={"url": URL})
    problem_of(fixed, 409, "WEBHOOK_ENDPOINT_FIXED")
    assert client.post(f"{DELIVERIES}/{made['id']}/replay").json()["event_id"] == made["event_id"]
    receiver.wait(lambda got: len(got.accepted) == 5)
    assert receiver.accepted[-1].event_id == made["event_id"]

    assert client.patch(f"{ENDPOINTS}/{made['endpoint_id']}", json={"enabled": False}).json()["enabled"] is False
    disabled = client.post(f"{DELIVERIES}/{deleted['id']}/replay")
    problem_of(disabled, 409, "WEBHOOK_ENDPOINT_DISABLED")
