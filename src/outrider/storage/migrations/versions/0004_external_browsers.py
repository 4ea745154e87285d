"""The sealed address of a browser that the caller runs."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("cdp_url", sa.Text()))


def downgrade() -> None:
    op.drop_column("sessions", "cdp_url")
