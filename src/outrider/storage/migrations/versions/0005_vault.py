"""The vault and payment tokens."""

import sqlalchemy as sa
from alembic import op

from outrider.storage.columns import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    _create_items()
    _create_tokens()


def downgrade() -> None:
    for table in ("payment_tokens", "vault_items"):
        op.drop_table(table)


def _create_items() -> None:
    op.create_table(
        "vault_items",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("has_totp", sa.Boolean(), nullable=False),
        sa.Column("origins", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("last_used_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vault_items")),
        sa.UniqueConstraint("organisation_id", "kind", "name", name=op.f("uq_vault_items_organisation_id_kind_name")),
    )


def _create_tokens() -> None:
    op.create_table(
        "payment_tokens",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(64), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("card_id", sa.String(64), nullable=False),
        sa.Column("card", sa.String(64), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("max_amount", sa.String(32), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("amount", sa.String(32)),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("redeemed_at", UtcDateTime()),
        sa.Column("settled_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_tokens")),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["sessions.id"],
            name=op.f("fk_payment_tokens_session_id_sessions"),
            ondelete="CASCADE",
        ),
    )
    for columns in (["session_id"], ["organisation_id", "created_at"]):
        op.create_index(op.f(f"ix_payment_tokens_{'_'.join(columns)}"), "payment_tokens", columns)
