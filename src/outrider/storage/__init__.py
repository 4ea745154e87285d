"""The record: tables, migrations, one writer, and the stores of ``interfaces`` on top of them.

The only room that knows SQL. ``Database.open`` brings the file up to the newest schema; the stores take a
``Database`` and hold no state of their own.
"""

from outrider.storage.audit import SqlAuditStore
from outrider.storage.credits import SqlCreditStore
from outrider.storage.database import Database
from outrider.storage.jobs import SqlJobStore
from outrider.storage.keys import SqlKeyStore
from outrider.storage.reports import SqlReportStore
from outrider.storage.requests import SqlIdempotencyStore, SqlRequestStore
from outrider.storage.scheduled_jobs import SqlScheduleStore
from outrider.storage.sessions import SqlSessionStore
from outrider.storage.snapshots import SqlSnapshotStore
from outrider.storage.vault import SqlVaultStore
from outrider.storage.webhooks import SqlWebhookStore

__all__ = [
    "Database",
    "SqlAuditStore",
    "SqlCreditStore",
    "SqlIdempotencyStore",
    "SqlJobStore",
    "SqlKeyStore",
    "SqlReportStore",
    "SqlRequestStore",
    "SqlScheduleStore",
    "SqlSessionStore",
    "SqlSnapshotStore",
    "SqlVaultStore",
    "SqlWebhookStore",
]
