"""Runs of jobs at the gate of a server that runs: rights, rate, quota and credits of the organisation."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, ServerProcess, problem_of, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WINDOW = 6.0
ACME = "/v1/admin/organisations/acme"
OPERATIONS = "/v4/operations/acme"


@dataclass(frozen=True)
class House:
    """A server, its operator, and a client of it."""

    server: ServerProcess
    operator: httpx.Client
    client: httpx.Client
    key_id: str

    def limit(self, **changes: Any) -> None:
        assert self.operator.patch(ACME, json=changes).status_code == 200

    def job(self, seconds: float = 1.0, **fields: Any) -> tuple[str, datetime]:
        """A new job, and when it is due."""
        due = (datetime.now(UTC) + timedelta(seconds=seconds + 1)).replace(microsecond=0)
        plan = {"Name": "Tea", "Task": "Reply with 'OK'", "RunAt": f"{due:%Y-%m-%dT%H:%M:%S}", **fields}
        answer = self.client.post(f"{OPERATIONS}/jobs", json=plan)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["OID"]), due

    def run(self, job: str, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The job's only run, once it is so."""
        deadline = time.monotonic() + SECONDS
        while True:
            answer = self.client.get(f"{OPERATIONS}/runs", params={"offset": 0, "count": 9, "jobOID": job})
            runs = answer.json()["Data"]
            if runs and is_so(runs[0]):
                assert len(runs) == 1
                return dict(runs[0])
            assert time.monotonic() < deadline, runs
            time.sleep(0.1)

    def refused(self, job: str, code: str) -> None:
        """The log says that the job's run was, without a request that would count."""
        self.server.logged(
            lambda line: (
                line["event"] == "run could not be started" and line["code"] == code and line["run"].startswith(job)
            )
        )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    settings: dict[str, Any] = {"RATE_WINDOW_SECONDS": WINDOW, "PRICES": json.dumps({"*": {"task": 5}})}
    with serving(tmp_path_factory.mktemp("gate") / "data", **settings) as server, server.client() as operator:
        operator.post("/v1/admin/organisations", json={"short_name": "acme", "plan": "enterprise"})
        rights = {"scopes": ["*:manage"], "tiers": ["operations"], "organisation_id": "acme"}
        made = operator.post("/v1/admin/keys", json=rights).json()
        with server.client(made["key"]) as client:
            yield House(server, operator, client, made["id"])
        assert [line for line in server.lines if line.get("level") == "error"] == []


@pytest.fixture
def paid(house: House, request: pytest.FixtureRequest) -> None:
    """Enough for one task."""
    found = house.client.get("/v1/credits").json()
    grant = {"organisation_id": found["organisation_id"], "amount": 5, "reference": request.node.name}
    assert house.operator.post("/v1/admin/credits/grants", json=grant).status_code == 201


def has_ended(run: dict[str, Any]) -> bool:
    return run["EndedAt"] is not None


def test_a_run_without_credits_has_failed_and_the_next_one_is_tried_anew(
    house: House, request: pytest.FixtureRequest
) -> None:
    job, _ = house.job()
    failed = house.run(job, has_ended)
    assert (failed["State"], failed["Code"], failed["StartedAt"]) == ("failed", "INSUFFICIENT_CREDITS", None)
    assert "5 credits" in failed["Outcome"]
    assert house.client.get("/v1/sessions").json() == []

    request.getfixturevalue("paid")
    job, _ = house.job()
    done = house.run(job, has_ended)
    assert (done["State"], done["Code"]) == ("finished", None)
    settled, hold, _ = house.client.get("/v1/credits/statement").json()["lines"]
    assert [(line["kind"], line["session_id"], line["task_id"]) for line in (settled, hold)] == [
        ("settle", done["SessionOID"], 1),
        ("hold", done["SessionOID"], 1),
    ]


def test_a_key_for_jobs_alone_has_tasks_done_and_one_for_sessions_alone_makes_no_jobs(house: House, paid: None) -> None:
    rights = {"tiers": ["operations"], "organisation_id": "acme"}
    due = datetime.now(UTC) + timedelta(seconds=2)
    plan = {"Name": "Tea", "Task": "Reply with 'OK'", "RunAt": f"{due:%Y-%m-%dT%H:%M:%S}"}
    of_jobs = house.operator.post("/v1/admin/keys", json=rights | {"scopes": ["jobs:write"]}).json()
    with house.server.client(of_jobs["key"]) as client:
        made = client.post(f"{OPERATIONS}/jobs", json=plan)
        assert made.status_code == 201, made.text
        problem_of(client.post("/v1/sessions", json={}), 403, "SCOPE_MISSING")
    of_sessions = house.operator.post("/v1/admin/keys", json=rights | {"scopes": ["sessions:manage"]}).json()
    with house.server.client(of_sessions["key"]) as client:
        problem_of(client.post(f"{OPERATIONS}/jobs", json=plan), 403, "SCOPE_MISSING")
    assert house.run(made.json()["OID"], has_ended)["State"] == "finished"


def test_a_run_may_use_what_its_key_may_use_by_then(house: House) -> None:
    job, _ = house.job(2, AgentName="agi-0")
    assert house.client.get(f"{OPERATIONS}/jobs/{job}").json()["KeyOID"] == house.key_id
    key = f"/v1/admin/keys/{house.key_id}"
    assert house.operator.patch(key, json={"agents": ["agi-0-fast"]}).status_code == 200
    failed = house.run(job, has_ended)
    assert (failed["State"], failed["Code"]) == ("failed", "AGENT_NOT_ALLOWED")
    assert house.operator.patch(key, json={"agents": None}).status_code == 200


@pytest.mark.usefixtures("paid")
def test_a_run_waits_for_a_slot_of_the_organisation(house: House) -> None:
    job, due = house.job(2)
    house.limit(requests_per_minute=3)
    time.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds() - 1))
    assert 429 in [house.client.get("/v1/credits").status_code for _ in range(4)]
    house.refused(job, "RATE_LIMITED")
    house.limit(requests_per_minute=None)

    done = house.run(job, has_ended)
    assert (done["State"], done["Code"]) == ("finished", None)
    waited = datetime.fromisoformat(done["StartedAt"]) - datetime.fromisoformat(done["ScheduledFor"])
    assert timedelta(seconds=WINDOW / 3) < waited


@pytest.mark.usefixtures("paid")
def test_a_run_waits_for_a_session_to_become_free(house: House) -> None:
    created = house.client.post("/v1/sessions", json={}).json()
    house.limit(max_sessions=1)
    job, _ = house.job()
    waiting = house.run(job, lambda run: run["Code"] is not None)
    assert (waiting["State"], waiting["Code"]) == ("pending", "ORGANISATION_LIMIT_REACHED")
    house.client.delete(f"/v1/sessions/{created['session_id']}")
    done = house.run(job, has_ended)
    assert (done["State"], done["Code"]) == ("finished", None)
    house.limit(max_sessions=None)
