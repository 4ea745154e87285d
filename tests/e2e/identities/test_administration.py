"""Organisations and keys over HTTP: who makes, sees, changes and ends what."""

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, ServerProcess, problem_of, serving, stream

KEYS, ORGANISATIONS = "/v1/admin/keys", "/v1/admin/organisations"
EVERYTHING = {"scopes": ["*:manage"], "tiers": ["reporting", "operations", "administration"]}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("identities") / "data", WARM_BROWSERS=0, HEARTBEAT_SECONDS=0.2) as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


@pytest.fixture(scope="module")
def operator(server: ServerProcess) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


def made(client: httpx.Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(scope="module")
def acme(operator: httpx.Client) -> dict[str, Any]:
    return made(operator, ORGANISATIONS, short_name="acme", name="Acme", plan="growth", max_sessions=3)


@pytest.fixture(scope="module")
def owner(server: ServerProcess, operator: httpx.Client, acme: dict[str, Any]) -> Iterator[httpx.Client]:
    """A client with everything that a key of an organisation can have."""
    key = made(operator, KEYS, name="owner", organisation_id=acme["id"], **EVERYTHING)
    with server.client(key["key"]) as opened:
        yield opened


# --- organisations


@pytest.mark.row("X3", "X8")
def test_an_organisation_is_made_listed_changed_and_removed(server: ServerProcess, operator: httpx.Client) -> None:
    first = made(operator, ORGANISATIONS, short_name="first")
    second = made(operator, ORGANISATIONS, short_name="second", models=["scout"], idle_timeout_seconds=60)
    assert (first["plan"], first["models"], second["models"], second["version"]) == ("free", None, ["scout"], 1)
    newest = operator.get(ORGANISATIONS, params={"limit": 1}).json()
    assert [one["id"] for one in newest["organisations"]] == [second["id"]]
    older = operator.get(ORGANISATIONS, params={"limit": 1, "before": newest["next_before"]}).json()
    assert [one["id"] for one in older["organisations"]] == [first["id"]]

    path = f"{ORGANISATIONS}/{second['id']}"
    changed = operator.patch(path, json={"models": None, "plan": "starter", "requests_per_minute": 9}).json()
    assert changed == second | {"models": None, "plan": "starter", "requests_per_minute": 9, "version": 2}
    assert operator.get(path).json() == changed
    problem_of(operator.patch(path, json={"short_name": "first"}), 409, "SHORT_NAME_TAKEN")

    key = made(operator, KEYS, organisation_id=second["id"], scopes=["keys:read"])
    with server.client(key["key"]) as client:
        assert client.get(KEYS).status_code == 200
        removed = operator.delete(path)
        assert (removed.status_code, removed.content) == (204, b"")
        problem_of(client.get(KEYS), 401, "UNAUTHORIZED")
    problem_of(operator.get(path), 404, "ORGANISATION_NOT_FOUND")
    problem_of(operator.delete(path), 404, "ORGANISATION_NOT_FOUND")
    problem_of(operator.post(ORGANISATIONS, json={"short_name": "second"}), 409, "SHORT_NAME_TAKEN")
    problem_of(operator.delete(f"{ORGANISATIONS}/default"), 409, "ORGANISATION_FIXED")


def test_only_the_operator_sees_organisations(
    operator: httpx.Client, owner: httpx.Client, acme: dict[str, Any]
) -> None:
    for method, path in (("GET", ORGANISATIONS), ("DELETE", f"{ORGANISATIONS}/{acme['id']}")):
        error = problem_of(owner.request(method, path), 403, "SCOPE_MISSING")
        assert "organisations:" in error["message"]
    assert owner.get("/v1/admin/organisation").json() == acme
    for organisation in ("default", "org_that_is_none"):
        problem_of(owner.get(KEYS, params={"organisation_id": organisation}), 404, "ORGANISATION_NOT_FOUND")
        problem_of(owner.post(KEYS, json={"organisation_id": organisation}), 404, "ORGANISATION_NOT_FOUND")
    of_operator = operator.get(KEYS).json()["keys"][0]["id"]
    for method, body in (("GET", None), ("PATCH", {"name": "mine"}), ("DELETE", None)):
        problem_of(owner.request(method, f"{KEYS}/{of_operator}", json=body), 404, "KEY_NOT_FOUND")
    assert operator.get(f"{KEYS}/{of_operator}").json()["status"] == "active"


@pytest.mark.browser
@pytest.mark.row("X13", "X40")
def test_an_organisation_has_its_own_models_and_idle_timeout(server: ServerProcess, operator: httpx.Client) -> None:
    limits = {"models": ["agi-0-fast"], "idle_timeout_seconds": 1}
    organisation = made(operator, ORGANISATIONS, short_name="small", **limits)["id"]
    key = made(operator, KEYS, organisation_id=organisation, scopes=["sessions:manage"])["key"]
    assert {"scout", "agi-0", "agi-0-fast"} <= set(operator.get("/v1/models").json()["models"])
    with server.client(key) as client:
        assert client.get("/v1/models").json()["models"] == ["agi-0-fast"]
        error = problem_of(client.post("/v1/sessions", json={"agent_name": "agi-0"}), 422, "AGENT_UNKNOWN")
        assert "agi-0-fast" in error["cause"]
        created = client.post("/v1/sessions", json={})
        assert (created.status_code, created.json()["agent_name"]) == (200, "agi-0-fast")
        path = f"/v1/sessions/{created.json()['session_id']}"
        deadline = time.monotonic() + SECONDS
        while client.get(path).status_code == 200:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        assert "(1 s)" in problem_of(client.get(path), 404, "SESSION_EXPIRED")["cause"]
        assert operator.patch(f"{ORGANISATIONS}/{organisation}", json={"models": []}).status_code == 200
        assert client.get("/v1/models").json()["models"] == []
        problem_of(client.post("/v1/sessions", json={}), 422, "AGENT_UNKNOWN")


# --- keys


@pytest.mark.row("A45")
def test_a_key_is_shown_once_and_listed_by_its_ends(server: ServerProcess, owner: httpx.Client) -> None:
    older = made(owner, KEYS, name="older", scopes=["sessions:read"])
    newer = made(owner, KEYS, name="newer", kind="integration", tiers=["reporting"], agents=["browser"])
    assert older["key"].startswith(older["prefix"])
    assert older["key"].endswith(older["last_five"])
    assert (len(older["prefix"]), len(older["last_five"])) == (16, 5)

    listed = owner.get(KEYS)
    shown = [{name: value for name, value in key.items() if name != "key"} for key in (newer, older)]
    assert listed.json()["keys"][:2] == shown
    assert owner.get(f"{KEYS}/{older['id']}").json() == shown[1]
    for key in (older["key"], newer["key"]):
        assert key not in listed.text
        with server.client(key) as client:
            missed = client.get(f"/v1/sessions/{key}")
        line = server.line_of(missed)
        assert (line["key"], line["path"]) == (f"…{key[-5:]}", f"/v1/sessions/{quote(key[:16] + '…')}")
        recorded = owner.get(f"/v1/requests/{missed.headers['x-request-id']}")  # so it is in the database
        assert recorded.json()["key"] == key[-5:]
        assert key not in json.dumps(server.lines)
        with closing(sqlite3.connect(server.data_dir / "outrider.db")) as connection:
            assert key not in "\n".join(connection.iterdump())


def test_pages_of_keys_have_no_gap_and_a_size(operator: httpx.Client) -> None:
    organisation = made(operator, ORGANISATIONS, short_name="pages")["id"]
    ids = [made(operator, KEYS, organisation_id=organisation)["id"] for _ in range(5)]
    read: list[str] = []
    query: dict[str, Any] = {"organisation_id": organisation, "limit": 2}
    while True:
        page = operator.get(KEYS, params=query).json()
        read += [key["id"] for key in page["keys"]]
        if page["next_before"] is None:
            break
        query["before"] = page["next_before"]
    assert read == ids[::-1]
    for limit in (0, 101, -1):
        error = problem_of(operator.get(KEYS, params={"limit": limit}), 400, "LIMIT_OUT_OF_RANGE")
        assert "between 1 and 100" in error["message"]
    problem_of(operator.get(KEYS, params={"limit": "many"}), 422, "UNPROCESSABLE")


@pytest.mark.row("A11", "X4")
def test_a_key_ends_at_once_in_each_way(server: ServerProcess, owner: httpx.Client) -> None:
    key = made(owner, KEYS, scopes=["keys:read"])
    path = f"{KEYS}/{key['id']}"
    with server.client(key["key"]) as client:
        assert client.get(KEYS).status_code == 200
        disabled = owner.patch(path, json={"disabled": True}).json()
        assert (disabled["status"], disabled["version"]) == ("disabled", 2)
        problem_of(client.get(KEYS), 401, "UNAUTHORIZED")
        assert owner.patch(path, json={"disabled": False}).json()["status"] == "active"
        assert client.get(KEYS).status_code == 200

        soon = datetime.now(UTC) + timedelta(seconds=1)
        assert owner.patch(path, json={"expires_at": soon.isoformat()}).status_code == 200
        assert client.get(KEYS).status_code == 200
        time.sleep(max(0, (soon - datetime.now(UTC)).total_seconds()))
        problem_of(client.get(KEYS), 401, "UNAUTHORIZED")
        assert owner.get(path).json()["status"] == "expired"
        assert owner.patch(path, json={"expires_at": None}).json()["status"] == "active"
        assert client.get(KEYS).status_code == 200

        for _ in range(2):
            revoked = owner.delete(path)
            assert (revoked.status_code, revoked.content) == (204, b"")
            problem_of(client.get(KEYS), 401, "UNAUTHORIZED")
    assert owner.get(path).json()["status"] == "revoked"
    problem_of(owner.patch(path, json={"disabled": False}), 409, "KEY_REVOKED")


@pytest.mark.browser
def test_what_an_organisation_has_under_way_ends_with_it(server: ServerProcess, operator: httpx.Client) -> None:
    leaving = made(operator, ORGANISATIONS, short_name="leaving")
    key = made(operator, KEYS, organisation_id=leaving["id"], scopes=["*:manage"])
    with server.client(key["key"]) as client:
        session = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['session_id']}"
        token = client.post(f"{session}/devtools_tokens", json={}).json()["token"]
        address = f"{server.url}{session}/devtools/json/version?token={token}"
        assert httpx.get(address).status_code == 200
        with stream(client, session) as frames:
            assert next(frames).event == "heartbeat"
            assert operator.delete(f"{ORGANISATIONS}/{leaving['id']}").status_code == 204
            assert next(frame for frame in islice(frames, 50) if frame.event == "error")
    problem_of(httpx.get(address), 404, "SESSION_EXPIRED")


@pytest.mark.browser
@pytest.mark.parametrize(
    ("change", "code"), [({"disabled": True}, "UNAUTHORIZED"), ({"scopes": ["keys:read"]}, "SCOPE_MISSING")]
)
def test_a_stream_ends_with_the_key_that_asked_for_it(
    server: ServerProcess, owner: httpx.Client, change: dict[str, Any], code: str
) -> None:
    key = made(owner, KEYS, scopes=["sessions:read"])
    session = f"/v1/sessions/{owner.post('/v1/sessions', json={}).json()['session_id']}"
    with server.client(key["key"]) as client, stream(client, session) as frames:
        assert next(frames).event == "heartbeat"
        assert owner.patch(f"{KEYS}/{key['id']}", json=change).status_code == 200
        told = next(frame for frame in islice(frames, 50) if frame.event == "error")
        assert json.loads(told.data)["code"] == code
        assert list(frames) == []
    owner.delete(session)


@pytest.mark.row("X10")
def test_a_change_of_what_has_been_changed_is_refused(owner: httpx.Client, operator: httpx.Client) -> None:
    key = made(owner, KEYS, scopes=["sessions:read"])
    organisation = made(operator, ORGANISATIONS, short_name="versions")
    for client, path in ((owner, f"{KEYS}/{key['id']}"), (operator, f"{ORGANISATIONS}/{organisation['id']}")):
        read = client.get(path)
        seen = {"If-Match": read.headers["etag"]}
        assert client.get(path, headers={"If-None-Match": read.headers["etag"]}).status_code == 304
        changed = client.patch(path, json={"name": "first"}, headers=seen)
        assert (changed.status_code, changed.json()["version"]) == (200, 2)
        same = client.patch(path, json={"name": "first"}, headers={"If-Match": changed.headers["etag"]})
        assert (same.json()["version"], same.headers["etag"]) == (2, changed.headers["etag"])
        problem_of(client.patch(path, json={"name": "second"}, headers=seen), 409, "VERSION_CONFLICT")
        problem_of(client.delete(path, headers=seen), 409, "VERSION_CONFLICT")
        assert client.delete(path, headers={"If-Match": changed.headers["etag"]}).status_code == 204


def test_the_last_use_is_kept(server: ServerProcess, owner: httpx.Client) -> None:
    key = made(owner, KEYS, scopes=["keys:read"])
    path = f"{KEYS}/{key['id']}"
    assert owner.get(path).json()["last_used_at"] is None
    with server.client(key["key"]) as client:
        client.get(KEYS)
    used = owner.get(path).json()
    assert abs(datetime.fromisoformat(used["last_used_at"]) - datetime.now(UTC)) < timedelta(seconds=30)
    assert used["version"] == 1


def test_rights_of_integration_keys_are_fixed(owner: httpx.Client) -> None:
    path = f"{KEYS}/{made(owner, KEYS, kind='integration', scopes=['sessions:read'], tiers=['reporting'])['id']}"
    changes: list[dict[str, Any]] = [{"scopes": ["sessions:write"]}, {"tiers": []}, {"agents": ["browser"]}]
    for change in changes:
        problem_of(owner.patch(path, json=change), 409, "KEY_FIXED")
    same = owner.patch(path, json={"name": "renamed", "scopes": ["sessions:read"]}).json()
    assert (same["name"], same["scopes"]) == ("renamed", ["sessions:read"])
    internal = f"{KEYS}/{made(owner, KEYS, scopes=['sessions:read'])['id']}"
    changed = owner.patch(internal, json={"scopes": ["vault:read"], "agents": ["browser"]}).json()
    assert (changed["scopes"], changed["agents"]) == (["vault:read"], ["browser"])


def test_nobody_gives_more_than_they_have(server: ServerProcess, owner: httpx.Client) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    rights: dict[str, Any] = {
        "scopes": ["keys:manage", "sessions:write"],
        "tiers": ["reporting"],
        "agents": ["browser"],
        "requests_per_minute": 1000,
        "expires_at": until.isoformat(),
    }
    with server.client(made(owner, KEYS, **rights)["key"]) as client:
        given = made(client, KEYS, **rights | {"scopes": ["sessions:read"]})
        path = f"{KEYS}/{given['id']}"
        for more in (
            {"scopes": ["sessions:manage"]},
            {"scopes": ["*:read"]},
            {"scopes": ["vault:read"]},
            {"scopes": ["organisations:read"]},
            {"tiers": ["operations"]},
            {"agents": None},
            {"agents": ["browser", "another"]},
            {"requests_per_minute": 1001},
            {"requests_per_minute": None},
            {"expires_at": None},
            {"expires_at": (until + timedelta(seconds=1)).isoformat()},
        ):
            problem_of(client.post(KEYS, json=rights | more), 403, "GRANT_EXCEEDED")
            problem_of(client.patch(path, json=more), 403, "GRANT_EXCEEDED")
        # Of a key that has more nothing can be changed, but it can be ended.
        bigger = f"{KEYS}/{made(owner, KEYS, **EVERYTHING)['id']}"
        problem_of(client.patch(bigger, json={"name": "mine"}), 403, "GRANT_EXCEEDED")
        assert client.delete(bigger).status_code == 204
    problem_of(owner.post(KEYS, json={"scopes": ["organisations:read"]}), 403, "GRANT_EXCEEDED")


def test_the_operators_area_stays_the_operators(operator: httpx.Client, acme: dict[str, Any]) -> None:
    body = {"scopes": ["organisations:read"], "organisation_id": acme["id"]}
    refused = problem_of(operator.post(KEYS, json=body), 403, "GRANT_EXCEEDED")
    assert refused["message"].endswith("“organisations:read” outside the operator's organisation.")
    assert made(operator, KEYS, scopes=["organisations:read"])["scopes"] == ["organisations:read"]


@pytest.mark.row("X7")
def test_a_key_does_what_its_scopes_say(server: ServerProcess, owner: httpx.Client) -> None:
    verbs = {"read": ("GET",), "write": ("GET", "POST"), "manage": ("GET", "POST", "DELETE")}
    for verb, allowed in verbs.items():
        with server.client(made(owner, KEYS, scopes=[f"keys:{verb}"])["key"]) as client:
            for method, path in (("GET", KEYS), ("POST", KEYS), ("DELETE", f"{KEYS}/key_none")):
                answer = client.request(method, path, json={} if method == "POST" else None)
                if method in allowed:
                    assert answer.status_code in (200, 201, 404), answer.text
                else:
                    problem_of(answer, 403, "SCOPE_MISSING")
            problem_of(client.get("/v1/sessions"), 403, "SCOPE_MISSING")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"scopes": None}, "scopes"),
        ({"tiers": ["gold"]}, "tiers"),
        ({"requests_per_minute": 0}, "requests_per_minute"),
        ({"expires_at": "2030-01-01"}, "expires_at"),
        ({"expires_at": "2030-01-01T00:00:00"}, "expires_at"),
        ({"expires_at": 4_000_000_000}, "expires_at"),
        ({"digest": "0" * 64}, "digest"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_a_slip_in_a_body_is_told(owner: httpx.Client, body: dict[str, Any], field: str) -> None:
    error = problem_of(owner.post(KEYS, json=body), 422, "UNPROCESSABLE")
    assert error["details"]["fields"][0]["field"].startswith(field)
    path = f"{KEYS}/{owner.get(KEYS).json()['keys'][0]['id']}"
    problem_of(owner.patch(path, json=body), 422, "UNPROCESSABLE")


def test_a_key_does_not_begin_ended(owner: httpx.Client) -> None:
    problem_of(owner.post(KEYS, json={"expires_at": "2020-01-01T00:00:00Z"}), 422, "EXPIRY_PAST")


@pytest.mark.parametrize("scope", ["session:read", "sessions", "sessions:delete", "sessions:read:all", ""])
def test_a_scope_that_nothing_asks_for_is_refused(owner: httpx.Client, scope: str) -> None:
    error = problem_of(owner.post(KEYS, json={"scopes": [scope]}), 422, "SCOPE_UNKNOWN")
    assert "sessions" in error["cause"]


# --- how a key comes in


@pytest.mark.row("A9", "A10", "A27", "A30", "X6", "X27")
def test_requests_without_a_good_key_are_refused_alike(server: ServerProcess, owner: httpx.Client) -> None:
    key = made(owner, KEYS, scopes=["keys:read"])["key"]
    revoked = made(owner, KEYS, scopes=["keys:read"])
    owner.delete(f"{KEYS}/{revoked['id']}")
    never = f"ok_live_{'a' * 40}"
    with httpx.Client(base_url=server.url) as client:
        told = set()
        for bad in (never, revoked["key"], key[:-1] + ("a" if key[-1] != "a" else "b"), f"{key[:20]} {key[21:]}"):
            for header in ({"Authorization": f"Bearer {bad}"}, {"x-api-key": bad}, {"api_key": bad}):
                error = problem_of(client.get(KEYS, headers=header), 401, "UNAUTHORIZED")
                told.add((error["message"], error["cause"], error["hint"]))
        [(_, cause, hint)] = told
        assert "does not know the key, or the key has expired, is disabled or was revoked" in cause
        assert all(where in hint for where in ("Authorization: Bearer", "x-api-key", "api_key", "Whoever made the key"))
        for header in ({}, {"x-api-key": "short"}, {"x-api-key": f"{key}x"}, {"api-key": key}, {"x-api-key": "'k'"}):
            answer = client.get(KEYS, headers=header)
            problem_of(answer, 401, "UNAUTHORIZED")
            assert answer.headers["www-authenticate"] == "Bearer"
        # A query is no place for a key, but where a surface says so.
        problem_of(client.get(KEYS, params={"api_key": key}), 401, "UNAUTHORIZED")
        error = problem_of(client.get(KEYS, headers={"x-api-key": key, "api_key": revoked["key"]}), 401, "UNAUTHORIZED")
        assert "two different keys" in error["cause"]


@pytest.mark.row("A28")
def test_each_of_three_headers_carries_a_key(server: ServerProcess, owner: httpx.Client) -> None:
    key = made(owner, KEYS, scopes=["keys:read"])["key"]
    with httpx.Client(base_url=server.url) as client:
        for header in ({"Authorization": f"bearer {key}"}, {"X-Api-Key": key}, {"api_key": key}):
            assert client.get(KEYS, headers=header).status_code == 200
            assert client.get("/v1/admin/organisation", headers=header | {"api_key": key}).status_code == 200
