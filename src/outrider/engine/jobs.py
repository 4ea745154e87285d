"""Carries out jobs when they are due: at least once, again with growing pauses when they fail."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from outrider.engine.bell import Bell
from outrider.interfaces.jobs import Job, JobHandler, JobStore
from outrider.telemetry import get_logger

__all__ = ["JobRunner"]

CONCURRENCY: Final = 8
#: Time that one attempt may take.
ATTEMPT_SECONDS: Final = 60.0
#: Attempts before a job is dropped; with the pauses below about an hour.
ATTEMPTS: Final = 16
LONGEST_PAUSE_SECONDS: Final = 300.0
#: The runner looks at least this often, so that a changed clock does no harm.
LOOK_SECONDS: Final = 30.0
#: Pause after the store has failed.
STORE_PAUSE_SECONDS: Final = 5.0

log = get_logger(__name__)


class JobRunner:
    """Runs the jobs of one store. There must be one runner per store."""

    def __init__(self, store: JobStore) -> None:
        self._store = store
        self._handlers: dict[str, JobHandler] = {}
        self._running: set[int] = set()
        self._bell = Bell()

    def handle(self, kind: str, handler: JobHandler) -> None:
        """Have ``handler`` carry out jobs of a kind."""
        self._handlers[kind] = handler

    async def enqueue(self, kind: str, body: Mapping[str, Any], *, at: datetime, key: str) -> None:
        """Store a job in place of any earlier one with this key."""
        await self._store.put(kind, body, at=at, key=key)
        self._bell.ring()

    async def run(self) -> None:
        """Carry out jobs until cancelled; attempts that are cut short are made again after the next start."""
        async with asyncio.TaskGroup() as group:
            while True:
                seen = self._bell.rings
                pause_seconds = await self._start_due(group)
                try:
                    async with asyncio.timeout(pause_seconds):
                        await self._bell.wait(seen)
                except TimeoutError:
                    continue

    async def _start_due(self, group: asyncio.TaskGroup) -> float:
        """Start what is due, as far as there is room; returns the seconds until something else may be."""
        try:
            # Twice as many as can run, so that what runs already can't hide what waits.
            upcoming = await self._store.upcoming(2 * CONCURRENCY)
        except Exception:
            log.exception("jobs can't be read")
            return STORE_PAUSE_SECONDS
        now = datetime.now(UTC)
        for job in upcoming:
            if job.id in self._running:
                continue
            if job.run_at > now:
                return min((job.run_at - now).total_seconds(), LOOK_SECONDS)
            if len(self._running) == CONCURRENCY:
                break
            self._running.add(job.id)
            group.create_task(self._carry_out(job), name=f"job {job.key}")
        return LOOK_SECONDS

    async def _carry_out(self, job: Job) -> None:
        try:
            if await self._attempt(job):
                await self._store.finish(job.id)
            else:
                await self._try_later(job)
        except Exception:  # of the store: the job is still there, and is looked at after a pause
            log.exception("job's end can't be recorded", job=job.key)
            await asyncio.sleep(STORE_PAUSE_SECONDS)
        finally:
            self._running.discard(job.id)
            self._bell.ring()

    async def _attempt(self, job: Job) -> bool:
        try:
            async with asyncio.timeout(ATTEMPT_SECONDS):
                await self._handlers[job.kind](job.body)
        except Exception:
            log.exception("job failed", job=job.key, kind=job.kind, attempts=job.attempts + 1)
            return False
        return True

    async def _try_later(self, job: Job) -> None:
        attempts = job.attempts + 1
        if attempts >= ATTEMPTS:
            log.error("job given up", job=job.key, kind=job.kind, attempts=attempts)
            await self._store.finish(job.id)
            return
        pause_seconds = min(2.0 ** (attempts - 1), LONGEST_PAUSE_SECONDS)
        await self._store.postpone(job.id, datetime.now(UTC) + timedelta(seconds=pause_seconds))
