"""Browsers for sessions: fresh, out of the parking, or launched on a saved profile; and the saving of them."""

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import msgspec

from outrider.config import Settings
from outrider.environments.external import ExternalBrowsers
from outrider.environments.memory import MemoryReserve
from outrider.environments.parking import Parking
from outrider.environments.report import nothing_restored, report
from outrider.environments.snapshots import Snapshots
from outrider.identities.sealing import Sealer
from outrider.interfaces.environments import (
    BlobStore,
    BrowserState,
    RestoreReport,
    Snapshot,
    SnapshotMode,
    SnapshotStore,
)
from outrider.interfaces.pages import Browser, BrowserPool, Fill
from outrider.interfaces.sessions import SessionSpec
from outrider.problems import OutriderError
from outrider.telemetry import get_logger

__all__ = ["SAVE_SECONDS", "Environments", "Opened"]

#: Time for a browser to be captured, ended or frozen, packed and stored.
SAVE_SECONDS: Final = 45.0
#: Time for a restored page to load; a session's start takes longer for nothing else.
_REOPEN_SECONDS: Final = 10.0
#: A parked browser that does not answer within this time is given up for its files.
_WAKE_SECONDS: Final = 5.0
_EVICTED: Final = "The parked browser was gone (evicted, or taken by another session): the copy of its files was used."

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Opened:
    """A browser for a session; with a report when the session asked for a restore."""

    browser: Browser
    report: RestoreReport | None = None


class Environments:
    """Opens and saves environments. ``async with`` removes what a killed server left of snapshots."""

    def __init__(
        self,
        pool: BrowserPool,
        store: SnapshotStore,
        blobs: BlobStore,
        sealer: Sealer,
        settings: Settings,
        external: ExternalBrowsers | None = None,
    ) -> None:
        self._pool = pool
        #: Browsers that callers run; None when sessions can't have such.
        self.external = external
        self._store = store
        self._snapshots = Snapshots(store, blobs, sealer, max_bytes=settings.snapshot_max_bytes)
        self._parking = Parking(
            limit=settings.parked_browsers,
            seconds=settings.parked_seconds,
            free_bytes=settings.parked_free_bytes,
        )
        self.reserve = MemoryReserve(settings.memory_reserve_bytes)
        #: More browsers than this are never open while one of them is only parked.
        self._room = settings.max_sessions + settings.warm_browsers

    async def __aenter__(self) -> Self:
        swept = await self._snapshots.sweep()
        if swept:
            log.warning("removed files of snapshots that an earlier server left", count=swept)
        await self._parking.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._parking.__aexit__(kind, error, trace)

    async def make_room(self, session: SessionSpec) -> None:
        """Have memory for the browser of a session, which parked ones make way for. Raises MEMORY_LIMIT_REACHED.

        A browser that is parked itself, or runs elsewhere, needs none.
        """
        wakes = session.restore is SnapshotMode.MEMORY and session.environment_id in self._parking
        if wakes or session.cdp_url is not None:
            return
        while self.reserve.is_short and len(self._parking):
            await self._parking.evict_oldest("a session needs its memory")
        self.reserve.check()

    async def open(self, session: SessionSpec) -> Opened:
        """A browser for the session, with its environment if it asks for one.

        Raises what ``BrowserPool.acquire`` does, SNAPSHOT_UNREADABLE and STORAGE_FAILED; for a browser that the
        caller runs, what ``ExternalBrowsers.open`` does.
        """
        if self.external is not None and session.cdp_url is not None:
            return Opened(await self.external.open(session))
        if session.restore is None:
            return Opened(await self._acquire())
        snapshot = await self._store.of_environment(session.organisation_id, session.environment_id)
        if snapshot is None:
            return Opened(await self._acquire(), nothing_restored(session.environment_id))
        try:
            return await self._restored(snapshot, session)
        except OutriderError as problem:
            latest = await self._store.of_environment(session.organisation_id, session.environment_id)
            if problem.code != "SNAPSHOT_UNREADABLE" or latest is None or latest == snapshot:
                raise
            return await self._restored(latest, session)  # it was saved anew, which removed the file we were to read

    async def save(self, browser: Browser, session: SessionSpec, mode: SnapshotMode, *, is_default: bool) -> Snapshot:
        """Save the session's browser in place of its environment's last snapshot, and park or close it.

        Raises SNAPSHOT_TOO_LARGE, before anything is done to the browser if possible; SNAPSHOT_FAILED,
        BROWSER_CRASHED and STORAGE_FAILED, after which the browser is closed and the last snapshot still counts.
        """
        await self._snapshots.check_size(browser.profile)
        live = mode is SnapshotMode.MEMORY and self._parking.open
        try:
            async with asyncio.timeout(SAVE_SECONDS):
                state = await browser.capture()
                if live:
                    await browser.freeze()
                else:
                    await browser.leave()
                snapshot = await self._snapshots.write(browser.profile, state, session, mode, is_default=is_default)
            await self._settle(browser, snapshot, state, live=live)
        except TimeoutError as error:
            await browser.close()
            raise OutriderError("SNAPSHOT_FAILED", reason=f"It took longer than {SAVE_SECONDS:g} s.") from error
        except BaseException:
            await browser.close()
            raise
        return snapshot

    async def keep(self, snapshot: Snapshot, *, is_default: bool) -> Snapshot:
        """Have the environment of a snapshot be the default one as well, if that is wanted. Raises STORAGE_FAILED."""
        latest = await self._store.of_environment(snapshot.organisation_id, snapshot.environment_id)
        if is_default and latest is not None and not latest.is_default:
            await self._store.put(replace(latest, is_default=True))
        return latest or snapshot

    async def remove_before(self, moment: datetime) -> int:
        """Remove snapshots saved before then; returns how many."""
        return await self._remove(await self._store.remove_before(moment))

    async def remove_organisation(self, organisation_id: str) -> int:
        """Remove all snapshots of an organisation; returns how many."""
        return await self._remove(await self._store.remove_organisation(organisation_id))

    async def _acquire(self, fill: Fill | None = None) -> Browser:
        """Another browser than the parked ones, the oldest of which goes when there is no room for both."""
        if len(self._parking) and self._pool.open_browsers >= self._room:
            await self._parking.evict_oldest("a session needs its place")
        return await self._pool.acquire(fill)

    async def _restored(self, snapshot: Snapshot, session: SessionSpec) -> Opened:
        started = time.monotonic()
        browser, done = await self._wake(snapshot, session) or await self._unpack(snapshot, session)
        took = round((time.monotonic() - started) * 1000, 1)
        return Opened(browser, msgspec.structs.replace(done, milliseconds=took))

    async def _remove(self, snapshots: tuple[Snapshot, ...]) -> int:
        for snapshot in snapshots:
            await self._parking.drop(snapshot.environment_id)
        await self._snapshots.remove(snapshots)
        return len(snapshots)

    async def _settle(self, browser: Browser, snapshot: Snapshot, state: BrowserState, *, live: bool) -> None:
        if live:
            await self._parking.park(browser, snapshot, state)
        else:
            await self._parking.drop(snapshot.environment_id)
            await browser.close()

    async def _wake(self, snapshot: Snapshot, session: SessionSpec) -> tuple[Browser, RestoreReport] | None:
        """The parked browser of the snapshot, if it is wanted, there is one and it answers."""
        parked = self._parking.take(snapshot) if session.restore is SnapshotMode.MEMORY else None
        if parked is None:
            return None
        browser = parked.browser
        browser.thaw()
        try:
            async with asyncio.timeout(_WAKE_SECONDS):
                state = await browser.capture()
        except (TimeoutError, OutriderError):
            log.warning("parked browser does not answer", environment_id=snapshot.environment_id)
            await browser.close()
            return None
        except BaseException:
            await browser.close()
            raise
        return browser, report(snapshot, SnapshotMode.MEMORY, parked.state, state)

    async def _unpack(self, snapshot: Snapshot, session: SessionSpec) -> tuple[Browser, RestoreReport]:
        """A browser launched on the snapshot's files."""
        states: list[BrowserState] = []

        async def fill(profile: Path) -> None:
            states.append(await self._snapshots.read(snapshot, profile))

        browser = await self._acquire(fill)
        try:
            (saved,) = states
            notes = await browser.reopen(saved, _REOPEN_SECONDS)
            restored = await browser.capture(saved)
        except BaseException:
            await browser.close()
            raise
        if session.restore is snapshot.mode is SnapshotMode.MEMORY:
            notes = (_EVICTED, *notes)
        return browser, report(snapshot, SnapshotMode.FILESYSTEM, saved, restored, notes)
