"""What can be done with a session's files, whatever the surface."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Final, ParamSpec, TypeVar

from outrider.files.store import FileStore, StoredFile
from outrider.interfaces.identities import Principal
from outrider.interfaces.sessions import Engine, SessionStore
from outrider.problems import OutriderError
from outrider.sessions.lifecycle import ENDED
from outrider.sessions.operations import SessionOperations
from outrider.telemetry import get_logger

__all__ = ["SWEEP_FILES", "FileSweep", "SessionFiles"]

#: Kind, and key, of the engine's job.
SWEEP_FILES: Final = "sweep files"
_SWEEP_INTERVAL: Final = timedelta(hours=1)
#: Time for the session's owner to exchange files with its browser.
_EXCHANGE_SECONDS: Final = 10.0
_GONE: Final = frozenset({"SESSION_NOT_FOUND", "SESSION_EXPIRED"})

P = ParamSpec("P")
T = TypeVar("T")

log = get_logger(__name__)


class SessionFiles:
    """Operations on files. Those that only read go on after the end of a session whose files are kept.

    All of them raise SESSION_NOT_FOUND and SESSION_EXPIRED, as ``SessionOperations`` does, and FILE_STORAGE_FAILED.
    """

    def __init__(self, operations: SessionOperations, sessions: SessionStore, engine: Engine, store: FileStore) -> None:
        self._operations = operations
        self._sessions = sessions
        self._engine = engine
        self._store = store

    async def all(self, principal: Principal, session_id: str) -> tuple[StoredFile, ...]:
        """The session's files, oldest first: downloads that have finished, and files offered for uploads."""
        await self._come_up(principal, session_id)
        return await _on_disk(self._store.all, session_id)

    async def get(self, principal: Principal, session_id: str, name: str) -> StoredFile:
        """One of them, with its path. Raises FILE_NOT_FOUND."""
        await self._come_up(principal, session_id)
        return await _on_disk(self._store.get, session_id, name)

    async def offer(self, principal: Principal, session_id: str, name: str, content: bytes) -> StoredFile:
        """Offer a file, which the upload action then finds by its name. The name may come back changed: made safe.

        Raises FILE_TOO_LARGE, FILE_TYPE_REFUSED, FILE_EXISTS, FILE_LIMIT_REACHED.
        """
        await self._operations.get(principal, session_id)
        file = await _on_disk(self._store.offer, session_id, name, content)
        await self._exchange(session_id)
        return file

    async def remove(self, principal: Principal, session_id: str, name: str) -> bool:
        """Remove a file, from the browser's reach, too; False when there is none of that name."""
        await self._operations.get(principal, session_id)
        removed = await _on_disk(self._store.remove, session_id, name)
        await self._exchange(session_id)
        return removed

    async def keep(self, principal: Principal, session_id: str) -> None:
        """Have the files outlive a session that is about to be deleted; nothing when there is none."""
        try:
            await self._come_up(principal, session_id)
        except OutriderError as problem:
            if problem.code not in _GONE:
                raise
        else:
            await _on_disk(self._store.keep, session_id)

    async def _come_up(self, principal: Principal, session_id: str) -> None:
        """Check that the caller may see the files, and get the latest ones from the browser."""
        try:
            await self._operations.get(principal, session_id)
        except OutriderError as problem:
            if problem.code not in _GONE or not await self._outlives(principal, session_id):
                raise
        else:
            await self._exchange(session_id)

    async def _outlives(self, principal: Principal, session_id: str) -> bool:
        with suppress(OutriderError):  # it never was
            record = await self._sessions.get(session_id)
            kept = await _on_disk(self._store.kept_since, session_id)
            return record.spec.organisation_id == principal.organisation_id and kept is not None
        return False

    async def _exchange(self, session_id: str) -> None:
        with suppress(OutriderError):  # no owner answers: then no browser has files either
            await self._engine.call(session_id, "files", {}, timeout=_EXCHANGE_SECONDS)


async def _on_disk(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """In a thread. Raises FILE_STORAGE_FAILED."""
    try:
        return await asyncio.to_thread(work, *arguments, **named)
    except OSError as error:
        raise OutriderError("FILE_STORAGE_FAILED", reason=f"{error.strerror or type(error).__name__}.") from error


class FileSweep:
    """Handler of a job that schedules its own next run: removes what sessions left that nobody held at their end."""

    def __init__(
        self,
        engine: Engine,
        sessions: SessionStore,
        store: FileStore,
        *,
        retention: timedelta,
        now: Callable[[], datetime],
    ) -> None:
        self._engine = engine
        self._sessions = sessions
        self._store = store
        self._retention = retention
        self._now = now

    async def sweep(self, body: Mapping[str, Any]) -> None:
        """Remove files of sessions that have ended; kept ones when their retention is over."""
        del body
        for session_id in await asyncio.to_thread(self._store.sessions):
            if await self._has_ended(session_id) and await self._is_due(session_id):
                await asyncio.to_thread(self._store.purge, session_id)
                log.info("files of an ended session removed", session_id=session_id)
        await self._engine.enqueue(SWEEP_FILES, {}, at=self._now() + _SWEEP_INTERVAL, key=SWEEP_FILES)

    async def _has_ended(self, session_id: str) -> bool:
        try:
            return (await self._sessions.get(session_id)).state in ENDED
        except OutriderError as problem:
            if problem.code != "SESSION_NOT_FOUND":
                raise
            return True

    async def _is_due(self, session_id: str) -> bool:
        kept = await asyncio.to_thread(self._store.kept_since, session_id)
        return kept is None or kept + self._retention <= self._now()
