"""Keys that are for certain agents, of a server that runs: at a session's start, at its messages, at jobs."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import ServerProcess, problem_of, run_to_end, serving

KEYS = "/v1/admin/keys"
JOBS = "/v4/operations/default/jobs"
SCRIPT = "version: 1\ntask: t\nsteps:\n- action: back\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with serving(tmp_path_factory.mktemp("agents") / "data") as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


@pytest.fixture(scope="module")
def operator(server: ServerProcess) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


def key_for(operator: httpx.Client, *agents: str) -> dict[str, Any]:
    rights = {"scopes": ["*:manage"], "tiers": ["operations"], "agents": list(agents)}
    made: dict[str, Any] = operator.post(KEYS, json=rights).json()
    return made


@pytest.mark.browser
def test_a_key_is_kept_to_its_agents_as_they_are_now(server: ServerProcess, operator: httpx.Client) -> None:
    key = key_for(operator, "agi-0-fast")
    created = operator.post("/v1/sessions", json={}).json()
    foreign = f"/v1/sessions/{created['session_id']}"
    with server.client(key["key"]) as client:
        assert client.get("/v1/models").json()["models"] == ["agi-0-fast"]
        error = problem_of(client.post("/v1/sessions", json={"agent_name": "agi-0"}), 403, "AGENT_NOT_ALLOWED")
        assert "“agi-0”" in error["message"]
        problem_of(client.post("/v1/sessions", json={"agent_name": "nobody"}), 422, "AGENT_UNKNOWN")
        problem_of(client.post(f"{foreign}/message", json={"message": "Reply."}), 403, "AGENT_NOT_ALLOWED")
        assert len(client.get("/v1/sessions").json()) == 1

        own = client.post("/v1/sessions", json={}).json()
        assert own["agent_name"] == "agi-0-fast"
        session = f"/v1/sessions/{own['session_id']}"
        assert run_to_end(client, session)[-1].event == "done"
        assert operator.patch(f"{KEYS}/{key['id']}", json={"agents": ["agi-0"]}).status_code == 200
        problem_of(client.post(f"{session}/message", json={"message": "Reply."}), 403, "AGENT_NOT_ALLOWED")
        problem_of(client.post(f"{session}/replay", json={"script": SCRIPT}), 403, "AGENT_NOT_ALLOWED")
        assert client.post(f"{foreign}/message", json={"message": "Reply."}).status_code == 200
        assert [message["type"] for message in client.get(f"{session}/messages").json()["messages"]] == ["USER", "DONE"]
        assert client.delete("/v1/sessions").json()["deleted"] is True


def test_jobs_are_for_the_agents_of_the_key(server: ServerProcess, operator: httpx.Client) -> None:
    plan = {"Name": "Tea", "Task": "Read it.", "CronExpression": "0 0 1 1 *", "AgentName": "agi-0"}
    with server.client(key_for(operator, "agi-0-fast")["key"]) as client:
        problem_of(client.post(JOBS, json=plan), 403, "AGENT_NOT_ALLOWED")
        made = client.post(JOBS, json=plan | {"AgentName": "agi-0-fast"})
        assert made.status_code == 201, made.text
        job = f"{JOBS}/{made.json()['OID']}"
        problem_of(client.put(job, json=plan), 403, "AGENT_NOT_ALLOWED")
        problem_of(client.patch(job, json={"AgentName": "scout"}), 403, "AGENT_NOT_ALLOWED")
        assert client.patch(job, json={"Name": "Teas"}).json()["AgentName"] == "agi-0-fast"
        # None at all is the agent that a session gets; this key's only one is.
        assert client.post(JOBS, json={**plan, "AgentName": None}).status_code == 201
        # Of what a key with more rights has planned, nothing is taken over.
        wider = operator.post(JOBS, json=plan).json()["OID"]
        problem_of(client.patch(f"{JOBS}/{wider}", json={"Name": "Mine"}), 403, "AGENT_NOT_ALLOWED")
