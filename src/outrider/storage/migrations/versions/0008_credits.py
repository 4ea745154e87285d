"""The ledger of credits."""

import sqlalchemy as sa
from alembic import op

from outrider.storage.columns import BigId, UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "credit_transactions",
        sa.Column("id", BigId, nullable=False),
        sa.Column("organisation_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("reference", sa.String(128), nullable=False),
        sa.Column("closes", sa.Boolean(), nullable=False),
        sa.Column("amount", BigId, nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_transactions")),
        sa.UniqueConstraint(
            "organisation_id",
            "reference",
            "closes",
            name=op.f("uq_credit_transactions_organisation_id_reference_closes"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "credit_entries",
        sa.Column("account", sa.String(80), nullable=False),
        sa.Column("sequence", BigId, autoincrement=False, nullable=False),
        sa.Column("transaction_id", BigId, nullable=False),
        sa.Column("amount", BigId, nullable=False),
        sa.Column("balance", BigId, nullable=False),
        sa.PrimaryKeyConstraint("account", "sequence", name=op.f("pk_credit_entries")),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["credit_transactions.id"],
            name=op.f("fk_credit_entries_transaction_id_credit_transactions"),
        ),
        sa.CheckConstraint("balance >= 0 OR account = 'granted'", name=op.f("ck_credit_entries_balance")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_credit_entries_transaction_id"), "credit_entries", ["transaction_id"])
    op.create_table(
        "credit_holds",
        sa.Column("organisation_id", sa.String(64), nullable=False),
        sa.Column("reference", sa.String(128), nullable=False),
        sa.Column("amount", BigId, nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", "reference", name=op.f("pk_credit_holds")),
    )
    op.create_index(op.f("ix_credit_holds_expires_at"), "credit_holds", ["expires_at"])


def downgrade() -> None:
    op.drop_table("credit_holds")
    op.drop_table("credit_entries")
    op.drop_table("credit_transactions")
