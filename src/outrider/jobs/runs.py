"""Runs of jobs: begun when they are due, carried out in a session of their own, and recorded to their end.

Three kinds of the engine's jobs, each of which may be carried out again after a crash at any point. A run's id is made
of its job and the time that it is for, its session's id of the run's id: so there is never a second run for the same
time, nor a second session for the same run.
"""

import uuid
from asyncio import Lock
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from outrider.interfaces.schedules import Run, RunState, ScheduledJob, ScheduleStore
from outrider.interfaces.sessions import Change, Engine, Entry, Message, MessageType, SessionRecord, SessionStore, State
from outrider.jobs.admission import RunAdmission
from outrider.jobs.schedule import look
from outrider.problems import OutriderError
from outrider.protocol.events import text_of
from outrider.sessions.creation import NewSession
from outrider.sessions.lifecycle import ENDED, RESTING
from outrider.sessions.operations import SessionOperations
from outrider.telemetry import get_logger

__all__ = ["BEGIN_RUNS", "SETTLE_RUNS", "START_RUN", "Runs"]

#: Kinds of the engine's jobs; the first and the last are their keys, too.
BEGIN_RUNS: Final = "begin_runs"
START_RUN: Final = "start_run"
SETTLE_RUNS: Final = "settle_runs"

#: How often runs under way are looked at.
SETTLE_SECONDS: Final = 2.0
#: For so long a run is tried to be started that is refused for what passes by itself, from the first time on.
PATIENCE: Final = timedelta(minutes=15)
#: Until it is tried again, where what refuses it does not say when.
RETRY_SECONDS: Final = 10
_GROUP: Final = 50
_OUTCOME_CHARACTERS: Final = 10_000
#: Makes ids of sessions from ids of runs (RFC 9562, section 5.5).
_SESSIONS: Final = uuid.UUID("6f4d2a52-3c1e-5a57-9d3f-0b6b0a4f7d11")
_TASK_ENDS: Final = frozenset({MessageType.DONE, MessageType.ERROR})
_OPEN: Final = (RunState.PENDING, RunState.RUNNING)
_ENDS: Final[Mapping[State, RunState]] = {State.FINISHED: RunState.FINISHED, State.CANCELLED: RunState.CANCELLED}

log = get_logger(__name__)


class Runs:
    """Handlers of the engine's jobs. ``begin``, ``start`` and ``settle`` are to be registered before it is entered."""

    def __init__(
        self,
        store: ScheduleStore,
        engine: Engine,
        sessions: SessionStore,
        operations: SessionOperations,
        admission: RunAdmission,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._engine = engine
        self._sessions = sessions
        self._operations = operations
        self._admission = admission
        self._now = now
        self._alarm = Lock()
        self._starting: set[str] = set()
        #: Runs that were refused: when for the first time, and when they are tried again.
        self._waiting: dict[str, tuple[datetime, datetime]] = {}

    async def wake(self) -> None:
        """Have runs begun when the next one is due."""
        async with self._alarm:  # who sets the alarm last has seen all jobs
            at = await self._store.next_due()
            if at is not None:
                await self._engine.enqueue(BEGIN_RUNS, {}, at=at, key=BEGIN_RUNS)

    async def begin(self, body: Mapping[str, Any]) -> None:
        """Begin what is due, and what an earlier call has left; then set the alarm for what comes next."""
        del body
        now = self._now()
        while jobs := await self._store.due(now, _GROUP):
            for job in jobs:
                await self._begin(job, now)
        for run in await self._store.runs([RunState.PENDING]):
            _, at = self._waiting.get(run.id, (now, now))
            await self._start_at(run, at)
        if await self._store.runs([RunState.RUNNING]):
            await self._look_soon()
        await self.wake()

    async def start(self, body: Mapping[str, Any]) -> None:
        """Make the session of the run ``body["run_id"]`` and tell it its task, if that has not been done."""
        run_id = body["run_id"]
        if run_id in self._starting:
            return
        self._starting.add(run_id)
        since, _ = self._waiting.pop(run_id, (self._now(), None))
        try:
            run = await self._store.run(run_id)
            if run is not None and run.state is RunState.PENDING:
                await self._start(run, since)
        finally:
            self._starting.discard(run_id)

    async def settle(self, body: Mapping[str, Any]) -> None:
        """Record the end of runs whose task has ended, and end their sessions."""
        del body
        left = 0
        for run, session in await self._store.running():
            if session is None or session.state in ENDED or (session.task_id and session.state in RESTING):
                await self._settle(run, session)
            elif session.state is State.WAITING and not await self._is_attended(run):
                await self._leave(run, session)
            else:
                left += 1
        if left:
            await self._look_soon()

    async def under_way(self, job_id: str) -> tuple[Run, ...]:
        """The runs of a job that have not ended."""
        return await self._store.runs(_OPEN, job_id)

    async def end(self, runs: Iterable[Run]) -> None:
        """Cancel these runs, and end their sessions."""
        for run in runs:
            await self._store.change_run(run.id, _OPEN, {"state": RunState.CANCELLED, "ended_at": self._now()})
            await self._end_session(run)

    # --- parts

    async def _begin(self, job: ScheduledJob, now: datetime) -> None:
        due_at = job.next_run_at or now
        try:
            due = look(job.plan, due_at, now)
        except OutriderError as problem:  # its time zone has gone from the database of zones: the other jobs go on
            log.warning("job is never due again", job=job.id, code=problem.code)
            await self._store.begin(job, replace(_run(job, due_at), **self._failed(problem)), None)
            return
        run = _run(job, due.at)
        if due.skipped:
            run = replace(run, state=RunState.SKIPPED, ended_at=now, outcome="No server ran when it was due.")
        await self._store.begin(job, run, due.next_at)

    async def _start(self, run: Run, since: datetime) -> None:
        """``since`` it has been tried."""
        try:
            await self._tell(run, await self._store.get(run.organisation_id, run.job_id))
        except OutriderError as problem:
            await self._refused(run, since, problem)
            return
        started = {"state": RunState.RUNNING, "started_at": self._now(), "code": None, "outcome": None}
        if not await self._store.change_run(run.id, [RunState.PENDING], started):
            await self._end_session(run)  # cancelled meanwhile
        await self._look_soon()

    async def _refused(self, run: Run, since: datetime, problem: OutriderError) -> None:
        """Try again what passes by itself, for a while; what needs somebody to do something has failed.

        A run that waited for that would start at a time that nobody has planned. A session that is there is no reason
        to wait either: it has failed to start, or to take the task.
        """
        log.info("run could not be started", run=run.id, code=problem.code)
        now, passes = self._now(), problem.problem.retryable or problem.retry_after_seconds is not None
        if passes and now - since < PATIENCE and await self._known(run) is None:
            again = now + timedelta(seconds=problem.retry_after_seconds or RETRY_SECONDS)
            self._waiting[run.id] = since, again
            await self._start_at(run, again)
            await self._store.change_run(run.id, [RunState.PENDING], _told(problem))
            return
        await self._fail(run, RunState.PENDING, problem)
        await self._end_session(run)

    async def _start_at(self, run: Run, at: datetime) -> None:
        await self._engine.enqueue(START_RUN, {"run_id": run.id}, at=at, key=f"{START_RUN}:{run.id}")

    async def _tell(self, run: Run, job: ScheduledJob) -> None:
        """Nothing of it is done twice, whatever was cut off where."""
        plan = job.plan
        session = await self._known(run)
        if session is None:
            principal = await self._admission.admit(job)
            wanted = NewSession(
                session_id=run.session_id, agent_name=plan.agent_name, max_steps=plan.max_steps, goal=plan.name
            )
            session = await self._operations.create(principal, wanted)
        else:
            principal = await self._admission.principal(job)
        if session.task_id is None:
            await self._operations.send_message(principal, session.id, plan.task, start_url=plan.start_url)

    async def _known(self, run: Run) -> SessionRecord | None:
        try:
            return await self._sessions.get(run.session_id)
        except OutriderError as problem:
            if problem.code != "SESSION_NOT_FOUND":
                raise
            return None

    async def _settle(self, run: Run, session: SessionRecord | None) -> None:
        end = None if session is None else await self._last(session, _TASK_ENDS)
        state = RunState.FAILED if session is None else _ENDS.get(session.state, RunState.FAILED)
        changes: dict[str, Any] = {"state": state, "ended_at": self._now()}
        if end is not None:
            changes |= {
                "ended_at": end.timestamp,
                "code": end.metadata.get("code"),
                "outcome": text_of(end.content)[:_OUTCOME_CHARACTERS],
            }
        if await self._store.change_run(run.id, [RunState.RUNNING], changes):
            job = await self._store.get(run.organisation_id, run.job_id)
            if not job.plan.keep_session:
                await self._end_session(run)

    async def _is_attended(self, run: Run) -> bool:
        """Whether somebody is there to answer the run's questions."""
        return (await self._store.get(run.organisation_id, run.job_id)).plan.presence_requested

    async def _leave(self, run: Run, session: SessionRecord) -> None:
        """End a run that asks something, with nobody there to answer."""
        question = await self._last(session, frozenset({MessageType.QUESTION}))
        asked = "" if question is None else text_of(question.content)
        problem = OutriderError("RUN_UNATTENDED", question=asked[:_OUTCOME_CHARACTERS])
        if await self._fail(run, RunState.RUNNING, problem):
            await self._end_session(run)

    async def _fail(self, run: Run, expected: RunState, problem: OutriderError) -> bool:
        return await self._store.change_run(run.id, [expected], self._failed(problem))

    def _failed(self, problem: OutriderError) -> dict[str, Any]:
        return {"state": RunState.FAILED, "ended_at": self._now(), **_told(problem)}

    async def _last(self, session: SessionRecord, types: frozenset[MessageType]) -> Message | None:
        """The last message of its task of these types."""
        after = (session.task_id or 1) - 1
        last = None
        while page := await self._sessions.messages(session.id, after):
            last = next((message for message in reversed(page) if message.type in types), last)
            after = page[-1].id
        return last

    async def _end_session(self, run: Run) -> None:
        """Its browser is closed; its log can be read for as long as that of any session that has expired."""
        session = await self._known(run)
        if session is None or session.state in ENDED:
            return
        said = Entry(MessageType.LOG, "The run is over, and so is its session.", {"event": "log"})
        try:
            if session.state not in RESTING:
                cancelled = Entry(MessageType.ERROR, *OutriderError("TASK_CANCELLED").as_message())
                await self._engine.send(session.id, Change("cancel", (cancelled,), ("cancel", {})))
            await self._engine.send(session.id, Change("expire", (said,), ("expire", {})))
        except OutriderError as problem:
            if problem.code != "INVALID_STATE":  # somebody uses it: it expires when it is idle
                raise

    async def _look_soon(self) -> None:
        at = self._now() + timedelta(seconds=SETTLE_SECONDS)
        await self._engine.enqueue(SETTLE_RUNS, {}, at=at, key=SETTLE_RUNS)


def _told(problem: OutriderError) -> dict[str, str]:
    return {"code": problem.code, "outcome": problem.message}


def _run(job: ScheduledJob, at: datetime) -> Run:
    """The run of a job for a time, still to be started."""
    run_id = f"{job.id}.{at:%Y%m%dT%H%M%SZ}"
    session_id = str(uuid.uuid5(_SESSIONS, run_id))
    return Run(run_id, job.id, job.organisation_id, at, RunState.PENDING, session_id)
