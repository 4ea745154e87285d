"""Deliveries of webhooks, outbox and ledger in one, within a transaction."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, bindparam, delete, exists, insert, select, update

from outrider.interfaces.sessions import SessionRecord
from outrider.interfaces.webhooks import (
    Attempt,
    Delivery,
    DeliveryFilter,
    DeliveryStatus,
    Endpoint,
    Outgoing,
    Scope,
    Verdict,
)
from outrider.problems import OutriderError
from outrider.storage.schema import webhook_deliveries, webhook_endpoints
from outrider.storage.webhook_endpoints import endpoint_of, get_endpoint, secrets_of, subscribers, wake
from outrider.webhooks.events import SessionEvent

__all__ = [
    "due_endpoints",
    "find_deliveries",
    "get_delivery",
    "next_delivery",
    "purge_deliveries",
    "record_events",
    "replay_delivery",
    "settle_delivery",
]

#: Attempts that are kept of a delivery, the latest ones.
KEPT_ATTEMPTS: Final = 20
#: Deliveries removed per transaction, so that a purge holds nobody up.
PURGE_GROUP: Final = 500

_PENDING: Final = DeliveryStatus.PENDING.value
_NEXT: Final = (
    select(webhook_deliveries)
    .where(webhook_deliveries.c.endpoint_id == bindparam("endpoint_id"), webhook_deliveries.c.status == _PENDING)
    .order_by(webhook_deliveries.c.id)
    .limit(1)
)
_ENABLED: Final = select(webhook_endpoints).where(
    webhook_endpoints.c.id == bindparam("endpoint_id"), webhook_endpoints.c.enabled
)
_DUE: Final = (
    select(webhook_endpoints.c.id, webhook_endpoints.c.due_at)
    .where(webhook_endpoints.c.enabled, webhook_endpoints.c.due_at.is_not(None))
    .order_by(webhook_endpoints.c.due_at)
    .limit(bindparam("maximum"))
)


def record_events(connection: Connection, session: SessionRecord, events: Sequence[SessionEvent]) -> bool:
    """One pending delivery of each event for each endpoint that wants it; whether there is any."""
    rows: list[dict[str, Any]] = []
    for event in events:
        event_id = f"evt_{uuid.uuid4().hex}"
        for endpoint_id in subscribers(connection, session.spec, event.name):
            rows.append(_new_row(event_id, event, endpoint_id, session))
    if rows:
        connection.execute(insert(webhook_deliveries), rows)
        idle = update(webhook_endpoints).where(webhook_endpoints.c.due_at.is_(None))
        mine = idle.where(webhook_endpoints.c.id.in_({row["endpoint_id"] for row in rows}))
        connection.execute(mine.values(due_at=datetime.now(UTC)))
    return bool(rows)


def _new_row(event_id: str, event: SessionEvent, endpoint_id: str, session: SessionRecord) -> dict[str, Any]:
    return {
        "event_id": event_id,
        "event": event.name,
        "endpoint_id": endpoint_id,
        "organisation_id": session.spec.organisation_id,
        "session_id": session.id,
        "payload": event.payload,
        "status": _PENDING,
        "attempt_count": 0,
        "attempts": [],
        "created_at": datetime.now(UTC),
    }


def due_endpoints(connection: Connection, limit: int) -> tuple[tuple[str, datetime], ...]:
    return tuple((row.id, row.due_at) for row in connection.execute(_DUE, {"maximum": limit}))


def next_delivery(connection: Connection, endpoint_id: str) -> Outgoing | None:
    endpoint = connection.execute(_ENABLED, {"endpoint_id": endpoint_id}).one_or_none()
    row = connection.execute(_NEXT, {"endpoint_id": endpoint_id}).one_or_none()
    if endpoint is None or row is None:
        return None
    found = endpoint_of(endpoint)
    return Outgoing(found, _delivery_of(row), secrets_of(connection, found.signer))


def settle_delivery(connection: Connection, outgoing: Outgoing, attempt: Attempt, verdict: Verdict) -> None:
    delivery, failed = outgoing.delivery, bool(attempt.problem)
    if failed and _began_anew(connection, outgoing.endpoint):
        verdict, failed = Verdict(DeliveryStatus.PENDING), False
    attempts = (*delivery.attempts, attempt)[-KEPT_ATTEMPTS:]
    values = {
        "status": verdict.status.value,
        "attempt_count": delivery.attempt_count + 1,
        "attempts": [_attempt_row(each) for each in attempts],
        "next_attempt_at": verdict.retry_at,
    }
    connection.execute(update(webhook_deliveries).where(webhook_deliveries.c.id == delivery.id).values(**values))
    waits = connection.execute(_NEXT, {"endpoint_id": delivery.endpoint_id}).first() is not None
    after: dict[str, Any] = {
        "failures": webhook_endpoints.c.failures + 1 if failed else 0,
        "due_at": verdict.retry_at or (datetime.now(UTC) if waits else None),
    }
    if verdict.disable:
        after |= {"enabled": False, "disabled_reason": verdict.disable, "failures": 0}
    connection.execute(update(webhook_endpoints).where(webhook_endpoints.c.id == delivery.endpoint_id).values(**after))


def _began_anew(connection: Connection, tried: Endpoint) -> bool:
    """Was the endpoint enabled, or given another URL, while it was tried as it had been?"""
    now = connection.execute(_ENABLED, {"endpoint_id": tried.id}).one_or_none()
    return now is not None and (now.url, now.failures) != (tried.url, tried.failures)


def find_deliveries(
    connection: Connection, organisation_id: str, wanted: DeliveryFilter, limit: int
) -> tuple[Delivery, ...]:
    columns = webhook_deliveries.c
    query = select(webhook_deliveries).where(columns.organisation_id == organisation_id)
    for column, value in (
        (columns.endpoint_id, wanted.endpoint_id),
        (columns.session_id, wanted.session_id),
        (columns.event, wanted.event),
        (columns.status, wanted.status and wanted.status.value),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.before is not None:
        query = query.where(columns.id < wanted.before)
    return tuple(map(_delivery_of, connection.execute(query.order_by(columns.id.desc()).limit(limit))))


def get_delivery(connection: Connection, organisation_id: str, delivery_id: int) -> Delivery:
    query = select(webhook_deliveries).where(
        webhook_deliveries.c.id == delivery_id, webhook_deliveries.c.organisation_id == organisation_id
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise OutriderError("WEBHOOK_DELIVERY_NOT_FOUND", delivery=delivery_id)
    return _delivery_of(row)


def replay_delivery(connection: Connection, organisation_id: str, delivery_id: int) -> Delivery:
    delivery = get_delivery(connection, organisation_id, delivery_id)
    if delivery.status is DeliveryStatus.PENDING:
        raise OutriderError("WEBHOOK_DELIVERY_PENDING", delivery=delivery_id)
    endpoint = get_endpoint(connection, organisation_id, delivery.endpoint_id)
    if not endpoint.enabled:
        raise OutriderError("WEBHOOK_ENDPOINT_DISABLED", endpoint=endpoint.id, reason=endpoint.disabled_reason)
    again = update(webhook_deliveries).where(webhook_deliveries.c.id == delivery_id)
    connection.execute(again.values(status=_PENDING))
    wake(connection, endpoint.id)
    return get_delivery(connection, organisation_id, delivery_id)


def purge_deliveries(connection: Connection, before: datetime) -> int:
    """Remove one group; endpoints of sessions go with their last delivery."""
    columns = webhook_deliveries.c
    enabled = select(webhook_endpoints.c.id).where(webhook_endpoints.c.enabled)
    over = (columns.status != _PENDING) | columns.endpoint_id.not_in(enabled)
    group = select(columns.id).where(columns.created_at < before, over).limit(PURGE_GROUP)
    removed = connection.execute(delete(webhook_deliveries).where(columns.id.in_(group))).rowcount
    left = exists().where(columns.endpoint_id == webhook_endpoints.c.id)
    of_sessions = webhook_endpoints.c.scope == Scope.SESSION.value
    connection.execute(delete(webhook_endpoints).where(of_sessions, ~left))
    return removed


def _delivery_of(row: Row[Any]) -> Delivery:
    return Delivery(
        id=row.id,
        event_id=row.event_id,
        event=row.event,
        endpoint_id=row.endpoint_id,
        session_id=row.session_id,
        payload=row.payload,
        status=DeliveryStatus(row.status),
        attempt_count=row.attempt_count,
        attempts=tuple(map(_attempt_of, row.attempts)),
        next_attempt_at=row.next_attempt_at,
        created_at=row.created_at,
    )


def _attempt_row(attempt: Attempt) -> dict[str, Any]:
    return {
        "at": attempt.at.isoformat(),
        "milliseconds": attempt.milliseconds,
        "status_code": attempt.status_code,
        "answer": attempt.answer,
        "problem": attempt.problem,
    }


def _attempt_of(row: Mapping[str, Any]) -> Attempt:
    return Attempt(**{**row, "at": datetime.fromisoformat(row["at"])})
