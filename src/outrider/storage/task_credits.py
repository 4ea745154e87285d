"""Credits of tasks: held by the change of a session that starts a task, settled or released by the one that ends it.

Both are part of the same transaction as the change: whenever the server dies, a task that goes on has its hold, and one
that has ended was paid for once.
"""

from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from outrider.interfaces.credits import Price
from outrider.interfaces.sessions import Change, MessageType, SessionRecord
from outrider.sessions.lifecycle import UNDER_WAY
from outrider.storage.credits import close_hold, place_hold
from outrider.storage.schema import credit_holds, messages

__all__ = ["account_for"]

_HOLD: Final = select(credit_holds).where(
    credit_holds.c.organisation_id == bindparam("organisation_id"), credit_holds.c.reference == bindparam("reference")
)
#: A step begins with the thought behind it.
_STEPS: Final = select(func.count()).where(
    messages.c.session_id == bindparam("session_id"),
    messages.c.id > bindparam("task_id"),
    messages.c.type == MessageType.THOUGHT.value,
)


def account_for(connection: Connection, before: SessionRecord, change: Change, after: SessionRecord) -> None:
    """Hold what the task costs that a change starts, or have the one paid that it ends.

    Raises INSUFFICIENT_CREDITS.
    """
    if change.price is not None and after.task_id != before.task_id:
        _hold(connection, after, change.price)
    elif change.event is not None and before.state in UNDER_WAY and after.state not in UNDER_WAY:
        _close(connection, before, change.event)


def _hold(connection: Connection, session: SessionRecord, price: Price) -> None:
    place_hold(
        connection,
        session.spec.organisation_id,
        price.most,
        _reference(session),
        expires_at=None,
        described={"session_id": session.id, "task_id": session.task_id, "memo": session.spec.agent_name},
        terms={"task_price": price.task, "step_price": price.step},
    )


def _close(connection: Connection, session: SessionRecord, event: str) -> None:
    organisation_id, reference = session.spec.organisation_id, _reference(session)
    named = {"organisation_id": organisation_id, "reference": reference}
    hold = connection.execute(_HOLD, named).one_or_none()
    if hold is None:  # it cost nothing when it began
        return
    steps = connection.execute(_STEPS, {"session_id": session.id, "task_id": session.task_id}).scalar_one()
    charged = min(Price(hold.task_price, hold.step_price).charge(event, steps), hold.amount)
    close_hold(connection, organisation_id, reference, "settle" if charged else "release", charged)


def _reference(session: SessionRecord) -> str:
    return f"task:{session.id}:{session.task_id}"
