"""What is too old is removed, and removed again the next day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from outrider.engine import EmbeddedEngine
from outrider.server.retention import PURGE_WEBHOOKS, Retention
from outrider.storage import Database, SqlJobStore, SqlSessionStore

NOW = datetime(2026, 1, 31, tzinfo=UTC)


async def test_what_is_older_is_removed_and_the_next_day_again(tmp_path: Path) -> None:
    asked: list[datetime] = []

    async def remove_before(moment: datetime) -> int:
        asked.append(moment)
        return 1

    async with await Database.open(tmp_path / "outrider.db") as database:
        jobs = SqlJobStore(database)
        engine = EmbeddedEngine(SqlSessionStore(database), jobs, max_sessions=1)
        await Retention(engine, PURGE_WEBHOOKS, remove_before, days=30, now=lambda: NOW).purge({})
        (next_run,) = await jobs.upcoming(9)

    assert asked == [NOW - timedelta(days=30)]
    assert (next_run.kind, next_run.key, next_run.run_at) == (PURGE_WEBHOOKS, PURGE_WEBHOOKS, NOW + timedelta(days=1))
