"""The parts that screening is made of, opened together."""

from dataclasses import dataclass
from typing import Self

from outrider.config import Settings
from outrider.engine import EmbeddedEngine
from outrider.interfaces.screening import AuditStore
from outrider.screening.content import Screener
from outrider.server.retention import PURGE_AUDIT, Retention
from outrider.storage import Database, SqlAuditStore

__all__ = ["Screening"]


@dataclass(frozen=True, slots=True)
class Screening:
    """The screener of a server, and the log of what it decided."""

    screener: Screener
    audit: AuditStore

    @classmethod
    def of(cls, database: Database, engine: EmbeddedEngine, settings: Settings) -> Self:
        """On an open database; an engine that is not entered yet will remove what is old.

        Raises CONFIG_INVALID for rules, classes or sites that are none.
        """
        audit = SqlAuditStore(database)
        retention = Retention(engine, PURGE_AUDIT, audit.purge, days=settings.audit_retention_days)
        engine.handle(PURGE_AUDIT, retention.purge)
        return cls(Screener.of(settings, audit), audit)
