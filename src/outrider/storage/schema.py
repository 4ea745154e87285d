"""The tables, one schema for SQLite and PostgreSQL. A change here needs a migration in ``migrations/versions``."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from outrider.storage.columns import BigId, UtcDateTime, only_where

__all__ = [
    "audit",
    "credit_entries",
    "credit_holds",
    "credit_transactions",
    "idempotency_claims",
    "inbox",
    "job_runs",
    "jobs",
    "keys",
    "messages",
    "metadata",
    "organisations",
    "payment_tokens",
    "requests",
    "scheduled_jobs",
    "sessions",
    "snapshots",
    "vault_items",
    "webhook_deliveries",
    "webhook_endpoints",
    "webhook_secrets",
]

#: Names for all constraints, so that migrations can refer to them on every database.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

organisations = Table(
    "organisations",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("short_name", String(128), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("name", Text, nullable=False),
    Column("plan", String(16), nullable=False),
    Column("requests_per_minute", Integer),
    Column("max_sessions", Integer),
    Column("max_streams", Integer),
    Column("models", JSON(none_as_null=True)),
    Column("idle_timeout_seconds", Float),
    Column("disabled", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    # Of one that was removed: what refers to it stays.
    Column("closed_at", UtcDateTime),
)

keys = Table(
    "keys",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("organisation_id", ForeignKey("organisations.id"), nullable=False),
    Column("public", String(64), nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("tail", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("tiers", JSON, nullable=False),
    Column("agents", JSON(none_as_null=True)),
    Column("requests_per_minute", Integer),
    Column("expires_at", UtcDateTime),
    Column("disabled", Boolean, nullable=False),
    Column("revoked_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    Column("version", Integer, nullable=False),
    Index(None, "organisation_id", "created_at"),
)

# Organisations are no parent of sessions: a principal may come from elsewhere than the table above.
sessions = Table(
    "sessions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("organisation_id", String(64), nullable=False),
    Column("environment_id", String(64), nullable=False),
    Column("agent_name", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("max_steps", Integer, nullable=False),
    Column("agent_session_type", Text, nullable=False),
    Column("goal", Text),
    Column("webhook_url", Text),
    Column("restore", String(16)),
    Column("cdp_url", Text),
    Column("screening", JSON(none_as_null=True)),
    Column("state", String(16), nullable=False),
    Column("epoch", BigId, nullable=False),
    Column("task_id", BigId),
    Column("last_message_id", BigId, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "organisation_id", "created_at"),
    Index(None, "state", "updated_at"),
)

# Kept in the order of its key on SQLite: a log is appended to and read in that order. Clients read the messages of all
# their sessions by time, without those that are hidden or deleted, and count them: their organisation stands in
# “shown_to” for as long as they see a message, and in “usage_of” while it tells what a task took.
messages = Table(
    "messages",
    metadata,
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), primary_key=True),
    Column("id", BigId, primary_key=True, autoincrement=False),
    Column("type", String(16), nullable=False),
    Column("content", JSON, nullable=False),
    Column("metadata", JSON, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("shown_to", String(64)),
    Column("usage_of", String(64)),
    Index(None, "shown_to", "created_at", "session_id", "id", "type", **only_where("shown_to IS NOT NULL")),
    Index(None, "usage_of", "created_at", "session_id", "id", "type", **only_where("usage_of IS NOT NULL")),
    sqlite_with_rowid=False,
)

# An id is never used twice, so that a late "consumed" can't hit another command.
inbox = Table(
    "inbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("kind", String(32), nullable=False),
    Column("body", JSON, nullable=False),
    sqlite_autoincrement=True,
)

# A replaced job gets a new id, so that the end of its predecessor does not end it.
jobs = Table(
    "jobs",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("key", String(255), nullable=False, unique=True),
    Column("kind", String(64), nullable=False),
    Column("body", JSON, nullable=False),
    Column("run_at", UtcDateTime, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    sqlite_autoincrement=True,
)

# When an endpoint is due lies with the endpoint, not with its deliveries: it gets one at a time, in order.
webhook_endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("organisation_id", String(64), nullable=False, index=True),
    Column("scope", String(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("events", JSON, nullable=False),
    Column("description", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("disabled_reason", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    # Null while nothing is pending.
    Column("due_at", UtcDateTime, index=True),
    Column("created_at", UtcDateTime, nullable=False),
)

webhook_secrets = Table(
    "webhook_secrets",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("signer", String(128), nullable=False, index=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("expires_at", UtcDateTime),
)

# Outbox and ledger in one. An id is never used twice, so that the order of ids is the order of events.
webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("event_id", String(64), nullable=False),
    Column("event", String(32), nullable=False),
    Column("endpoint_id", ForeignKey("webhook_endpoints.id", ondelete="CASCADE"), nullable=False),
    Column("organisation_id", String(64), nullable=False),
    Column("session_id", String(64), nullable=False, index=True),
    Column("payload", JSON, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempt_count", Integer, nullable=False),
    Column("attempts", JSON, nullable=False),
    Column("next_attempt_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Index(None, "endpoint_id", "status", "id"),
    Index(None, "organisation_id", "id"),
    sqlite_autoincrement=True,
)

# One per environment; the row says which file is the environment's, so replacing it is one transaction.
snapshots = Table(
    "snapshots",
    metadata,
    Column("environment_id", String(64), primary_key=True),
    Column("organisation_id", String(64), nullable=False),
    Column("session_id", String(64), nullable=False, index=True),
    Column("blob", String(64), nullable=False),
    Column("size_bytes", BigId, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("is_default", Boolean, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False, index=True),
    Index(None, "organisation_id", "is_default"),
)

# What is secret is in "sealed" alone.
vault_items = Table(
    "vault_items",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("organisation_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("name", String(64), nullable=False),
    Column("label", Text, nullable=False),
    Column("has_totp", Boolean, nullable=False),
    Column("origins", JSON, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_used_at", UtcDateTime),
    UniqueConstraint("organisation_id", "kind", "name"),
)

# A token outlives its card, as the record of what was paid. Amounts are decimal texts: SQLite would round them.
payment_tokens = Table(
    "payment_tokens",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("organisation_id", String(64), nullable=False),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("card_id", String(64), nullable=False),
    Column("card", String(64), nullable=False),
    Column("origin", Text, nullable=False),
    Column("max_amount", String(32), nullable=False),
    Column("currency", String(3), nullable=False),
    Column("state", String(16), nullable=False),
    Column("amount", String(32)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("redeemed_at", UtcDateTime),
    Column("settled_at", UtcDateTime),
    Index(None, "organisation_id", "created_at"),
)

# No child of sessions: what was decided is to be known when the session is gone.
audit = Table(
    "audit",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("organisation_id", String(64), nullable=False),
    Column("session_id", String(64), nullable=False),
    Column("message_id", BigId),
    Column("rule", String(128), nullable=False),
    Column("risk", String(16), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("excerpt", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Index(None, "organisation_id", "id"),
    Index(None, "session_id", "id"),
    sqlite_autoincrement=True,
)

# A reference stands for one transaction that begins something and one that closes it: nothing happens twice.
credit_transactions = Table(
    "credit_transactions",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("organisation_id", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("reference", String(128), nullable=False),
    Column("closes", Boolean, nullable=False),
    Column("amount", BigId, nullable=False),
    Column("memo", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    # Of the task that it is for; both outlive their session.
    Column("session_id", String(64)),
    Column("task_id", BigId),
    UniqueConstraint("organisation_id", "reference", "closes"),
    sqlite_autoincrement=True,
)

# An entry bears the sum of its account's entries up to it; a gapless number per account keeps two from being the next.
credit_entries = Table(
    "credit_entries",
    metadata,
    Column("account", String(80), primary_key=True),
    Column("sequence", BigId, primary_key=True, autoincrement=False),
    Column("transaction_id", ForeignKey("credit_transactions.id"), nullable=False, index=True),
    Column("amount", BigId, nullable=False),
    Column("balance", BigId, nullable=False),
    CheckConstraint("balance >= 0 OR account = 'granted'", name="ck_credit_entries_balance"),
    sqlite_with_rowid=False,
)

# Those that are open; the record of a closed one is its transactions. One for a task ends with the task, so it does not
# expire, and knows the prices that counted when the task began.
credit_holds = Table(
    "credit_holds",
    metadata,
    Column("organisation_id", String(64), primary_key=True),
    Column("reference", String(128), primary_key=True),
    Column("amount", BigId, nullable=False),
    Column("expires_at", UtcDateTime, index=True),
    Column("task_price", BigId),
    Column("step_price", BigId),
)

# What a client wants done is sealed: it may hold secrets.
scheduled_jobs = Table(
    "scheduled_jobs",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("organisation_id", String(64), nullable=False),
    Column("external_id", String(10)),
    Column("agent_name", Text),
    Column("plan", JSON, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("state", String(16), nullable=False),
    Column("next_run_at", UtcDateTime, index=True),
    Column("key_id", String(64), nullable=False),
    Column("agents", JSON(none_as_null=True)),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Index(None, "organisation_id", "created_at"),
)

# The session is no parent: a run is chosen before its session is made, and is known for longer.
job_runs = Table(
    "job_runs",
    metadata,
    Column("id", String(128), primary_key=True),
    Column("job_id", ForeignKey("scheduled_jobs.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("organisation_id", String(64), nullable=False),
    Column("scheduled_for", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("session_id", String(64), nullable=False),
    Column("started_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
    Column("code", String(64)),
    Column("outcome", Text),
    Index(None, "organisation_id", "scheduled_for"),
)

# Written in groups, a moment after the answers. Requests without a valid key belong to nobody and are only logged.
requests = Table(
    "requests",
    metadata,
    Column("number", BigId, primary_key=True),
    Column("id", String(64), nullable=False, unique=True),
    Column("organisation_id", String(64), nullable=False),
    Column("key_id", String(64), nullable=False),
    Column("key_tail", String(16), nullable=False),
    Column("method", String(16), nullable=False),
    Column("url", Text, nullable=False),
    Column("status", Integer, nullable=False),
    Column("code", String(64), nullable=False),
    Column("latency_ms", Float, nullable=False),
    Column("request_body", Text, nullable=False),
    Column("answer_body", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Index(None, "organisation_id", "number"),
    sqlite_autoincrement=True,
)

# The id is a digest of organisation, route and key. An answer may hold secrets that are shown once: it is sealed.
idempotency_claims = Table(
    "idempotency_claims",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)
