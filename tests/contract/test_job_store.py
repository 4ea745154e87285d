"""What every job store promises."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.contract.builders import Record

from outrider.interfaces.jobs import JobStore

NOW = datetime(2026, 3, 4, 5, 6, 7, 890123, tzinfo=UTC)


@pytest.fixture
def jobs(record: Record) -> JobStore:
    return record.jobs


async def test_jobs_come_earliest_first_as_they_were_put(jobs: JobStore) -> None:
    for hours, key in ((3, "c"), (1, "a"), (2, "b")):
        await jobs.put("expire", {"key": key, "n": [1]}, at=NOW + timedelta(hours=hours), key=key)

    first, second = await jobs.upcoming(2)

    assert (first.key, second.key) == ("a", "b")
    assert (first.kind, first.body, first.run_at, first.attempts) == (
        "expire",
        {"key": "a", "n": [1]},
        NOW + timedelta(hours=1),
        0,
    )


async def test_the_end_of_a_replaced_job_leaves_its_successor_alone(jobs: JobStore) -> None:
    await jobs.put("expire", {}, at=NOW, key="k")
    (old,) = await jobs.upcoming(5)
    await jobs.put("expire", {"new": True}, at=NOW, key="k")

    await jobs.postpone(old.id, NOW + timedelta(days=1))
    await jobs.finish(old.id)

    (new,) = await jobs.upcoming(5)
    assert (new.body, new.run_at, new.attempts) == ({"new": True}, NOW, 0)
    await jobs.finish(new.id)
    assert await jobs.upcoming(5) == ()


async def test_a_postponed_job_counts_its_failures(jobs: JobStore) -> None:
    await jobs.put("hook", {}, at=NOW, key="k")
    for attempt in (1, 2):
        (job,) = await jobs.upcoming(1)
        await jobs.postpone(job.id, NOW + timedelta(hours=attempt))

    (job,) = await jobs.upcoming(1)
    assert (job.attempts, job.run_at) == (2, NOW + timedelta(hours=2))
