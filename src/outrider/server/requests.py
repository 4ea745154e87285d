"""What becomes of requests as such: the record, idempotency, and how many there may be."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from outrider.api.dependencies import Requests
from outrider.api.idempotency import KEPT, Idempotency
from outrider.api.recorder import Recorder
from outrider.api.traffic import Traffic
from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.identities.sealing import Sealer
from outrider.server.retention import PURGE_IDEMPOTENCY, PURGE_REQUESTS, Retention
from outrider.storage import Database, SqlIdempotencyStore, SqlRequestStore

__all__ = ["open_requests"]


@asynccontextmanager
async def open_requests(
    database: Database, sealer: Sealer, engine: EmbeddedEngine, settings: Settings
) -> AsyncIterator[Requests]:
    """To be called before the engine is entered, which is told to remove what is old."""
    record, claims = SqlRequestStore(database), SqlIdempotencyStore(database)
    days = KEPT.total_seconds() / 86_400
    for job, remove, kept in (
        (PURGE_REQUESTS, record.purge, settings.request_retention_days),
        (PURGE_IDEMPOTENCY, claims.purge, days),
    ):
        engine.handle(job, Retention(engine, job, remove, days=kept).purge)
    async with Recorder(record) as recorder:
        traffic = Traffic(settings.max_requests, closed=settings.maintenance)
        yield Requests(traffic, Idempotency(claims, sealer, settings), record, recorder)
