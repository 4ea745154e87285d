"""Which parts a server has, what each is given, and in which order they open and close."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from fastapi import FastAPI

from outrider.agents.owner import run_worker
from outrider.api.app import create_app
from outrider.api.client_data.parts import ClientData
from outrider.api.dependencies import Check, Dependencies, Requests
from outrider.api.viewers import Viewers
from outrider.browsers.command import find_binary
from outrider.browsers.pool import BrowserPool
from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.identities.sealing import Sealer, open_sealer
from outrider.identities.session_tokens import SessionTokens, open_token_secret
from outrider.jobs.runs import BEGIN_RUNS
from outrider.limits.admission import Admission
from outrider.problems import OutriderError
from outrider.screening.egress import Egress
from outrider.server.client_data import open_client_data
from outrider.server.environments import open_environments
from outrider.server.files import open_files
from outrider.server.identities import Identities, open_identities
from outrider.server.limits import CREDIT_JOBS, Limits, open_limits
from outrider.server.models import open_models
from outrider.server.requests import open_requests
from outrider.server.retention import (
    PURGE_AUDIT,
    PURGE_IDEMPOTENCY,
    PURGE_REQUESTS,
    PURGE_RUNS,
    PURGE_SNAPSHOTS,
    PURGE_WEBHOOKS,
)
from outrider.server.screening import Screening
from outrider.server.vault import OpenVault, open_vault
from outrider.server.webhooks import Webhooks, open_webhooks
from outrider.sessions.closing import END_CLOSED, Closing
from outrider.sessions.expiry import EXPIRE, PURGE, Expiry
from outrider.sessions.files import SWEEP_FILES, SessionFiles
from outrider.sessions.links import Links
from outrider.sessions.operations import SessionOperations
from outrider.sessions.takeovers import RETURN, Takeovers
from outrider.sessions.viewing import Viewing
from outrider.storage import Database, SqlJobStore, SqlSessionStore, SqlSnapshotStore
from outrider.telemetry import get_logger, report_failure

__all__ = ["Server", "open_parts"]

#: Time for owners to let go of their sessions after the engine has stopped.
_WORKER_SECONDS: Final = 5.0
#: Jobs that schedule their own next run.
_CLEAN_UP: Final = (
    END_CLOSED,
    PURGE,
    PURGE_WEBHOOKS,
    PURGE_SNAPSHOTS,
    SWEEP_FILES,
    PURGE_AUDIT,
    PURGE_REQUESTS,
    PURGE_IDEMPOTENCY,
    PURGE_RUNS,
    *CREDIT_JOBS,
    BEGIN_RUNS,
)

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Server:
    """An open server."""

    settings: Settings
    app: FastAPI
    #: Where it listens.
    url: str
    #: The operator's key, when this start has made one; it is shown once and never again.
    new_key: str | None
    _engine: EmbeddedEngine

    async def stop(self) -> None:
        """Interrupt what is under way, with a reason in the log of each session. Readers still get that."""
        await self._engine.stop()


@asynccontextmanager
async def open_parts(settings: Settings, url: str) -> AsyncIterator[Server]:
    """The parts of a server, opened in order and closed in reverse; the caller holds the data folder.

    Raises DATA_FOLDER_UNUSABLE, CONFIG_INVALID for keys, addresses or rules that are none, what ``open_models`` does.
    """
    async with AsyncExitStack() as stack:
        ground = await stack.enter_async_context(_open_ground(settings, url))
        work = await stack.enter_async_context(_open_work(ground, settings))
        dependencies = Dependencies(
            operations=work.operations,
            files=work.files,
            viewing=work.viewing,
            tokens=ground.tokens,
            links=ground.links,
            viewers=work.viewers,
            webhooks=ground.webhooks.operations,
            vault=work.vault.operations,
            payments=work.vault.payments(work.operations.get),
            audit=work.screening.audit,
            client_data=work.client_data,
            identities=ground.identities.operations,
            admission=work.admission,
            credits=ground.limits.credits,
            requests=ground.requests,
            settings=settings,
            url=url,
            checks=_checks(settings, ground.database, work.worker),
        )
        yield Server(settings, create_app(dependencies), url, ground.identities.new_key, ground.engine)


@dataclass(frozen=True, slots=True)
class _Work:
    """Sessions, and what they work with."""

    operations: SessionOperations
    files: SessionFiles
    viewing: Viewing
    viewers: Viewers
    vault: OpenVault
    screening: Screening
    admission: Admission
    client_data: ClientData
    #: Ends when it has nothing to work for any more.
    worker: asyncio.Task[None]


@asynccontextmanager
async def _open_work(ground: "_Ground", settings: Settings) -> AsyncIterator[_Work]:
    """Starts the engine: whoever wants to be told of its jobs has to be there before."""
    async with AsyncExitStack() as stack:
        models = await stack.enter_async_context(open_models(settings))
        sessions, engine = ground.sessions, ground.engine
        environments = await stack.enter_async_context(
            open_environments(ground.snapshots, ground.sealer, ground.browsers, engine, settings, ground.egress)
        )
        vault = open_vault(ground.database, ground.sealer)
        screening = Screening.of(ground.database, engine, settings)
        expiry = _expiry(engine, sessions, ground.identities, settings)
        viewers = Viewers(settings.max_viewers)
        takeovers = _takeovers(engine, sessions, viewers, settings)
        files = open_files(sessions, engine, settings)
        operations = SessionOperations(
            engine,
            sessions,
            ground.snapshots,
            expiry,
            models,
            settings,
            screening.screener,
            environments.external,
            ground.webhooks.operations.check_url,
        )
        admission = ground.limits.admission(ground.identities.authentication, screening.screener)
        client_data = open_client_data(
            ground.database, ground.sealer, engine, sessions, operations, screening.screener, admission, settings
        )
        await stack.enter_async_context(_started(engine))
        work = run_worker(engine, environments, models, vault.use, screening.screener, settings)
        worker = await stack.enter_async_context(_working(engine, work))
        yield _Work(
            operations,
            SessionFiles(operations, sessions, engine, files),
            Viewing(engine, operations, takeovers),
            viewers,
            vault,
            screening,
            admission,
            client_data,
            worker,
        )


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the other parts stand on. The engine is still to be entered: first it is told what it will have to do."""

    database: Database
    sealer: Sealer
    egress: Egress
    tokens: SessionTokens
    links: Links
    webhooks: Webhooks
    sessions: SqlSessionStore
    snapshots: SqlSnapshotStore
    identities: Identities
    browsers: BrowserPool
    engine: EmbeddedEngine
    requests: Requests
    limits: Limits


@asynccontextmanager
async def _open_ground(settings: Settings, url: str) -> AsyncIterator[_Ground]:
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(await Database.open(settings.database_path))
        egress = Egress.of(settings, url)
        tokens = SessionTokens(open_token_secret(settings.token_key_file))
        links = Links(tokens, lifetime=timedelta(seconds=settings.session_token_seconds))
        given_keys = settings.sealing_keys.get_secret_value()
        sealer = await asyncio.to_thread(open_sealer, given_keys, settings.sealing_key_file)
        webhooks = await stack.enter_async_context(open_webhooks(database, sealer, settings, egress.policy, links, url))
        sessions = SqlSessionStore(database, webhooks.notify, sealer)
        browsers = await stack.enter_async_context(BrowserPool(settings, egress))
        engine = _engine(database, sessions, settings)
        closing = _closing(engine, sessions)
        identities = await stack.enter_async_context(open_identities(database, settings, egress.policy, closing.end))
        webhooks.purge_with(engine, settings)
        requests = await stack.enter_async_context(open_requests(database, sealer, engine, settings))
        limits = await stack.enter_async_context(open_limits(database, settings))
        limits.expire_with(engine)
        yield _Ground(
            database, sealer, egress, tokens, links, webhooks, sessions, SqlSnapshotStore(database), identities,
            browsers, engine, requests, limits,
        )  # fmt: skip


@asynccontextmanager
async def _started(engine: EmbeddedEngine) -> AsyncIterator[None]:
    async with engine:
        for job in _CLEAN_UP:
            await engine.enqueue(job, {}, at=datetime.now(UTC), key=job)
        yield


@asynccontextmanager
async def _working(engine: EmbeddedEngine, work: Coroutine[Any, Any, None]) -> AsyncIterator[asyncio.Task[None]]:
    """A worker, which ends by itself once the engine has taken its leases back."""
    worker = asyncio.create_task(work, name="worker")
    worker.add_done_callback(report_failure)
    try:
        yield worker
    finally:
        await engine.stop()
        await asyncio.wait({worker}, timeout=_WORKER_SECONDS)
        if not worker.done():
            log.warning("worker did not end in time")
            worker.cancel()
        await asyncio.gather(worker, return_exceptions=True)


def _engine(database: Database, sessions: SqlSessionStore, settings: Settings) -> EmbeddedEngine:
    return EmbeddedEngine(
        sessions,
        SqlJobStore(database),
        max_sessions=settings.max_sessions,
        watchdog_seconds=settings.watchdog_seconds,
        silence_seconds=_longest_silence(settings),
    )


def _longest_silence(settings: Settings) -> float:
    """A running task says something more often than that: it gets a browser, and then takes steps."""
    step_seconds = settings.session_start_timeout_seconds + 3 * settings.step_timeout_seconds
    return step_seconds + settings.watchdog_seconds


def _expiry(engine: EmbeddedEngine, sessions: SqlSessionStore, identities: Identities, settings: Settings) -> Expiry:
    expiry = Expiry(
        engine,
        sessions,
        identities.find_organisation,
        idle=timedelta(seconds=settings.idle_timeout_seconds),
        retention=timedelta(days=settings.retention_days),
        now=lambda: datetime.now(UTC),
    )
    engine.handle(EXPIRE, expiry.expire)
    engine.handle(PURGE, expiry.purge)
    return expiry


def _closing(engine: EmbeddedEngine, sessions: SqlSessionStore) -> Closing:
    closing = Closing(engine, sessions, now=lambda: datetime.now(UTC))
    engine.handle(END_CLOSED, closing.look)
    return closing


def _takeovers(engine: EmbeddedEngine, sessions: SqlSessionStore, viewers: Viewers, settings: Settings) -> Takeovers:
    takeovers = Takeovers(
        engine,
        sessions,
        grace=timedelta(seconds=settings.takeover_grace_seconds),
        is_held=viewers.is_held,
        now=lambda: datetime.now(UTC),
    )
    engine.handle(RETURN, takeovers.settle)
    return takeovers


def _checks(settings: Settings, database: Database, worker: asyncio.Task[None]) -> Mapping[str, Check]:
    """What has to work for the server to be ready."""

    async def browser() -> None:
        await asyncio.to_thread(find_binary, settings.browser_binary)

    async def engine() -> None:
        if worker.done():
            raise OutriderError("SERVER_STOPPING" if worker.cancelled() else "INTERNAL_ERROR")

    return {"database": database.check_writable, "browser": browser, "engine": engine}
