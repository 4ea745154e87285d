"""Messages as the lists of clients have them: an index by organisation and time of what is shown there."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

_OWNERS: Final = ("shown_to", "usage_of")
_SESSIONS: Final = sa.table("sessions", sa.column("id"), sa.column("organisation_id"), sa.column("state"))
_MESSAGES: Final = sa.table(
    "messages",
    sa.column("session_id"),
    sa.column("type"),
    sa.column("metadata", sa.JSON()),
    *map(sa.column, _OWNERS),
)


def upgrade() -> None:
    for owner in _OWNERS:
        op.add_column("messages", sa.Column(owner, sa.String(64)))
    op.execute(_marked())
    for owner in _OWNERS:
        where = sa.text(f"{owner} IS NOT NULL")
        columns = [owner, "created_at", "session_id", "id", "type"]
        op.create_index(_index(owner), "messages", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for owner in _OWNERS:
        op.drop_index(_index(owner), "messages")
        op.drop_column("messages", owner)


def _index(owner: str) -> str:
    return op.f(f"ix_messages_{owner}_created_at_session_id_id_type")


def _marked() -> sa.Update:
    """What is there gets its organisation, unless its session is deleted or it is hidden; usage, if it tells of any."""
    said = _MESSAGES.c.metadata
    organisation: Any = (
        sa.select(_SESSIONS.c.organisation_id)
        .where(_SESSIONS.c.id == _MESSAGES.c.session_id, _SESSIONS.c.state != "deleted")
        .scalar_subquery()
    )
    hidden = sa.or_(
        *(sa.func.coalesce(said[mark].as_boolean(), sa.false()).is_(True) for mark in ("internal", "image"))
    )
    tells = sa.and_(_MESSAGES.c.type.in_(("DONE", "ERROR")), said["seconds"].as_float().is_not(None))
    return sa.update(_MESSAGES).values(
        shown_to=sa.case((hidden, None), else_=organisation), usage_of=sa.case((tells, organisation), else_=None)
    )
