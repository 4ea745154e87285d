"""How environments are put together: rows in the database, sealed files in the data folder, browsers of the pool."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.environments.blobs import FolderBlobs
from outrider.environments.environments import Environments
from outrider.environments.retention import PURGE_SNAPSHOTS, Retention
from outrider.identities.sealing import open_sealer
from outrider.interfaces.environments import SnapshotStore
from outrider.interfaces.pages import BrowserPool

__all__ = ["open_environments"]


@asynccontextmanager
async def open_environments(
    store: SnapshotStore, browsers: BrowserPool, engine: EmbeddedEngine, settings: Settings
) -> AsyncIterator[Environments]:
    """Environments, whose old snapshots the engine removes. To be opened before the engine, closed after it.

    Raises CONFIG_INVALID and STORAGE_FAILED for sealing keys that are none.
    """
    keys = settings.sealing_keys.get_secret_value()
    sealer = await asyncio.to_thread(open_sealer, keys, settings.sealing_key_file)
    blobs = FolderBlobs(settings.snapshots_dir)
    async with Environments(browsers, store, blobs, sealer, settings) as environments:
        kept = timedelta(days=settings.snapshot_retention_days)
        retention = Retention(engine, environments, retention=kept, now=lambda: datetime.now(UTC))
        engine.handle(PURGE_SNAPSHOTS, retention.purge)
        yield environments
