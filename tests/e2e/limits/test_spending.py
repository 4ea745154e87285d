"""What tasks cost, on a server that runs: at each of their ends, without credits, and when the server is killed."""

import asyncio
import json
import random
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.e2e.api.conftest import pages
from tests.e2e.api.serving import SECONDS, Pages, ServerProcess, problem_of, run_to_end, serving, stream
from tests.e2e.limits.books import Task, assert_paid_for, balance_of, grant, log_of, statement_of, tasks_in
from tests.e2e.limits.conftest import MakeKey

from outrider.storage import Database, SqlCreditStore

__all__ = ["pages"]

pytestmark = pytest.mark.browser

PRICE = {"task": 10, "step": 2}
MAX_STEPS = 5
MOST = 20
PRICES = {"agi-0": PRICE, "agi-0-fast": {"task": 1000}}
ROUNDS = 4


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("spending") / "data"
    with serving(folder, PRICES=json.dumps(PRICES), MAX_STEPS=MAX_STEPS) as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []


@pytest.fixture
def client(server: ServerProcess, make_key: MakeKey, request: pytest.FixtureRequest) -> Iterator[httpx.Client]:
    """Of an organisation of its own, with some credits."""
    organisation = f"org-{request.node.name.replace('_', '-')[:50]}"
    key = make_key(server.data_dir, organisation, {"plan": "enterprise"})
    with server.client() as operator, server.client(key) as opened:
        grant(operator, 100, "start", organisation)
        yield opened
        opened.delete("/v1/sessions")


def created(client: httpx.Client, **fields: str) -> str:
    answer = client.post("/v1/sessions", json=fields)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["session_id"])


def say(client: httpx.Client, session_id: str, message: str, **fields: object) -> httpx.Response:
    return client.post(f"/v1/sessions/{session_id}/message", json={"message": message, **fields})


def test_an_answer_costs_its_task_and_its_steps(client: httpx.Client, pages: Pages) -> None:
    session_id = created(client)
    assert balance_of(client) == (100, 0)  # a session costs nothing
    assert say(client, session_id, "Read the price.", start_url=f"{pages.url}/slow").status_code == 200
    assert pages.asked.wait(SECONDS)
    assert balance_of(client) == (100 - MOST, MOST)
    assert say(client, session_id, "And say it in one word.").status_code == 200  # to the task that runs
    assert balance_of(client) == (100 - MOST, MOST)
    with stream(client, f"/v1/sessions/{session_id}") as frames:
        pages.release.set()
        assert [frame.event for frame in frames][-1] == "done"

    (task,) = tasks_in(session_id, log_of(client, session_id))
    assert (task.end, task.steps > 0) == ("DONE", True)
    assert_paid_for(client, [task], PRICE)
    _, hold, settled = statement_of(client)
    assert (hold["kind"], hold["amount"], hold["memo"]) == ("hold", MOST, "agi-0")
    assert settled["amount"] == 10 + 2 * task.steps


def test_what_fails_or_is_cancelled_costs_the_steps_that_were_taken(client: httpx.Client, pages: Pages) -> None:
    failed, cancelled, deleted = (created(client) for _ in range(3))
    run_to_end(client, f"/v1/sessions/{failed}", f"Open {pages.url}/ and click “Nowhere”.")
    for session_id in (cancelled, deleted):
        say(client, session_id, "Read the price.", start_url=f"{pages.url}/slow")
    assert pages.asked.wait(SECONDS)
    client.post(f"/v1/sessions/{cancelled}/cancel")
    tasks = [task for one in (failed, cancelled) for task in tasks_in(one, log_of(client, one))]
    (last,) = tasks_in(deleted, log_of(client, deleted))
    client.delete(f"/v1/sessions/{deleted}")

    assert [task.end for task in tasks] == ["TARGET_NOT_FOUND", "TASK_CANCELLED"]
    assert_paid_for(client, [*tasks, Task(deleted, last.id, last.steps, "SESSION_NOT_FOUND")], PRICE)


def test_without_credits_a_task_does_not_begin(server: ServerProcess, make_key: MakeKey, client: httpx.Client) -> None:
    session_id = created(client, agent_name="agi-0-fast")
    error = problem_of(say(client, session_id, "Reply with 'OK'"), 402, "INSUFFICIENT_CREDITS")
    assert error["details"] == {"needed": 1000, "available": 100}
    assert log_of(client, session_id) == []
    assert client.get(f"/v1/sessions/{session_id}/status").json()["status"] == "ready"
    script = "version: 1\ntask: t\nsteps:\n- action: back\n"
    refused = client.post(f"/v1/sessions/{session_id}/replay", json={"script": script})
    problem_of(refused, 402, "INSUFFICIENT_CREDITS")

    organisation = client.get("/v1/credits").json()["organisation_id"]
    with server.client() as operator:
        grant(operator, 900, "more", organisation)
    assert run_to_end(client, f"/v1/sessions/{session_id}")[-1].event == "done"
    assert_paid_for(client, tasks_in(session_id, log_of(client, session_id)), {"task": 1000})
    assert balance_of(client) == (0, 0)


def test_who_allows_fewer_steps_needs_fewer_credits(client: httpx.Client, pages: Pages) -> None:
    session_id = created(client)
    updates = {"max_steps": 1}
    say(client, session_id, "Read the price.", start_url=f"{pages.url}/slow", config_updates=updates)
    assert balance_of(client) == (100 - 12, 12)


def test_many_at_once_get_no_more_than_there_is(client: httpx.Client) -> None:
    """Credits for five tasks, and eight that want to begin at the same time."""
    sessions = [created(client) for _ in range(8)]
    answers: list[httpx.Response] = []
    threads = [
        threading.Thread(target=lambda one=one: answers.append(say(client, one, "Wait for 2 seconds.")))
        for one in sessions
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    statuses = [answer.status_code for answer in answers]
    assert (statuses.count(200), statuses.count(402)) == (5, 3)
    assert min(line["available"] for line in statement_of(client)) == 0


@pytest.mark.slow
def test_a_kill_at_any_moment_loses_no_credit_and_takes_none_twice(tmp_path: Path, pages: Pages) -> None:
    chance = random.Random(28)  # noqa: S311 - moments of a kill
    sessions: list[str] = []
    settings: dict[str, Any] = {"PRICES": json.dumps(PRICES), "MAX_STEPS": MAX_STEPS, "MAX_SESSIONS": 4 * ROUNDS}
    interrupted = 0
    for number in range(ROUNDS + 1):
        with serving(tmp_path, **settings) as server, server.client() as client:
            grant(client, 10_000, f"round-{number}")
            tasks = [task for one in sessions for task in tasks_in(one, log_of(client, one))]
            assert_paid_for(client, tasks, PRICE)
            assert balance_of(client)[1] == 0
            interrupted += sum(task.end == "SESSION_INTERRUPTED" for task in tasks)
            if number == ROUNDS:
                break
            new = [created(client) for _ in range(3)]
            sessions += new
            workers = [threading.Thread(target=_work, args=(server.client(), one, pages.url)) for one in new]
            for worker in workers:
                worker.start()
            killer = threading.Timer(chance.uniform(0.3, 1.5), server.process.kill)
            killer.start()
            for thread in (*workers, killer):
                thread.join()
            server.process.wait()
    assert interrupted > 0
    assert asyncio.run(_faults(tmp_path)) == ()


def _work(client: httpx.Client, session_id: str, url: str) -> None:
    """One task after the other, until the server is gone."""
    path = f"/v1/sessions/{session_id}"
    with client, suppress(httpx.TransportError):
        while True:
            if say(client, session_id, "Read the price.", start_url=f"{url}/").status_code != 200:
                continue
            while client.get(f"{path}/status").json()["status"] == "running":
                pass


async def _faults(folder: Path) -> tuple[str, ...]:
    async with await Database.open(folder / "outrider.db") as database:
        return await SqlCreditStore(database).faults()
