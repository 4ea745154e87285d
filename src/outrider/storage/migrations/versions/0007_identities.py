"""Limits of organisations, and rights of keys. The keys that are there so far are the operator's own."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from outrider.storage.columns import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    for table, columns in (("organisations", _of_organisations()), ("keys", _of_keys())):
        for column in columns:
            op.add_column(table, column)
    op.create_index(op.f("ix_keys_organisation_id_created_at"), "keys", ["organisation_id", "created_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_keys_organisation_id_created_at"), "keys")
    for table, columns in (("organisations", _of_organisations()), ("keys", _of_keys())):
        for column in columns:
            op.drop_column(table, column.name)


def _of_organisations() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("plan", sa.String(16), nullable=False, server_default="enterprise"),
        sa.Column("requests_per_minute", sa.Integer()),
        sa.Column("max_sessions", sa.Integer()),
        sa.Column("max_streams", sa.Integer()),
        sa.Column("models", sa.JSON()),
        sa.Column("idle_timeout_seconds", sa.Float()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("closed_at", UtcDateTime()),
    )


def _of_keys() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("name", sa.Text(), nullable=False, server_default=""),
        sa.Column("kind", sa.String(16), nullable=False, server_default="internal"),
        sa.Column("scopes", sa.JSON(), nullable=False, server_default='["*:manage","organisations:manage"]'),
        sa.Column("tiers", sa.JSON(), nullable=False, server_default='["administration","operations","reporting"]'),
        sa.Column("agents", sa.JSON()),
        sa.Column("requests_per_minute", sa.Integer()),
        sa.Column("expires_at", UtcDateTime()),
        sa.Column("disabled", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.Column("last_used_at", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
    )
