"""Snapshots of environments, and what a session asks to be restored."""

import sqlalchemy as sa
from alembic import op

from outrider.storage.columns import BigId, UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("restore", sa.String(16)))
    op.create_table(
        "snapshots",
        sa.Column("environment_id", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("blob", sa.String(64), nullable=False),
        sa.Column("size_bytes", BigId, nullable=False),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("environment_id", name=op.f("pk_snapshots")),
    )
    op.create_index(op.f("ix_snapshots_session_id"), "snapshots", ["session_id"])
    op.create_index(op.f("ix_snapshots_saved_at"), "snapshots", ["saved_at"])
    op.create_index(op.f("ix_snapshots_organisation_id_is_default"), "snapshots", ["organisation_id", "is_default"])


def downgrade() -> None:
    op.drop_table("snapshots")
    op.drop_column("sessions", "restore")
