"""Credits that tasks cost."""

import sqlalchemy as sa
from alembic import op

from outrider.storage.columns import BigId, UtcDateTime

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("credit_transactions", sa.Column("session_id", sa.String(64)))
    op.add_column("credit_transactions", sa.Column("task_id", BigId))
    with op.batch_alter_table("credit_holds") as holds:
        holds.alter_column("expires_at", existing_type=UtcDateTime(), nullable=True)
        holds.add_column(sa.Column("task_price", BigId))
        holds.add_column(sa.Column("step_price", BigId))


def downgrade() -> None:
    op.execute(sa.text("UPDATE credit_holds SET expires_at = CURRENT_TIMESTAMP WHERE expires_at IS NULL"))
    with op.batch_alter_table("credit_holds") as holds:
        holds.drop_column("step_price")
        holds.drop_column("task_price")
        holds.alter_column("expires_at", existing_type=UtcDateTime(), nullable=False)
    op.drop_column("credit_transactions", "task_id")
    op.drop_column("credit_transactions", "session_id")
