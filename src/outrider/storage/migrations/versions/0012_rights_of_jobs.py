"""Which key a job stands for. Those that are there so far stand for none: they may use what their organisation may."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("scheduled_jobs", sa.Column("key_id", sa.String(64), nullable=False, server_default=""))
    op.add_column("scheduled_jobs", sa.Column("agents", sa.JSON()))


def downgrade() -> None:
    op.drop_column("scheduled_jobs", "agents")
    op.drop_column("scheduled_jobs", "key_id")
