"""Rates, quotas, blocks and credits of a server that runs. Its windows are shorter than a minute, and roll alike."""

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, ServerProcess, problem_of, serving, stream
from tests.e2e.limits.conftest import MakeKey

from outrider.storage import Database, SqlCreditStore

WINDOW = 5.0
PATH = "/v1/credits"
BLOCKED = "ip=203.0.113.0/24, agent=*scanner*, path=/v1/audit; agent=auditor"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("limits") / "data"
    with serving(folder, RATE_WINDOW_SECONDS=WINDOW, BLOCK_RULES=BLOCKED, WARM_BROWSERS=0) as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


def calls(client: httpx.Client, count: int) -> list[httpx.Response]:
    """So many requests, several at a time: the window is short."""
    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(lambda _: client.get(PATH), range(count)))


def statuses(client: httpx.Client, count: int) -> list[int]:
    return [client.get(PATH).status_code for _ in range(count)]


@pytest.mark.row("A19", "A20", "X14")
def test_the_call_beyond_the_limit_is_429_and_waiting_helps(server: ServerProcess, make_key: MakeKey) -> None:
    with server.client(make_key(server.data_dir, "org-a19")) as client:
        first, *others = calls(client, 52)
        passed = [answer for answer in (first, *others) if answer.status_code == 200]
        assert len(passed) == 50
        assert sorted(int(answer.headers["X-RateLimit-Remaining"]) for answer in passed) == list(range(50))
        [refused, _] = [answer for answer in (first, *others) if answer.status_code != 200]
        error = problem_of(refused, 429, "RATE_LIMITED")
        assert error["retryable"] is True
        assert error["retryAfterSeconds"] == int(refused.headers["Retry-After"]) <= WINDOW
        assert refused.headers["X-RateLimit-Limit"] == "50"
        assert refused.headers["X-RateLimit-Remaining"] == "0"
        assert abs(int(refused.headers["X-RateLimit-Reset"]) - time.time()) <= WINDOW + 1
        assert refused.headers["RateLimit-Policy"] == '"key";q=50;w=5, "organisation";q=100;w=5'
        assert refused.headers["RateLimit"].startswith('"key";r=0;t=')
        time.sleep(int(refused.headers["Retry-After"]))
        assert client.get(PATH).status_code == 200


@pytest.mark.row("A19")
def test_each_slot_returns_by_itself(server: ServerProcess, make_key: MakeKey) -> None:
    """One call, later four: when the first is as old as the window is long one passes, and only one."""
    with server.client(make_key(server.data_dir, "org-rolling", requests_per_minute=5)) as client:
        first = time.monotonic()
        assert statuses(client, 1) == [200]
        time.sleep(WINDOW / 2)
        assert statuses(client, 4) == [200] * 4
        refused = client.get(PATH)
        problem_of(refused, 429, "RATE_LIMITED")
        assert int(refused.headers["Retry-After"]) <= WINDOW / 2 + 1
        time.sleep(max(0.0, first + WINDOW + 0.2 - time.monotonic()))
        assert statuses(client, 2) == [200, 429]


@pytest.mark.row("A15", "A33")
def test_ten_ignored_429_are_followed_by_403_which_ends(server: ServerProcess, make_key: MakeKey) -> None:
    with server.client(make_key(server.data_dir, "org-a15", requests_per_minute=2)) as client:
        assert statuses(client, 2 + 1 + 10) == [200] * 2 + [429] * 11
        blocked = client.get(PATH)
        error = problem_of(blocked, 403, "THROTTLE_IGNORED")
        assert error["retryAfterSeconds"] == int(blocked.headers["Retry-After"]) <= WINDOW
        assert statuses(client, 3) == [403] * 3
        time.sleep(int(blocked.headers["Retry-After"]))
        assert statuses(client, 3) == [200, 200, 429]


@pytest.mark.row("A44")
def test_a_key_may_have_a_limit_of_its_own(server: ServerProcess, make_key: MakeKey) -> None:
    with server.client(make_key(server.data_dir, "org-a44", requests_per_minute=100)) as client:
        answers = calls(client, 60)
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {"100"}


@pytest.mark.row("X14")
def test_an_organisation_has_one_window_for_all_its_keys(server: ServerProcess, make_key: MakeKey) -> None:
    limits = {"requests_per_minute": 3}
    keys = [make_key(server.data_dir, "org-x14", limits) for _ in range(2)]
    with server.client(keys[0]) as one, server.client(keys[1]) as other:
        assert statuses(one, 2) + statuses(other, 2) == [200, 200, 200, 429]
        assert "your organisation" in other.get(PATH).json()["message"]


def test_every_answer_says_what_is_left_also_errors(server: ServerProcess, make_key: MakeKey) -> None:
    scopes = frozenset({"sessions:read"})
    with server.client(make_key(server.data_dir, "org-all", scopes=scopes)) as client:
        answers = [
            client.get("/v1/sessions"),
            client.get("/v1/sessions/none"),
            client.get("/v1/sessions/none/messages", params={"limit": "x"}),
            client.get("/v1/credits"),  # without the scope
            client.post("/v1/sessions", content="{"),
        ]
        assert [answer.status_code for answer in answers] == [200, 404, 422, 403, 403]
        # What was refused for its rights has used no slot.
        assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["49", "48", "47", "47", "47"]
        assert all("RateLimit" in answer.headers and "RateLimit-Policy" in answer.headers for answer in answers)
        assert "RateLimit" not in client.get("/healthz").headers


@pytest.mark.row("A16")
@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/healthz", {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("/v1/sessions", {"X-Forwarded-For": "203.0.113.9"}, 403),
        ("/v1/sessions", {"User-Agent": "a Scanner 1.0"}, 403),
        ("/v1/audit", {"User-Agent": "auditor"}, 403),
        ("/v1/audit", {"User-Agent": "other"}, 200),
        ("/v1/sessions", {"User-Agent": "auditor", "X-Forwarded-For": "203.0.114.9"}, 200),
    ],
)
def test_the_operators_rules_refuse_requests(
    server: ServerProcess, path: str, headers: dict[str, str], status: int
) -> None:
    with server.client() as client:
        answer = client.get(path, headers=headers)
    assert answer.status_code == status
    if status == 403:
        problem_of(answer, 403, "POLICY_REFUSED")


def test_a_stream_takes_a_place_and_gives_it_back(server: ServerProcess, make_key: MakeKey) -> None:
    key = make_key(server.data_dir, "org-streams", {"max_streams": 1}, requests_per_minute=30)
    with server.client(key) as client:
        session = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['session_id']}"
        before = int(client.get(session).headers["X-RateLimit-Remaining"])
        with client.stream("GET", f"{session}/events") as opened:
            assert opened.status_code == 200
            assert opened.headers["X-RateLimit-Remaining"] >= str(before)
            refused = client.get(f"{session}/events")
            error = problem_of(refused, 429, "STREAM_LIMIT_REACHED")
            assert error["details"] == {"current": 1, "limit": 1}
            assert refused.headers["Retry-After"] == "10"
            assert client.get("/v1/sessions/none/events").status_code == 429
        # The server hears of a client that has gone a moment later.
        assert 404 in soon(client, "/v1/sessions/none/events")
        # One that came to nothing has left its place, too.
        with stream(client, session):
            pass
        client.delete(session)


def soon(client: httpx.Client, path: str) -> list[int]:
    """Statuses of an address until it is no longer 429."""
    found, deadline = [429], time.monotonic() + SECONDS
    while found[-1] == 429 and time.monotonic() < deadline:
        time.sleep(0.02)
        found.append(client.get(path).status_code)
    return found


def test_credits_are_granted_by_the_operator_alone(server: ServerProcess, make_key: MakeKey) -> None:
    grant: dict[str, Any] = {"organisation_id": "org-credits", "amount": 500, "reference": "invoice-1", "memo": "first"}
    with server.client() as operator, server.client(make_key(server.data_dir, "org-credits")) as client:
        assert client.get("/v1/credits").json() == {"organisation_id": "org-credits", "available": 0, "held": 0}
        problem_of(client.post("/v1/admin/credits/grants", json=grant), 403, "SCOPE_MISSING")
        problem_of(client.get("/v1/admin/credits/org-credits"), 403, "SCOPE_MISSING")

        made = operator.post("/v1/admin/credits/grants", json=grant)
        assert made.status_code == 201, made.text
        line = made.json()
        assert (line["kind"], line["amount"], line["available"], line["memo"]) == ("grant", 500, 500, "first")
        assert operator.post("/v1/admin/credits/grants", json=grant).json() == line
        other = operator.post("/v1/admin/credits/grants", json={**grant, "amount": 1})
        problem_of(other, 409, "CREDIT_REFERENCE_TAKEN")
        operator.post("/v1/admin/credits/grants", json={**grant, "reference": "invoice-2"})

        assert operator.get("/v1/admin/credits/org-credits").json()["available"] == 1000
        newest = client.get("/v1/credits/statement", params={"limit": 1}).json()
        assert [entry["reference"] for entry in newest["lines"]] == ["invoice-2"]
        rest = operator.get("/v1/admin/credits/org-credits/statement", params={"before": newest["next_before"]}).json()
        assert rest == {"lines": [line], "next_before": None}


def test_credits_reach_an_organisation_by_its_short_name(server: ServerProcess) -> None:
    with server.client() as operator:
        made = operator.post("/v1/admin/organisations", json={"short_name": "paying"}).json()
        key = operator.post("/v1/admin/keys", json={"organisation_id": made["id"], "scopes": ["credits:read"]}).json()
        grant = {"organisation_id": "paying", "amount": 7, "reference": "invoice-3"}
        assert operator.post("/v1/admin/credits/grants", json=grant).json()["available"] == 7
        balance = {"organisation_id": made["id"], "available": 7, "held": 0}
        assert operator.get("/v1/admin/credits/paying").json() == balance
        statement = operator.get("/v1/admin/credits/paying/statement").json()["lines"]
        assert [line["reference"] for line in statement] == ["invoice-3"]
    with server.client(key["key"]) as client:
        assert client.get("/v1/credits").json() == balance


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"organisation_id": "nobody"}, 404, "ORGANISATION_NOT_FOUND"),
        ({"amount": 0}, 422, "UNPROCESSABLE"),
        ({"amount": -5}, 422, "UNPROCESSABLE"),
        ({"amount": 1.5}, 422, "UNPROCESSABLE"),
        ({"amount": "5"}, 422, "UNPROCESSABLE"),
        ({"amount": 10**13}, 422, "UNPROCESSABLE"),
        ({"reference": ""}, 422, "UNPROCESSABLE"),
        ({"reference": "x" * 129}, 422, "UNPROCESSABLE"),
        ({"note": "x"}, 422, "UNPROCESSABLE"),
    ],
)
def test_grants_that_are_none_are_refused(
    server: ServerProcess, changed: dict[str, Any], status: int, code: str
) -> None:
    grant = {"organisation_id": "default", "amount": 5, "reference": "r", **changed}
    with server.client() as operator:
        problem_of(operator.post("/v1/admin/credits/grants", json=grant), status, code)
        problem_of(operator.get("/v1/admin/credits/nobody"), 404, "ORGANISATION_NOT_FOUND")


@pytest.mark.slow
def test_a_restart_gives_no_fresh_window_and_ends_no_block(tmp_path: Path, make_key: MakeKey) -> None:
    """And what was held by a process that is gone is free again, once it has expired."""
    folder = tmp_path / "data"
    with serving(folder, WARM_BROWSERS=0, RATE_WINDOW_SECONDS=600) as process:
        full = make_key(folder, "org-full", requests_per_minute=2)
        blocked = make_key(folder, "org-blocked", requests_per_minute=1)
        with process.client(full) as client:
            assert statuses(client, 3) == [200, 200, 429]
        with process.client(blocked) as client:
            assert statuses(client, 13)[-1] == 403
        asyncio.run(hold_for_ever(folder, "org-held"))
        held = make_key(folder, "org-held")
    with serving(folder, WARM_BROWSERS=0, RATE_WINDOW_SECONDS=600) as process:
        with process.client(full) as client:
            assert statuses(client, 1) == [429]
        with process.client(blocked) as client:
            answer = client.get(PATH)
            assert problem_of(answer, 403, "THROTTLE_IGNORED")["retryAfterSeconds"] > 500
        process.logged(lambda line: line["event"] == "holds of credits expired" and line["count"] == 1)
        with process.client(held) as client:
            assert client.get(PATH).json() == {"organisation_id": "org-held", "available": 9, "held": 0}


async def hold_for_ever(data_dir: Path, organisation: str) -> None:
    """What a process leaves behind that ends in the middle of a call."""
    async with await Database.open(data_dir / "outrider.db") as database:
        store = SqlCreditStore(database)
        await store.grant(organisation, 9, "grant", "")
        await store.hold(organisation, 4, "call", datetime.now(UTC))
