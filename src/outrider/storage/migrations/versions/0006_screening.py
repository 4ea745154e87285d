"""What sessions want of screening, and the audit log."""

import sqlalchemy as sa
from alembic import op

from outrider.storage.columns import BigId, UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("screening", sa.JSON()))
    op.create_table(
        "audit",
        sa.Column("id", BigId, nullable=False),
        sa.Column("organisation_id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("message_id", BigId),
        sa.Column("rule", sa.String(128), nullable=False),
        sa.Column("risk", sa.String(16), nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("excerpt", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_created_at"), "audit", ["created_at"])
    op.create_index(op.f("ix_audit_organisation_id_id"), "audit", ["organisation_id", "id"])
    op.create_index(op.f("ix_audit_session_id_id"), "audit", ["session_id", "id"])


def downgrade() -> None:
    op.drop_table("audit")
    op.drop_column("sessions", "screening")
