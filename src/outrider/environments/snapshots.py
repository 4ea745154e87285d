"""Snapshots: a sealed file and a row each. The row decides which file counts, so a snapshot is replaced at once."""

import asyncio
import io
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TypeVar
from uuid import uuid4

from outrider.environments.archive import pack, size_of, unpack
from outrider.environments.sealed_stream import SealedReader, SealedWriter, StreamDamagedError
from outrider.identities.sealing import Sealer
from outrider.interfaces.environments import BlobStore, BrowserState, Snapshot, SnapshotMode, SnapshotStore
from outrider.interfaces.sessions import SessionSpec
from outrider.problems import OutriderError

__all__ = ["Snapshots"]

_BUFFER_BYTES: Final = 256 * 1024

T = TypeVar("T")


class Snapshots:
    """Writes and reads snapshots of at most ``max_bytes`` before compression."""

    def __init__(self, store: SnapshotStore, blobs: BlobStore, sealer: Sealer, *, max_bytes: int) -> None:
        self.store = store
        self._blobs = blobs
        self._sealer = sealer
        self._max_bytes = max_bytes

    async def check_size(self, profile: Path) -> None:
        """Raises SNAPSHOT_TOO_LARGE. The browser may be running."""
        try:
            size = await asyncio.to_thread(size_of, profile)
        except OSError:  # a running browser removes files while they are counted; ``pack`` counts again
            return
        if size > self._max_bytes:
            raise OutriderError("SNAPSHOT_TOO_LARGE", limit_bytes=self._max_bytes)

    async def write(
        self, profile: Path, state: BrowserState, session: SessionSpec, mode: SnapshotMode, *, is_default: bool
    ) -> Snapshot:
        """Save what the session's browser has left in place of its environment's last snapshot.

        Until this returns the old one counts. Raises SNAPSHOT_TOO_LARGE and STORAGE_FAILED.
        """
        draft = Snapshot(
            environment_id=session.environment_id,
            organisation_id=session.organisation_id,
            session_id=session.id,
            blob=uuid4().hex,
            size_bytes=0,
            mode=mode,
            saved_at=datetime.now(UTC),
            is_default=is_default,
        )
        try:
            size = await _to_its_end(lambda: self._write(draft, profile, state))
            snapshot = replace(draft, size_bytes=size)
            replaced = await self.store.put(snapshot)
        except OSError as error:
            raise OutriderError("STORAGE_FAILED", reason=f"The snapshot was not saved: {_why(error)}.") from error
        except BaseException:
            await self._remove_unless_stored(draft)
            raise
        if replaced is not None:
            await asyncio.to_thread(self._blobs.remove, replaced)
        return snapshot

    async def read(self, snapshot: Snapshot, profile: Path) -> BrowserState:
        """Fill an empty profile folder. Raises SNAPSHOT_UNREADABLE and STORAGE_FAILED."""
        try:
            return await _to_its_end(lambda: self._read(snapshot, profile))
        except FileNotFoundError as error:
            raise OutriderError("SNAPSHOT_UNREADABLE", reason="Its file is missing.") from error
        except OSError as error:
            raise OutriderError("STORAGE_FAILED", reason=f"The snapshot was not restored: {_why(error)}.") from error

    async def remove(self, snapshots: Iterable[Snapshot]) -> None:
        """Remove the files of snapshots whose rows are gone."""
        for snapshot in snapshots:
            await asyncio.to_thread(self._blobs.remove, snapshot.blob)

    async def sweep(self) -> int:
        """Remove files that no row names: drafts, and what a killed server had no time to remove; returns how many.

        To be called before anything is saved.
        """
        known = await self.store.blobs()
        left = [name for name in await asyncio.to_thread(lambda: list(self._blobs.names())) if name not in known]
        for name in left:
            await asyncio.to_thread(self._blobs.remove, name)
        return len(left)

    async def _remove_unless_stored(self, snapshot: Snapshot) -> None:
        """Cancelling the wait for a transaction does not undo it."""
        stored = await self.store.of_environment(snapshot.organisation_id, snapshot.environment_id)
        if stored is None or stored.blob != snapshot.blob:
            await asyncio.to_thread(self._blobs.remove, snapshot.blob)

    def _write(self, snapshot: Snapshot, profile: Path, state: BrowserState) -> int:
        with (
            self._blobs.writing(snapshot.blob) as file,
            SealedWriter(file, self._sealer, _context(snapshot)) as target,
        ):
            pack(profile, state, target, self._max_bytes)
        return self._blobs.size(snapshot.blob)

    def _read(self, snapshot: Snapshot, profile: Path) -> BrowserState:
        with self._blobs.reading(snapshot.blob) as file:
            try:
                sealed = SealedReader(file, self._sealer, _context(snapshot))
            except StreamDamagedError as error:
                raise OutriderError("SNAPSHOT_UNREADABLE", reason="Its file is damaged.") from error
            except OutriderError as error:
                raise OutriderError("SNAPSHOT_UNREADABLE", reason=error.cause) from error
            with io.BufferedReader(sealed, _BUFFER_BYTES) as source:
                return unpack(source, profile)


async def _to_its_end(work: Callable[[], T]) -> T:
    """Run in a thread. A caller who is cancelled waits for its end: the files are not to be pulled from under it."""
    task = asyncio.create_task(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _why(error: OSError) -> str:
    """In the system's words; a file that shrank while it was packed has none."""
    return error.strerror or "a file changed meanwhile"


def _context(snapshot: Snapshot) -> bytes:
    """Whose file it is: a file that was put in another's place is not opened."""
    return f"snapshot:{snapshot.organisation_id}:{snapshot.environment_id}:{snapshot.blob}".encode()
