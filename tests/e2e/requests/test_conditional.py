"""Versions of resources: read again only when changed, changed only when nobody else has."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import problem_of

LOGIN = {"user_name": "ann", "password": "first", "origins": ["https://shop.example"]}

#: Where things with versions are made, what of, where one is then, and what can be changed of it.
THINGS = {
    "endpoint": ("/v1/webhooks/endpoints", {"url": "http://127.0.0.1:9/"}, "id", {"description": "changed"}),
    "credential": ("/v1/vault/credentials", LOGIN | {"name": "shop"}, "name", {"password": "second"}),
}


@pytest.fixture(params=THINGS)
def thing(request: pytest.FixtureRequest, client: httpx.Client) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Path, first ETag and a change of a new thing."""
    path, body, name, change = THINGS[request.param]
    made = client.post(path, json=body)
    assert made.is_success, made.text
    own = f"{path}/{made.json()[name]}"
    yield own, made.headers["etag"], change
    client.delete(own)


@pytest.mark.row("A39")
def test_what_has_not_changed_is_not_sent_again(client: httpx.Client, thing: tuple[str, str, dict[str, Any]]) -> None:
    path, etag, change = thing
    first = client.get(path)
    assert (first.status_code, first.headers["etag"]) == (200, etag)
    for tags in (etag, f"W/{etag}", f'"other", {etag}', f'"a,b" ,W/"c",{etag}', "*"):
        again = client.get(path, headers={"If-None-Match": tags})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag), tags
        assert "content-type" not in again.headers
        assert again.headers["x-request-id"]
    for tags in ('"other"', 'W/"other"', "", "nonsense", etag.strip('"')):
        assert client.get(path, headers={"If-None-Match": tags}).status_code == 200, tags
    changed = client.patch(path, json=change)
    assert changed.headers["etag"] != etag
    fresh = client.get(path, headers={"If-None-Match": etag})
    assert (fresh.status_code, fresh.headers["etag"]) == (200, changed.headers["etag"])


@pytest.mark.row("X10")
def test_a_change_needs_the_version_that_there_is(client: httpx.Client, thing: tuple[str, str, dict[str, Any]]) -> None:
    path, etag, change = thing
    assert client.patch(path, json=change, headers={"If-Match": f'"other", {etag}'}).status_code == 200
    for method, body in (("PATCH", change), ("DELETE", None)):
        stale = client.request(method, path, json=body, headers={"If-Match": etag})
        error = problem_of(stale, 409, "VERSION_CONFLICT")
        assert (error["retryable"], client.get(path).headers["etag"] in error["message"]) == (False, True)
    current = client.get(path).headers["etag"]
    weak = client.patch(path, json=change, headers={"If-Match": f"W/{current}"})
    problem_of(weak, 409, "VERSION_CONFLICT")  # a weak tag does not say that nothing was changed
    assert client.patch(path, json=change, headers={"If-Match": "*"}).status_code == 200
    for nonsense in ("nonsense", '"open', "W/x", '"a" "b"', ""):
        refused = client.patch(path, json=change, headers={"If-Match": nonsense})
        problem_of(refused, 400, "PRECONDITION_INVALID")
    current = client.get(path).headers["etag"]
    assert client.delete(path, headers={"If-Match": current}).json()["deleted"] is True
    assert client.patch(path, json=change, headers={"If-Match": "*"}).status_code == 404


@pytest.mark.row("X10")
def test_what_is_read_is_the_version_that_is_asked_for(
    client: httpx.Client, thing: tuple[str, str, dict[str, Any]]
) -> None:
    path, etag, _ = thing
    for tags in (etag, "*", f'"other", {etag}'):
        assert client.get(path, headers={"If-Match": tags}).status_code == 200
    assert client.get(path, headers=[("If-Match", '"other"'), ("If-Match", etag)]).status_code == 200  # one list
    problem_of(client.get(path, headers={"If-Match": '"other"'}), 409, "VERSION_CONFLICT")
    problem_of(client.get(path, headers={"If-Match": etag.strip('"')}), 400, "PRECONDITION_INVALID")
    assert client.get(f"{path}x", headers={"If-Match": '"other"'}).status_code == 404


#: Requests that compare no version, and what there is then of what they would have changed.
UNVERSIONED = {
    "create": ("POST", "/v1/webhooks/endpoints", {"url": "http://127.0.0.1:9/unversioned"}),
    "rotate": ("POST", "/v1/webhooks/session-secret/rotate", {}),
    "delete all": ("DELETE", "/v1/sessions", None),
    "replace": ("PUT", "/v1/admin/maintenance", {"active": False}),
    "list": ("GET", "/v1/webhooks/endpoints", None),
}


@pytest.mark.row("X10")
@pytest.mark.parametrize("name", UNVERSIONED)
def test_a_condition_that_can_not_be_checked_is_not_met(client: httpx.Client, name: str) -> None:
    method, path, body = UNVERSIONED[name]
    before = client.get("/v1/webhooks/endpoints").json()
    refused = client.request(method, path, json=body, headers={"If-Match": '"a"', "Idempotency-Key": name[:6]})
    assert problem_of(refused, 409, "PRECONDITION_UNSUPPORTED")["retryable"] is False
    problem_of(client.request(method, path, json=body, headers={"If-Match": "a"}), 400, "PRECONDITION_INVALID")
    assert client.get("/v1/webhooks/endpoints").json() == before

    met = client.request(method, path, json=body, headers={"If-Match": "*", "Idempotency-Key": name[:6]})
    assert met.is_success, met.text
    assert "idempotency-replayed" not in met.headers


@pytest.mark.row("X10")
def test_of_many_changes_of_one_version_exactly_one_wins(
    client: httpx.Client, thing: tuple[str, str, dict[str, Any]]
) -> None:
    path, etag, change = thing
    (name,) = change

    def race(number: int) -> int:
        return client.patch(path, json={name: f"by {number}"}, headers={"If-Match": etag}).status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = sorted(threads.map(race, range(12)))
    assert statuses == [200, *[409] * 11]


@pytest.mark.browser
@pytest.mark.row("A39")
def test_a_session_has_a_version(client: httpx.Client) -> None:
    made = client.post("/v1/sessions", json={})
    path = f"/v1/sessions/{made.json()['session_id']}"
    etag = client.get(path).headers["etag"]
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304
    assert client.head(path, headers={"If-None-Match": etag}).status_code == 304
    client.post(f"{path}/message", json={"message": "Reply with 'OK'"})
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 200
    client.delete(path)
