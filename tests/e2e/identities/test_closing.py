"""Organisations that are removed or disabled while their sessions run, on a server with real browsers."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.conftest import pages
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess, problem_of, run_to_end, serving, stream
from tests.e2e.kill.remains import main_processes, wait_until
from tests.e2e.limits.books import assert_paid_for, grant, log_of, tasks_in

from outrider.identities.sealing import open_sealer
from outrider.interfaces.schedules import JobState, RunState, ScheduledJob
from outrider.storage import Database, SqlKeyStore, SqlScheduleStore, SqlSessionStore

__all__ = ["pages"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ORGANISATIONS = "/v1/admin/organisations"
PRICE = {"task": 10, "step": 1}
SETTINGS: dict[str, Any] = {"PRICES": json.dumps({"*": PRICE}), "MAX_STEPS": 5}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ServerProcess]:
    with serving(tmp_path / "data", **SETTINGS) as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


def client_of(server: ServerProcess, operator: httpx.Client, short_name: str) -> httpx.Client:
    """Of a new organisation with some credits."""
    organisation = operator.post(ORGANISATIONS, json={"short_name": short_name, "plan": "enterprise"}).json()["id"]
    rights = {"scopes": ["*:manage"], "tiers": ["operations"], "organisation_id": organisation}
    grant(operator, 100, "start", organisation)
    return server.client(operator.post("/v1/admin/keys", json=rights).json()["key"])


def busy_session(client: httpx.Client, pages: Pages) -> str:
    """The id of a session whose task waits for a slow page."""
    session_id = str(client.post("/v1/sessions", json={}).json()["session_id"])
    task = {"message": "Read the price.", "start_url": f"{pages.url}/slow"}
    assert client.post(f"/v1/sessions/{session_id}/message", json=task).status_code == 200
    assert pages.asked.wait(SECONDS)
    return session_id


def test_a_disabled_organisation_stops_and_goes_on_when_it_is_enabled(server: ServerProcess, pages: Pages) -> None:
    with server.client() as operator, client_of(server, operator, "acme") as client:
        mine = busy_session(client, pages)
        others = operator.post("/v1/sessions", json={}).json()["session_id"]
        with stream(client, f"/v1/sessions/{mine}") as frames:
            disabled = operator.patch(f"{ORGANISATIONS}/acme", json={"disabled": True})
            assert (disabled.status_code, disabled.json()["disabled"]) == (200, True)
            # Whoever reads on hears of the key, as with any request.
            last = [frame for frame in frames if frame.event != "heartbeat"][-1]
        assert (last.event, last.json()["code"]) == ("error", "UNAUTHORIZED")
        problem_of(client.get("/v1/sessions"), 401, "UNAUTHORIZED")
        wait_until(lambda: len(main_processes(server.data_dir)) == 1, "the session's browser to end")
        assert operator.get(f"/v1/sessions/{others}").json()["status"] == "ready"

        assert operator.patch(f"{ORGANISATIONS}/acme", json={"disabled": False}).status_code == 200
        problem_of(client.get(f"/v1/sessions/{mine}"), 404, "SESSION_EXPIRED")
        reported = client.get(
            "/v4/operations/acme/messages", params={"offset": 0, "count": 9, "sessionOID": mine}
        ).json()
        told = reported["Data"][-1]
        assert (told["Code"], told["Content"]) == ("ORGANISATION_CLOSED", "The organisation was disabled.")
        assert client.get("/v1/credits").json()["held"] == 0
        session_id = client.post("/v1/sessions", json={}).json()["session_id"]
        assert run_to_end(client, f"/v1/sessions/{session_id}")[-1].event == "done"
        (task,) = tasks_in(session_id, log_of(client, session_id))
        (cut_off,) = tasks_in(mine, [_as_message(one) for one in reported["Data"]])
        assert_paid_for(client, [cut_off, task], PRICE)


def _as_message(reported: dict[str, Any]) -> dict[str, Any]:
    number = int(reported["OID"].rpartition(".")[2])
    return {"id": number, "type": reported["Type"], "metadata": {"code": reported["Code"]}}


def test_the_sessions_jobs_and_runs_of_a_removed_organisation_end(server: ServerProcess, pages: Pages) -> None:
    with server.client() as operator, client_of(server, operator, "acme") as client:
        jobs = "/v4/operations/acme/jobs"
        organisation = client.get("/v1/credits").json()["organisation_id"]
        plan = {"Name": "Tea", "Task": "Read the price.", "StartUrl": f"{pages.url}/slow"}
        due = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(time.time() + 2))
        assert client.post(jobs, json=plan | {"RunAt": due}).status_code == 201
        rare = client.post(jobs, json=plan | {"CronExpression": "0 0 1 1 *"}).json()["OID"]
        assert pages.asked.wait(SECONDS)
        assert operator.delete(f"{ORGANISATIONS}/acme").status_code == 204

        problem_of(client.get(jobs), 401, "UNAUTHORIZED")
        server.logged(lambda line: line["event"] == "session ended with its organisation" and line["how"] == "removed")
        wait_until(lambda: not main_processes(server.data_dir), "the run's browser to end")
        failed = (RunState.FAILED, "ORGANISATION_CLOSED")
        wait_until(lambda: asyncio.run(_runs(server.data_dir)) == [failed], "the run to be recorded as failed")
        job = asyncio.run(_job(server.data_dir, organisation, rare))
        assert (job.state, job.next_run_at) == (JobState.CANCELLED, None)


def test_what_was_disabled_while_no_server_ran_ends_at_the_next_start(tmp_path: Path, pages: Pages) -> None:
    folder = tmp_path / "data"
    with serving(folder, **SETTINGS) as server, server.client() as operator:
        with client_of(server, operator, "acme") as client:
            session_id = busy_session(client, pages)
        server.process.kill()
        server.process.wait(SECONDS)
    asyncio.run(_disable(folder, "acme"))
    with serving(folder, **SETTINGS) as server:
        server.logged(
            lambda line: line["event"] == "session ended with its organisation" and line["session_id"] == session_id
        )
    assert asyncio.run(_codes(folder, session_id)) == ["SESSION_INTERRUPTED", "ORGANISATION_CLOSED"]


@asynccontextmanager
async def _opened(folder: Path) -> AsyncIterator[Database]:
    async with await Database.open(folder / "outrider.db") as database:
        yield database


def _schedules(database: Database, folder: Path) -> SqlScheduleStore:
    return SqlScheduleStore(database, open_sealer("", folder / "sealing.keys"))


async def _runs(folder: Path) -> list[tuple[RunState, str | None]]:
    async with _opened(folder) as database:
        found = await _schedules(database, folder).runs(tuple(RunState))
        return [(run.state, run.code) for run in found]


async def _job(folder: Path, organisation: str, job_id: str) -> ScheduledJob:
    async with _opened(folder) as database:
        return await _schedules(database, folder).get(organisation, job_id)


async def _disable(folder: Path, organisation: str) -> None:
    async with _opened(folder) as database:
        store = SqlKeyStore(database)
        await store.change_organisation((await store.organisation(organisation)).id, {"disabled": True})


async def _codes(folder: Path, session_id: str) -> list[str]:
    async with _opened(folder) as database:
        messages = await SqlSessionStore(database).messages(session_id)
        return [message.metadata["code"] for message in messages if "code" in message.metadata]
