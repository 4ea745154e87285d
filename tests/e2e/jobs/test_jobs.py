"""Jobs that a real server does with real browsers, and what is left of a run when the server is killed."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess, serving

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OPERATIONS = "/v4/operations/default"


@pytest.fixture
def pages() -> Iterator[Pages]:
    with Pages.serving() as server:
        yield server


def job_due_now(client: httpx.Client, url: str) -> str:
    soon = datetime.now(UTC) + timedelta(seconds=1)
    fields = {"Name": "Tea", "Task": "Read the price.", "StartUrl": url, "RunAt": f"{soon:%Y-%m-%dT%H:%M:%S}"}
    answer = client.post(f"{OPERATIONS}/jobs", json=fields)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["OID"])


def listed(client: httpx.Client, resource: str, **filters: str) -> list[dict[str, Any]]:
    answer = client.get(f"{OPERATIONS}/{resource}", params={"offset": 0, "count": 100, **filters})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["Data"])


def run_of(client: httpx.Client, job: str, is_so: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The job's only run, once it is so."""
    deadline = time.monotonic() + SECONDS
    while not (found := listed(client, "runs", jobOID=job)) or not is_so(found[0]):
        assert time.monotonic() < deadline, found
        time.sleep(0.1)
    (run,) = found
    return run


def has_ended(run: dict[str, Any]) -> bool:
    return run["EndedAt"] is not None


def open_server(folder: Path) -> Any:
    return serving(folder / "data", EGRESS_ALLOW="127.0.0.1", MAX_SESSIONS=2)


def test_a_job_runs_and_one_that_was_cut_off_is_not_begun_twice(tmp_path: Path, pages: Pages) -> None:
    with open_server(tmp_path) as server, server.client() as client:
        done = run_of(client, job_due_now(client, f"{pages.url}/"), has_ended)
        (usage,) = listed(client, "usage", sessionOID=done["SessionOID"])

        assert (done["State"], done["Code"], usage["State"]) == ("finished", None, "finished")
        assert "3 EUR" in done["Outcome"]

        job = job_due_now(client, f"{pages.url}/slow")
        cut = run_of(client, job, lambda run: run["State"] == "running")
        assert pages.asked.wait(SECONDS)
        kill(server)

    with open_server(tmp_path) as server, server.client() as client:
        after = run_of(client, job, has_ended)

        assert (after["OID"], after["SessionOID"], after["StartedAt"]) == (
            cut["OID"], cut["SessionOID"], cut["StartedAt"]
        )  # fmt: skip
        assert (after["State"], after["Code"]) == ("failed", "SESSION_INTERRUPTED")
        assert len(listed(client, "messages", sessionOID=after["SessionOID"], state="USER")) == 1
        assert len(listed(client, "sessions")) == 2


def kill(server: ServerProcess) -> None:
    server.process.kill()
    server.process.wait(SECONDS)
