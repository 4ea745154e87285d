"""Environments: the state of a browser, saved when its session ends and restored into a new one.

The states are stored as JSON for as long as a snapshot lives: a field may be added with a default, and none may change
its meaning.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, BinaryIO, Protocol

from msgspec import Struct

__all__ = [
    "BlobStore",
    "BrowserState",
    "Count",
    "OriginState",
    "RestoreReport",
    "Snapshot",
    "SnapshotMode",
    "SnapshotStore",
    "TabState",
]


class SnapshotMode(StrEnum):
    """How an environment is kept (reference page ``agi-sessions``, section 8)."""

    #: The browser stays alive, frozen, for a while; its files are copied as well.
    MEMORY = "memory"
    #: The browser is closed and its files are kept.
    FILESYSTEM = "filesystem"


class OriginState(Struct, frozen=True):
    """What one origin keeps in one tab, as a frame of that origin sees it."""

    origin: str
    #: Origins of the documents around the frame, from its parent's to the top one's; none when all have its own.
    within: tuple[str, ...] = ()
    #: Items of localStorage and sessionStorage.
    local: dict[str, str] = {}
    session: dict[str, str] = {}
    #: Names of IndexedDB databases, scopes of service workers, names of caches of the Cache API.
    databases: tuple[str, ...] = ()
    workers: tuple[str, ...] = ()
    caches: tuple[str, ...] = ()


class TabState(Struct, frozen=True):
    """One tab that shows a web page."""

    url: str
    title: str = ""
    current: bool = False
    origins: tuple[OriginState, ...] = ()
    #: Text of the control by which a user would log out; "" when the page shows none.
    log_out: str = ""
    #: The page asks for a log-in.
    asks_log_in: bool = False


class BrowserState(Struct, frozen=True):
    """What a browser holds besides the files of its profile."""

    #: As DevTools' ``Storage.getCookies`` gives them, session cookies included.
    cookies: tuple[dict[str, Any], ...] = ()
    #: In order of opening.
    tabs: tuple[TabState, ...] = ()
    #: What could not be captured, and why, in sentences.
    missing: tuple[str, ...] = ()


class Count(Struct, frozen=True):
    """How much of one kind was saved, and how much of that is there again."""

    saved: int
    restored: int


class RestoreReport(Struct, frozen=True, omit_defaults=False):
    """How faithful a restore was. Storage is counted on the pages that are open: items, databases, workers, caches."""

    #: memory, filesystem, or none: nothing was restored.
    mode: str
    environment_id: str
    saved_at: datetime | None = None
    saved_by_session_id: str | None = None
    #: cookies, local_storage, session_storage, indexed_db, service_workers, caches, tabs.
    kinds: dict[str, Count] = {}
    #: What did not come back, and why, in sentences.
    lost: tuple[str, ...] = ()
    #: Whether the last page still shows a logged-in user; None when that can't be told.
    logged_in: bool | None = None
    #: By what that was told.
    logged_in_evidence: str = ""
    milliseconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The stored row of an environment's snapshot. An environment has one at most."""

    environment_id: str
    organisation_id: str
    #: The session whose end saved it.
    session_id: str
    #: Name of its file in the ``BlobStore``.
    blob: str
    #: Size of that file.
    size_bytes: int
    #: How it was saved; after MEMORY a browser may be parked as well.
    mode: SnapshotMode
    saved_at: datetime
    #: It is what the organisation's users get when they ask for their default environment.
    is_default: bool = False


class SnapshotStore(Protocol):
    """Rows of snapshots. Every method is one transaction. Rows of other organisations are never found."""

    async def put(self, snapshot: Snapshot) -> str | None:
        """Store a snapshot in place of its environment's last one; returns the name of that one's file.

        A default one takes this place from another; one that is not keeps it, if its predecessor had it.
        """
        ...

    async def of_environment(self, organisation_id: str, environment_id: str) -> Snapshot | None: ...

    async def of_session(self, organisation_id: str, session_id: str) -> Snapshot | None:
        """The snapshot of the environment that the session had."""
        ...

    async def default_of(self, organisation_id: str) -> Snapshot | None: ...

    async def remove_before(self, moment: datetime) -> tuple[Snapshot, ...]:
        """Remove, and return, the rows of snapshots saved before then."""
        ...

    async def remove_organisation(self, organisation_id: str) -> tuple[Snapshot, ...]:
        """Remove, and return, all rows of an organisation."""
        ...

    async def blobs(self) -> frozenset[str]:
        """Names of the files of all snapshots."""
        ...


class BlobStore(Protocol):
    """Files of snapshots, which any worker can read. Methods block: call them in a thread. Raise OSError."""

    def writing(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A new file. It is there, whole and durable, when the block ends, and not at all when the block raises."""
        ...

    def reading(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Raises FileNotFoundError."""
        ...

    def size(self, name: str) -> int:
        """In bytes. Raises FileNotFoundError."""
        ...

    def remove(self, name: str) -> None:
        """Harmless when there is no such file."""
        ...

    def names(self) -> Iterator[str]:
        """All files, drafts that were never finished included."""
        ...
