"""Jobs of clients, and their runs."""

import sqlalchemy as sa
from alembic import op

from outrider.storage.columns import UtcDateTime

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "scheduled_jobs",
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(64), nullable=False),
        sa.Column("external_id", sa.String(10)),
        sa.Column("agent_name", sa.Text()),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("next_run_at", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheduled_jobs")),
    )
    op.create_index(op.f("ix_scheduled_jobs_next_run_at"), "scheduled_jobs", ["next_run_at"])
    op.create_index(
        op.f("ix_scheduled_jobs_organisation_id_created_at"), "scheduled_jobs", ["organisation_id", "created_at"]
    )
    op.create_table(
        "job_runs",
        sa.Column("id", sa.String(128), nullable=False),
        sa.Column("job_id", sa.String(64), nullable=False),
        sa.Column("organisation_id", sa.String(64), nullable=False),
        sa.Column("scheduled_for", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("code", sa.String(64)),
        sa.Column("outcome", sa.Text()),
        sa.ForeignKeyConstraint(
            ["job_id"], ["scheduled_jobs.id"], name=op.f("fk_job_runs_job_id_scheduled_jobs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_runs")),
    )
    op.create_index(op.f("ix_job_runs_job_id"), "job_runs", ["job_id"])
    op.create_index(op.f("ix_job_runs_state"), "job_runs", ["state"])
    op.create_index(op.f("ix_job_runs_organisation_id_scheduled_for"), "job_runs", ["organisation_id", "scheduled_for"])


def downgrade() -> None:
    op.drop_table("job_runs")
    op.drop_table("scheduled_jobs")
