"""How environments are put together: rows in the database, sealed files in the data folder, browsers of the pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from outrider.browsers.external import ExternalBrowser
from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.environments.blobs import FolderBlobs
from outrider.environments.environments import Environments
from outrider.environments.external import ExternalBrowsers
from outrider.identities.sealing import Sealer
from outrider.interfaces.environments import SnapshotStore
from outrider.interfaces.pages import Browser, BrowserPool
from outrider.screening.egress import Egress
from outrider.server.retention import PURGE_SNAPSHOTS, Retention

__all__ = ["open_environments"]


@asynccontextmanager
async def open_environments(
    store: SnapshotStore,
    sealer: Sealer,
    browsers: BrowserPool,
    engine: EmbeddedEngine,
    settings: Settings,
    egress: Egress | None = None,
) -> AsyncIterator[Environments]:
    """Environments, which make room for the browsers of the engine's sessions, and whose old snapshots the engine
    removes. To be opened before the engine, closed after it.

    With ``egress`` also browsers of callers, at addresses that it allows.
    """
    blobs = FolderBlobs(settings.snapshots_dir)
    external = _external(sealer, egress, settings) if egress else None
    async with Environments(browsers, store, blobs, sealer, settings, external) as environments:
        days = settings.snapshot_retention_days
        retention = Retention(engine, PURGE_SNAPSHOTS, environments.remove_before, days=days)
        engine.handle(PURGE_SNAPSHOTS, retention.purge)
        engine.admit_with(environments.make_room)
        yield environments


def _external(sealer: Sealer, egress: Egress, settings: Settings) -> ExternalBrowsers:
    async def attach(cdp_url: str) -> Browser:
        return await ExternalBrowser.attach(cdp_url, egress, settings)

    return ExternalBrowsers(sealer, attach)
