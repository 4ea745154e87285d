"""A server with three clients: one with a bit of everything, one with 2,500 sessions, and a stranger."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Row, insert, select
from tests.e2e.api.serving import SECONDS, ServerProcess, serving

from outrider.identities.keys import issue_key
from outrider.identities.sealing import open_sealer
from outrider.interfaces.identities import TIERS, Organisation
from outrider.interfaces.schedules import JobState, Plan, Run, RunState, ScheduledJob
from outrider.interfaces.sessions import Message, MessageType, State
from outrider.storage import Database, SqlKeyStore, SqlScheduleStore
from outrider.storage.rows import row_of_message, session_of
from outrider.storage.schema import audit, messages, sessions, webhook_deliveries, webhook_endpoints

MANY = 2_500
NOON = datetime(2024, 1, 31, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Client:
    """One organisation's access to client data."""

    http: httpx.Client
    key: str
    short_name: str

    def path(self, tier: str, rest: str) -> str:
        return f"/v4/{tier}/{self.short_name}/{rest}"

    def list(self, tier: str, resource: str, offset: int = 0, count: int = 10, **filters: Any) -> dict[str, Any]:
        parameters: dict[str, str | int] = {"offset": offset, "count": count, **filters}
        answer = self.http.get(self.path(tier, resource), params=parameters)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body


def session_row(organisation_id: str, number: int, **changes: Any) -> dict[str, Any]:
    at = NOON + timedelta(seconds=number)
    return {
        "id": f"{organisation_id}-{number:05d}",
        "organisation_id": organisation_id,
        "environment_id": f"environment-{number}",
        "agent_name": "agi-0",
        "model": "scout",
        "max_steps": 100,
        "agent_session_type": "managed-cdp",
        "state": State.EXPIRED.value,
        "epoch": 1,
        "task_id": 1,
        "last_message_id": 2,
        "created_at": at,
        "updated_at": at,
        **changes,
    }


def message_row(row: Row[Any], number: int, kind: str, content: Any, **metadata: Any) -> dict[str, Any]:
    message = Message(number, MessageType(kind), content, metadata, NOON + timedelta(minutes=number))
    return row_of_message(session_of(row), message)


def _fill(connection: Any) -> None:
    usage = {"requests": 2, "input_tokens": 900, "cached_tokens": 100, "output_tokens": 40, "cost_usd": 0.25}
    connection.execute(
        insert(sessions),
        [
            session_row("reports", 1),
            session_row("reports", 2, agent_name="other"),
            session_row("reports", 3, state=State.DELETED.value),
            session_row("strangers", 1),
            *(session_row("many", number) for number in range(MANY)),
        ],
    )
    rows = {row.id: row for row in connection.execute(select(sessions))}
    connection.execute(
        insert(messages),
        [
            message_row(rows["reports-00001"], 1, "USER", "Read the price."),
            message_row(rows["reports-00001"], 2, "THOUGHT", "hidden", internal=True),
            message_row(rows["reports-00001"], 3, "DONE", {"price": "3 EUR"}, steps=4, seconds=2.5, usage=usage),
            message_row(rows["reports-00002"], 4, "ERROR", "It did not work.", code="TARGET_NOT_FOUND", seconds=1.0),
            message_row(rows["reports-00003"], 5, "DONE", "of a deleted session", seconds=1.0),
            message_row(rows["strangers-00001"], 1, "USER", "Nobody else's business."),
        ],
    )
    endpoint = {
        "id": "we_1", "organisation_id": "reports", "scope": "organisation", "url": "http://192.0.2.1/", "events": [],
        "description": "", "enabled": False, "disabled_reason": "", "failures": 0, "created_at": NOON,
    }  # fmt: skip
    connection.execute(insert(webhook_endpoints), endpoint)
    delivery = {
        "event_id": "evt_1", "event": "task.completed", "endpoint_id": "we_1", "organisation_id": "reports",
        "session_id": "reports-00001", "payload": {}, "status": "failed", "attempt_count": 1,
        "attempts": [{"at": NOON.isoformat(), "milliseconds": 1.0, "status_code": 500, "answer": "", "problem": "500"}],
        "created_at": NOON,
    }  # fmt: skip
    connection.execute(insert(webhook_deliveries), delivery)
    ruling = {
        "organisation_id": "reports", "session_id": "reports-00001", "rule": "purchase.button", "risk": "purchase",
        "verdict": "ask", "reason": "It buys.", "excerpt": "Buy", "created_at": NOON,
    }  # fmt: skip
    connection.execute(insert(audit), ruling)


async def _run_a_job(store: SqlScheduleStore) -> None:
    plan = Plan("Prices", "Read the price.", run_at=NOON.replace(tzinfo=None))
    job = ScheduledJob("job_1", "reports", plan, JobState.SCHEDULED, NOON, NOON, NOON)
    await store.add(job, limit=1)
    await store.begin(job, Run("job_1.1", "job_1", "reports", NOON, RunState.FINISHED, "reports-00001"), None)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[tuple[Database, SqlKeyStore]]:
    async with await Database.open(folder / "outrider.db") as database:
        yield database, SqlKeyStore(database)


@pytest.fixture(scope="package")
def keys(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The data folder, and keys by name; made before the server starts."""
    folder = tmp_path_factory.mktemp("client-data") / "data"
    made: dict[str, Any] = {"folder": folder}

    async def prepare() -> None:
        async with opened(folder) as (database, store):
            for name in ("reports", "many", "strangers"):
                await store.add_organisation(Organisation(id=name, short_name=name))
                made[name], record = issue_key(name, tiers=frozenset(TIERS))
                await store.add_key(record)
            for tier in TIERS:
                made[tier], record = issue_key("reports", tiers=frozenset({tier}))
                await store.add_key(record)
            await database.write(_fill)
            await _run_a_job(SqlScheduleStore(database, open_sealer("", folder / "sealing.keys")))

    asyncio.run(prepare())
    return made


@pytest.fixture(scope="package")
def server(keys: dict[str, Any]) -> Iterator[ServerProcess]:
    with serving(keys["folder"], MAX_SESSIONS=4, RETENTION_DAYS=36_500, AUDIT_RETENTION_DAYS=36_500) as process:
        yield process
    assert [line for line in process.lines if line.get("level") == "error"] == []
    everything = "\n".join(map(str, process.lines))
    assert not any(key in everything for name, key in keys.items() if name != "folder")


def _client(server: ServerProcess, key: str, short_name: str) -> Iterator[Client]:
    with httpx.Client(base_url=server.url, headers={"api_key": key}, timeout=SECONDS) as http:
        yield Client(http, key, short_name)


@pytest.fixture(scope="package")
def client(server: ServerProcess, keys: dict[str, Any]) -> Iterator[Client]:
    yield from _client(server, keys["reports"], "reports")


@pytest.fixture(scope="package")
def many(server: ServerProcess, keys: dict[str, Any]) -> Iterator[Client]:
    yield from _client(server, keys["many"], "many")


@pytest.fixture(scope="package")
def stranger(server: ServerProcess, keys: dict[str, Any]) -> Iterator[Client]:
    yield from _client(server, keys["strangers"], "strangers")
