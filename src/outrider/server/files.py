"""How files of sessions are put together: folders in the data folder, and the engine that sweeps them."""

from datetime import UTC, datetime, timedelta

from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.files.store import FileStore
from outrider.interfaces.sessions import SessionStore
from outrider.sessions.files import SWEEP_FILES, FileSweep

__all__ = ["open_files"]


def open_files(sessions: SessionStore, engine: EmbeddedEngine, settings: Settings) -> FileStore:
    """The store of files, which the engine sweeps. To be called before the engine is entered."""
    store = FileStore.of(settings)
    kept = timedelta(days=settings.file_retention_days)
    sweep = FileSweep(engine, sessions, store, retention=kept, now=lambda: datetime.now(UTC))
    engine.handle(SWEEP_FILES, sweep.sweep)
    return store
